"""PyMAB's compiled core: ten Bernoulli arms, nine 0.4 and one 0.6, one core."""

import peer

peer.enter("bandits")

import numpy as np
from pymab import BanditEnvironment, BernoulliReward, Experiment, ExperimentConfig
from pymab.policies.thompson_sampling import BernoulliThompsonSamplingPolicy
from pymab.policies.ucb import UCBPolicy


def main():
    options = peer.parser(__doc__)
    options.add_argument("algorithm", choices=["ucb1", "thompson"])
    options.add_argument("--repetitions", type=int, default=10)
    options.add_argument("--steps", type=int, default=10_000)
    chosen = options.parse_args()
    peer.keep_to(1)
    kind = {"ucb1": UCBPolicy, "thompson": BernoulliThompsonSamplingPolicy}[chosen.algorithm]
    seeds = iter(range(1_000_000))

    def batch():
        experiment = Experiment(
            environment=BanditEnvironment(means=np.array([0.6] + [0.4] * 9), reward_model=BernoulliReward()),
            policies={"arm": kind(n_arms=10)},
            config=ExperimentConfig(horizon=chosen.steps, n_replicates=chosen.repetitions, seed=next(seeds)))
        experiment.run()
        return chosen.repetitions * chosen.steps

    peer.report("PyMAB", f"{chosen.algorithm}, {chosen.repetitions} repetitions",
                peer.rates(batch, chosen.seconds, chosen.repeats), "pulls/s", 1, ["pymab", "numpy"])


main()
