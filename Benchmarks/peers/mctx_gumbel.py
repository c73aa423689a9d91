"""mctx's Gumbel MuZero search, compiled by JAX: 256 roots of 32 simulations under a two-layer network.

The model is one hidden layer of `--width` units over a latent state of the same width, with heads for the
policy, the value and the reward: as small as a learnt model gets, so that the search itself is what is timed.
Two host devices of one core each are faster here than one device with two threads.
"""

import os

import peer

peer.enter("jax")


def options():
    parser = peer.parser(__doc__, workers=len(os.sched_getaffinity(0)))
    parser.add_argument("--roots", type=int, default=256)
    parser.add_argument("--simulations", type=int, default=32)
    parser.add_argument("--actions", type=int, default=7)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--devices", type=int, help="host devices the roots are split over [one a core]")
    chosen = parser.parse_args()
    chosen.devices = chosen.devices or chosen.workers
    return chosen


chosen = options()
peer.keep_to(chosen.workers)
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={chosen.devices}"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import mctx

jax.config.update("jax_default_prng_impl", "unsafe_rbg")


def main():
    width, actions = chosen.width, chosen.actions
    keys = jax.random.split(jax.random.key(1), 4)
    scale = width ** -0.5
    parameters = (jax.random.normal(keys[0], (width + actions, width)) * scale,
                  jax.random.normal(keys[1], (width, actions + 2)) * scale)
    latent = jax.random.normal(keys[2], (chosen.devices, chosen.roots // chosen.devices, width))

    def model(parameters, key, action, latent):
        hidden, heads = parameters
        latent = jnp.tanh(latent @ hidden[:width] + hidden[width:][action])
        out = latent @ heads
        step = mctx.RecurrentFnOutput(
            reward=out[:, actions], discount=jnp.full(action.shape, 0.99),
            prior_logits=out[:, :actions], value=out[:, actions + 1])
        return step, latent

    def search(parameters, key, latent):
        out = latent @ parameters[1]
        root = mctx.RootFnOutput(prior_logits=out[:, :actions], value=out[:, actions + 1], embedding=latent)
        return mctx.gumbel_muzero_policy(parameters, key, root, model, chosen.simulations).action_weights

    if chosen.devices > 1:
        compiled, batch = jax.pmap(search, in_axes=(None, None, 0)), latent
    else:
        compiled, batch = jax.jit(search), latent[0]

    def run():
        jax.block_until_ready(compiled(parameters, keys[3], batch))
        return chosen.roots * chosen.simulations

    run()
    what = f"Gumbel MuZero, {chosen.roots} roots x {chosen.simulations} simulations, {actions} actions, width {width}"
    peer.report("mctx", what, peer.rates(run, chosen.seconds, chosen.repeats), "simulations/s", chosen.workers,
                ["mctx", "jax", "jaxlib"], devices=chosen.devices)


main()
