"""MiniGrid in Python: random actions, the encoded partial view, an episode begun whenever one ends."""

import peer

peer.enter("environments")

import gymnasium
import minigrid  # noqa: F401  (registers its ids)
import numpy


def main():
    options = peer.parser(__doc__)
    options.add_argument("id", nargs="?", default="MiniGrid-DoorKey-8x8-v0")
    chosen = options.parse_args()
    peer.keep_to(1)
    environment = gymnasium.make(chosen.id).unwrapped
    actions = numpy.random.default_rng(1).integers(environment.action_space.n, size=4096).tolist()
    environment.reset(seed=1)

    def play():
        for action in actions:
            _, _, terminated, truncated, _ = environment.step(action)
            if terminated or truncated:
                environment.reset()
        return len(actions)

    play()
    peer.report("MiniGrid", chosen.id, peer.rates(play, chosen.seconds, chosen.repeats), "steps/s", 1,
                ["minigrid", "gymnasium", "numpy"])


main()
