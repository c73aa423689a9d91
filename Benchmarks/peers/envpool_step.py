"""EnvPool's C++ environments behind its thread pool: random actions, observations in NumPy buffers.

Several batch sizes are tried and the fastest is reported. EnvPool resets on the step after an episode's end;
those steps are counted in its favour.
"""

import peer

peer.enter("environments")

import envpool
import numpy


def measure(name, environments, threads, seconds, repeats):
    pool = envpool.make(name, env_type="gymnasium", num_envs=environments, num_threads=threads, seed=1)
    random = numpy.random.default_rng(1)
    space = pool.action_space
    if hasattr(space, "n"):
        actions = [random.integers(space.n, size=environments) for _ in range(64)]
    else:
        shape = (environments, *space.shape)
        actions = [random.uniform(space.low, space.high, shape).astype(space.dtype) for _ in range(64)]
    pool.reset()

    def play():
        for action in actions:
            pool.step(action)
        return environments * len(actions)

    play()
    return peer.rates(play, seconds, repeats)


def main():
    options = peer.parser(__doc__, seconds=2.0)
    options.add_argument("id", nargs="?", default="MiniGrid-DoorKey-8x8-v0")
    options.add_argument("--environments", default="64,256,1024", help="batch sizes to try [%(default)s]")
    chosen = options.parse_args()
    peer.keep_to(chosen.workers)
    found = {int(size): measure(chosen.id, int(size), chosen.workers, chosen.seconds, chosen.repeats)
             for size in chosen.environments.split(",")}
    best = max(found, key=lambda size: max(found[size]))
    peer.report("EnvPool", chosen.id, found[best], "steps/s", chosen.workers, ["envpool", "numpy"],
                environments=best, others={str(size): round(max(found[size])) for size in found})


main()
