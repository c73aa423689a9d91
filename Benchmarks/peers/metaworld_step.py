"""MetaWorld in Python: random actions in one task, 39 numbers and the dense reward, an episode begun after each."""

import warnings

import peer

peer.enter("metaworld")

import metaworld
import numpy


def main():
    options = peer.parser(__doc__)
    options.add_argument("id", nargs="?", default="pick-place-v3")
    chosen = options.parse_args()
    peer.keep_to(1)
    warnings.filterwarnings("ignore")
    benchmark = metaworld.MT1(chosen.id, seed=1)
    environment = benchmark.train_classes[chosen.id]()
    environment.set_task(benchmark.train_tasks[0])
    actions = numpy.random.default_rng(1).uniform(-1, 1, (512, 4)).astype(numpy.float32)
    environment.reset()
    steps = 0

    def play():
        nonlocal steps
        for action in actions:
            environment.step(action)
            steps += 1
            # It refuses a step after its 500th.
            if steps == 500:
                environment.reset()
                steps = 0
        return len(actions)

    play()
    peer.report("MetaWorld", chosen.id, peer.rates(play, chosen.seconds, chosen.repeats), "steps/s", 1,
                ["metaworld", "mujoco", "numpy"])


main()
