"""XLand-MiniGrid on JAX: random actions under `vmap` and `lax.scan`, observations encoded, automatic reset.

`MiniGrid-...` ids run as they are; `XLand-...` ids get a ruleset of three rules and six objects, in the
style of its "small" benchmark (whose files have to be downloaded and are therefore not used). Several numbers of
environments are tried and the fastest is reported. An observation is summed into the loop's carry, so that
the compiler cannot leave it out.
"""

import os

import peer

peer.enter("jax")


def options():
    parser = peer.parser(__doc__, seconds=2.0, workers=len(os.sched_getaffinity(0)))
    parser.add_argument("id", nargs="?", default="MiniGrid-DoorKey-8x8")
    parser.add_argument("--environments", default="256,1024,4096,8192", help="batch sizes to try [%(default)s]")
    parser.add_argument("--devices", type=int, help="host devices that each run such a batch [one a core]")
    chosen = parser.parse_args()
    chosen.devices = chosen.devices or chosen.workers
    return chosen


chosen = options()
peer.keep_to(chosen.workers)
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={chosen.devices}"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import xminigrid
from xminigrid.core.constants import Colors, Tiles
from xminigrid.core.goals import TileNearGoal
from xminigrid.core.rules import AgentHoldRule, AgentNearRule, TileNearRule
from xminigrid.types import RuleSet
from xminigrid.wrappers import GymAutoResetWrapper

jax.config.update("jax_default_prng_impl", "unsafe_rbg")


def ruleset():
    """A goal that needs a chain of three rules, and six objects to begin with, two of them distractors."""
    def tile(kind, color):
        return jnp.array((kind, color), dtype=jnp.uint8)

    ball, square = tile(Tiles.BALL, Colors.RED), tile(Tiles.SQUARE, Colors.BLUE)
    pyramid, key = tile(Tiles.PYRAMID, Colors.GREEN), tile(Tiles.KEY, Colors.YELLOW)
    hexagon, star = tile(Tiles.HEX, Colors.PURPLE), tile(Tiles.STAR, Colors.PINK)
    rules = [TileNearRule(tile_a=ball, tile_b=square, prod_tile=hexagon),
             AgentHoldRule(tile=hexagon, prod_tile=star), AgentNearRule(tile=pyramid, prod_tile=key)]
    return RuleSet(
        goal=TileNearGoal(tile_a=star, tile_b=key).encode(),
        rules=jnp.stack([rule.encode() for rule in rules]),
        init_tiles=jnp.stack([ball, square, pyramid, ball, tile(Tiles.HEX, Colors.GREY), tile(Tiles.STAR, Colors.RED)]))


def measure(count):
    steps = max(16, 131072 // count)
    game, rules = xminigrid.make(chosen.id)
    if chosen.id.startswith("XLand"):
        rules = rules.replace(ruleset=ruleset())
    game = GymAutoResetWrapper(game)
    actions = game.num_actions(rules)

    def begin(key):
        return jax.vmap(game.reset, (None, 0))(rules, jax.random.split(key, count))

    def play(timestep, key):
        drawn = jax.random.randint(key, (steps, count), 0, actions)

        def step(carry, row):
            timestep, seen = carry
            timestep = jax.vmap(game.step, (None, 0, 0))(rules, timestep, row)
            return (timestep, seen + timestep.observation.sum(dtype=jnp.int32) + timestep.reward.sum()), None

        (timestep, seen), _ = jax.lax.scan(step, (timestep, 0.0), drawn)
        return timestep, seen

    keys = jax.random.split(jax.random.key(1), chosen.devices)
    if chosen.devices > 1:
        begin, play = jax.pmap(begin), jax.pmap(play)
    else:
        begin, play, keys = jax.jit(begin), jax.jit(play), keys[0]
    timestep = begin(keys)

    def run():
        nonlocal timestep
        timestep, seen = jax.block_until_ready(play(timestep, keys))
        return steps * count * chosen.devices

    run()
    return peer.rates(run, chosen.seconds, chosen.repeats)


def main():
    found = {int(size): measure(int(size)) for size in chosen.environments.split(",")}
    best = max(found, key=lambda size: max(found[size]))
    peer.report("XLand-MiniGrid", chosen.id, found[best], "steps/s", chosen.workers, ["xminigrid", "jax", "jaxlib"],
                environments=best, devices=chosen.devices,
                others={str(size): round(max(found[size])) for size in found})


main()
