"""Bandit algorithms in batched numpy: all repetitions advance together, a pull of each a step.

Ten Bernoulli arms, nine 0.4 and one 0.6; `--repetitions` are shared out to `--workers` processes. Thompson sampling
draws ten fresh Beta numbers a pull.
"""

import peer

peer.enter("bandits")

import multiprocessing
import time

import numpy as np

ARMS = 10


def ucb1(random, repetitions, steps):
    counts = np.zeros((repetitions, ARMS))
    sums = np.zeros((repetitions, ARMS))
    rows = np.arange(repetitions)
    means = np.full(ARMS, 0.4)
    means[0] = 0.6
    regret = 0.0
    for t in range(steps):
        if t < ARMS:
            arm = np.full(repetitions, t)
        else:
            arm = np.argmax(sums / counts + np.sqrt(2 * np.log(t) / counts), axis=1)
        reward = random.random(repetitions) < means[arm]
        counts[rows, arm] += 1
        sums[rows, arm] += reward
        regret += (0.6 - means[arm]).mean()
    return regret


def thompson(random, repetitions, steps):
    wins = np.ones((repetitions, ARMS))
    losses = np.ones((repetitions, ARMS))
    rows = np.arange(repetitions)
    means = np.full(ARMS, 0.4)
    means[0] = 0.6
    regret = 0.0
    for _ in range(steps):
        arm = np.argmax(random.beta(wins, losses), axis=1)
        reward = random.random(repetitions) < means[arm]
        wins[rows, arm] += reward
        losses[rows, arm] += ~reward
        regret += (0.6 - means[arm]).mean()
    return regret


def work(task):
    name, seed, repetitions, steps = task
    return {"ucb1": ucb1, "thompson": thompson}[name](np.random.default_rng(seed), repetitions, steps)


def main():
    options = peer.parser(__doc__, workers=2)
    options.add_argument("algorithm", choices=["ucb1", "thompson"])
    options.add_argument("--repetitions", type=int, default=1000)
    options.add_argument("--steps", type=int, default=1000)
    chosen = options.parse_args()
    peer.keep_to(chosen.workers)
    share = chosen.repetitions // chosen.workers
    with multiprocessing.Pool(chosen.workers) as pool:
        tasks = [(chosen.algorithm, seed, share, chosen.steps) for seed in range(chosen.workers)]
        pool.map(work, [(name, seed, share, 20) for name, seed, share, _ in tasks], chunksize=1)

        def batch():
            pool.map(work, tasks, chunksize=1)
            return share * chosen.workers * chosen.steps

        values = peer.rates(batch, chosen.seconds, chosen.repeats)
    peer.report("numpy", f"{chosen.algorithm}, {chosen.repetitions} repetitions as one batch", values, "pulls/s",
                chosen.workers, ["numpy"])


if __name__ == "__main__":
    main()
