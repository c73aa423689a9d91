"""Proximal policy optimization compiled whole by JAX: gymnax's CartPole, networks and updates in one program.

The same work as `forage bench --training ppo`: 64 environments x 128 steps an iteration, 4 epochs of 4
minibatches, an actor and a critic of two 64-unit tanh layers each, Adam (epsilon 1e-5) with a linearly annealed
rate, global norm clipped at 0.5, generalized advantage estimation, clipped value loss, advantages normalized a
minibatch. A truncated episode bootstraps from its final observation.

Written to be fast on a CPU: parameters and Adam's moments are one flat vector, the random numbers of a rollout
are drawn at once, one permutation is gathered once an epoch. XLA's own threads do not help with matrices this
small, so that with two cores the environments are split over two host devices, which average their gradients at
every update; `--generator` chooses the random generator. The defaults are the fastest found.
"""

import os

import peer

peer.enter("jax")


def options():
    parser = peer.parser(__doc__, workers=len(os.sched_getaffinity(0)))
    parser.add_argument("--iterations", type=int, default=100, help="iterations of one training run [%(default)s]")
    parser.add_argument("--devices", type=int, help="host devices the environments are split over [one a core]")
    parser.add_argument("--generator", default="unsafe_rbg", choices=["threefry2x32", "rbg", "unsafe_rbg"])
    parser.add_argument("--flags", default="", help="further XLA_FLAGS, as --flags=--xla_...")
    chosen = parser.parse_args()
    chosen.devices = chosen.devices or chosen.workers
    return chosen


chosen = options()
peer.keep_to(chosen.workers)
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={chosen.devices} {chosen.flags}"
os.environ["JAX_PLATFORMS"] = "cpu"

import gymnax
import jax
import jax.numpy as jnp
import numpy

jax.config.update("jax_default_prng_impl", chosen.generator)

ENVIRONMENTS, STEPS, EPOCHS, MINIBATCHES = 64, 128, 4, 4
DISCOUNT, LAMBDA, CLIP, ENTROPY, VALUE, NORM, RATE = 0.99, 0.95, 0.2, 0.01, 0.5, 0.5, 2.5e-3
ACTOR, CRITIC = [4, 64, 64, 2], [4, 64, 64, 1]
game, rules = gymnax.make("CartPole-v1")


def initial_parameters(key):
    """Orthogonal weights, gain sqrt(2) within, 0.01 for the logits, 1 for the value; biases zero; one vector."""
    pieces = []
    for sizes, last in ((ACTOR, 0.01), (CRITIC, 1.0)):
        for layer, (rows, columns) in enumerate(zip(sizes, sizes[1:])):
            key, draw = jax.random.split(key)
            gain = last if layer == len(sizes) - 2 else 2 ** 0.5
            pieces += [jax.nn.initializers.orthogonal(gain)(draw, (rows, columns)).ravel(), jnp.zeros(columns)]
    return jnp.concatenate(pieces)


def layers(flat):
    """The flat vector cut into [(weights, bias)] of the actor and of the critic."""
    offset, networks = 0, []
    for sizes in (ACTOR, CRITIC):
        network = []
        for rows, columns in zip(sizes, sizes[1:]):
            weights = flat[offset:offset + rows * columns].reshape(rows, columns)
            offset += rows * columns
            network.append((weights, flat[offset:offset + columns]))
            offset += columns
        networks.append(network)
    return networks


def forward(network, inputs):
    for weights, bias in network[:-1]:
        inputs = jnp.tanh(inputs @ weights + bias)
    weights, bias = network[-1]
    return inputs @ weights + bias


def loss(flat, batch):
    """The clipped surrogate, the clipped value loss and the entropy of one minibatch."""
    observations, actions, old_log, old_value, advantages, targets = batch
    actor, critic = layers(flat)
    log = jax.nn.log_softmax(forward(actor, observations))
    value = forward(critic, observations)[:, 0]
    mean = across(jnp.mean(advantages))
    deviation = jnp.sqrt(across(jnp.mean((advantages - mean) ** 2)))
    advantages = (advantages - mean) / (deviation + 1e-8)
    ratio = jnp.exp(jnp.where(actions == 0, log[:, 0], log[:, 1]) - old_log)
    policy = -jnp.minimum(ratio * advantages, jnp.clip(ratio, 1 - CLIP, 1 + CLIP) * advantages).mean()
    clipped = old_value + jnp.clip(value - old_value, -CLIP, CLIP)
    error = 0.5 * jnp.maximum((value - targets) ** 2, (clipped - targets) ** 2).mean()
    entropy = -(jnp.exp(log) * log).sum(-1).mean()
    return policy + VALUE * error - ENTROPY * entropy


def across(value):
    """The mean over host devices, which is the value itself on one."""
    return jax.lax.pmean(value, "devices") if chosen.devices > 1 else value


