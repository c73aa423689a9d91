"""Stable-Baselines3's SAC, PyTorch on the CPU: updates a second, without any environment.

39 observations, 4 actions, minibatches of 256, an actor and two critics of 256-256 units, one update after another
on a full buffer of random transitions: what `forage bench --training sac` does, whose time includes its steps.
`limit` is what one core could do: the products of PyTorch on large matrices, over the arithmetic that no
implementation saves.
"""

import time

import peer

peer.enter("sb3")

chosen = peer.parser(__doc__, seconds=5.0).parse_args()
peer.keep_to(chosen.workers)

import gymnasium
import numpy
import torch
from stable_baselines3 import SAC
from stable_baselines3.common.logger import configure

OBSERVATIONS, ACTIONS, BATCH, UNITS = 39, 4, 256, 256


class Still(gymnasium.Env):
    """Only its spaces matter: the buffer is filled by hand."""

    observation_space = gymnasium.spaces.Box(-1.0, 1.0, (OBSERVATIONS,), numpy.float32)
    action_space = gymnasium.spaces.Box(-1.0, 1.0, (ACTIONS,), numpy.float32)

    def reset(self, seed=None, options=None):
        return numpy.zeros(OBSERVATIONS, numpy.float32), {}

    def step(self, action):
        return numpy.zeros(OBSERVATIONS, numpy.float32), 0.0, False, False, {}


def learner():
    made = SAC("MlpPolicy", Still(), seed=0, device="cpu", buffer_size=10_000, batch_size=BATCH,
               policy_kwargs={"net_arch": [UNITS, UNITS]})
    made.set_logger(configure(None, []))
    random = numpy.random.default_rng(0)
    draw = lambda width: random.uniform(-1, 1, (1, width)).astype(numpy.float32)
    for _ in range(2_000):
        made.replay_buffer.add(draw(OBSERVATIONS), draw(OBSERVATIONS), draw(ACTIONS), draw(1)[0], numpy.zeros(1), [{}])
    return made


def arithmetic():
    """Operations of one update: what each pass of a row multiplies, forward, down to the input, and for weights."""
    def network(inputs, outputs):
        layers = [inputs * UNITS, UNITS * UNITS, UNITS * outputs]
        return sum(layers), sum(layers[1:]), layers[0]
    actor, actor_down, _ = network(OBSERVATIONS, 2 * ACTIONS)
    critic, critic_down, critic_first = network(OBSERVATIONS + ACTIONS, 1)
    # Targets; critics forward, their weights, down; the actor's step: forward, both critics, down one of them to the
    # action, the actor's weights and down.
    products = (actor + 2 * critic) + 2 * (critic + critic + critic_down) \
        + (actor + 2 * critic + critic_down + critic_first + actor + actor_down)
    return 2 * BATCH * products


def limit(seconds=0.5):
    """Updates a second at the rate of large products."""
    size = 1024
    left, right = torch.randn(size, size), torch.randn(size, size)
    work = lambda: (torch.mm(left, right), 2 * size ** 3)[1]
    work()
    return max(peer.rates(work, seconds, 3)) / arithmetic()


def main():
    torch.set_num_threads(chosen.workers)
    made = learner()
    made.train(gradient_steps=20, batch_size=BATCH)

    def work():
        made.train(gradient_steps=20, batch_size=BATCH)
        return 20

    found = peer.rates(work, chosen.seconds, chosen.repeats)
    peer.report("Stable-Baselines3", "SAC 39 observations, batch 256, 256-256", found,
                "updates/s", chosen.workers, ["stable_baselines3", "torch", "gymnasium"], limit=round(limit(), 1),
                megaflops=round(arithmetic() / 1e6))


main()
