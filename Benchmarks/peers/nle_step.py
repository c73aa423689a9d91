"""NLE in Python: random task actions, six arrays, an episode begun whenever one ends."""

import warnings

import peer

peer.enter("nle")

import gymnasium
import nle  # noqa: F401  (registers its ids)
import numpy

FIELDS = ("glyphs", "chars", "colors", "specials", "blstats", "message")


def main():
    options = peer.parser(__doc__)
    options.add_argument("id", nargs="?", default="NetHackScore-v0")
    chosen = options.parse_args()
    peer.keep_to(1)
    warnings.filterwarnings("ignore")
    environment = gymnasium.make(chosen.id, disable_env_checker=True, observation_keys=FIELDS).unwrapped
    actions = numpy.random.default_rng(1).integers(environment.action_space.n, size=4096).tolist()
    environment.seed(core=1, disp=1, reseed=False)
    environment.reset()

    def play():
        for action in actions:
            _, _, terminated, truncated, _ = environment.step(action)
            if terminated or truncated:
                environment.reset()
        return len(actions)

    play()
    peer.report("NLE", chosen.id, peer.rates(play, chosen.seconds, chosen.repeats), "steps/s", 1, ["nle", "gymnasium", "numpy"])


main()