def rollout(flat, states, observations, key):
    """128 steps of every environment: the arrays to learn from, each [steps, environments, ...]."""
    actor, critic = layers(flat)
    count = observations.shape[0]
    noise_key, reset_key = jax.random.split(key)
    noise = jax.random.logistic(noise_key, (STEPS, count))
    keys = jax.random.split(reset_key, (STEPS, count))

    def step(carry, drawn):
        states, observations = carry
        noise, keys = drawn
        log = jax.nn.log_softmax(forward(actor, observations))
        actions = (log[:, 1] - log[:, 0] > noise).astype(jnp.int32)
        chance = jnp.where(actions == 0, log[:, 0], log[:, 1])
        before = states.time
        following, states, rewards, terminated, truncated, info = jax.vmap(game.step, (0, 0, 0, None))(
            keys, states, actions, rules)
        ended_length = (before + 1) * (terminated | truncated)
        row = (observations, actions, chance, rewards, terminated, truncated, info["final_observation"])
        return (states, following), (*row, ended_length)

    (states, following), rows = jax.lax.scan(step, (states, observations), (noise, keys))
    observations, actions, log, rewards, terminated, truncated, final, lengths = rows
    values = forward(critic, jnp.concatenate([observations, following[None]]))[..., 0]
    ended = terminated | truncated
    # CartPole's time limit: the critic is asked about the final observation only where an episode was cut.
    ahead = jnp.where(truncated & ~terminated, forward(critic, final)[..., 0], values[1:] * ~ended)
    delta = rewards + DISCOUNT * ahead - values[:-1]

    def back(advantage, row):
        delta, ended = row
        advantage = delta + DISCOUNT * LAMBDA * ~ended * advantage
        return advantage, advantage

    _, advantages = jax.lax.scan(back, jnp.zeros(count), (delta, ended), reverse=True, unroll=8)
    batch = (observations, actions, log, values[:-1], advantages, advantages + values[:-1])
    return states, following, batch, jnp.stack([lengths.sum(), ended.sum()])


def iteration(carry, number):
    flat, first, second, states, observations, key = carry
    key, rollout_key, *epoch_keys = jax.random.split(key, 2 + EPOCHS)
    states, observations, batch, episodes = rollout(flat, states, observations, rollout_key)
    batch = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), batch)
    rate = RATE * (1 - number / chosen.iterations)
    rows = batch[0].shape[0]

    def update(carry, minibatch):
        flat, first, second, count = carry
        gradient = across(jax.grad(loss)(flat, minibatch))
        gradient *= jnp.minimum(1, NORM / (jnp.linalg.norm(gradient) + 1e-6))
        count += 1
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient ** 2
        step = (first / (1 - 0.9 ** count)) / (jnp.sqrt(second / (1 - 0.999 ** count)) + 1e-5)
        return (flat - rate * step, first, second, count), None

    def epoch(carry, epoch_key):
        order = jax.random.permutation(epoch_key, rows)
        shuffled = jax.tree.map(
            lambda x: x[order].reshape(MINIBATCHES, rows // MINIBATCHES, *x.shape[1:]), batch)
        return jax.lax.scan(update, carry, shuffled)

    start = (flat, first, second, (number * EPOCHS * MINIBATCHES).astype(jnp.float32))
    (flat, first, second, _), _ = jax.lax.scan(epoch, start, jnp.stack(epoch_keys))
    return (flat, first, second, states, observations, key), episodes


def train(flat, key):
    """A whole training run; for each iteration the summed length of the episodes that ended, and their number."""
    count = ENVIRONMENTS // chosen.devices
    key, draw = jax.random.split(key)
    observations, states = jax.vmap(game.reset, (0, None))(jax.random.split(draw, count), rules)
    carry = (flat, jnp.zeros_like(flat), jnp.zeros_like(flat), states, observations, key)
    carry, episodes = jax.lax.scan(iteration, carry, jnp.arange(chosen.iterations))
    return carry[0], episodes


def main():
    if chosen.devices > 1:
        compiled = jax.pmap(train, axis_name="devices", in_axes=(None, 0))
    else:
        compiled = jax.jit(train)
    steps = chosen.iterations * ENVIRONMENTS * STEPS
    returns = []

    def run():
        key = jax.random.key(len(returns))
        keys = jax.random.split(key, chosen.devices) if chosen.devices > 1 else key
        _, episodes = jax.block_until_ready(compiled(initial_parameters(key), keys))
        length, count = numpy.asarray(episodes).reshape(-1, chosen.iterations, 2)[:, -10:].sum((0, 1))
        returns.append(length / count)  # CartPole pays 1 a step
        return steps

    run()
    peer.report("JAX (gymnax)", f"PPO CartPole-v1 {ENVIRONMENTS}x{STEPS}", peer.rates(run, chosen.seconds, chosen.repeats),
                "steps/s", chosen.workers, ["jax", "jaxlib", "gymnax"],
                meanReturn=round(float(numpy.median(returns)), 1), stepsOfARun=steps,
                devices=chosen.devices, generator=chosen.generator, flags=chosen.flags)


main()
