"""imitation's reward training from preferences, PyTorch on the CPU: `forage bench --preferences` with one network.

200 pairs of fragments of 50 steps, six numbers a step, a network of 64-64 units, passes of minibatches of 64 pairs with
Adam; a pair counts once a pass.
"""

import peer

peer.enter("imitation")

import time

options = peer.parser(__doc__)
options.add_argument("--threads", type=int, help="PyTorch's threads [one a core]")
options.add_argument("--minibatch", type=int, default=64, help="pairs of a step of the optimizer [%(default)s]")
chosen = options.parse_args()
peer.keep_to(chosen.workers)

import gymnasium as gym
import numpy as np
import torch
from imitation.algorithms import preference_comparisons as comparisons
from imitation.data.types import TrajectoryWithRew
from imitation.rewards.reward_nets import BasicRewardNet
from imitation.util import logger

PAIRS, STEPS, PASSES = 200, 50, 3


def fragment(random):
    observations = random.normal(size=(STEPS + 1, 4)).astype(np.float32)
    return TrajectoryWithRew(
        obs=observations, acts=random.integers(0, 2, STEPS), infos=None, terminal=False,
        rews=observations[:STEPS, 0].copy())


def main():
    torch.set_num_threads(chosen.threads or chosen.workers)
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    games = gym.make("CartPole-v1")
    network = BasicRewardNet(games.observation_space, games.action_space, hid_sizes=(64, 64))
    trainer = comparisons.BasicRewardTrainer(
        comparisons.PreferenceModel(network), comparisons.CrossEntropyRewardLoss(), rng=random,
        batch_size=chosen.minibatch, epochs=PASSES, custom_logger=logger.configure("/tmp/forage-imitation", []))
    asked = [(fragment(random), fragment(random)) for _ in range(PAIRS)]
    told = np.array([float(a.rews.sum() > b.rews.sum()) for a, b in asked], dtype=np.float32)
    data = comparisons.PreferenceDataset()
    data.push(asked, told)
    losses = []

    def batch():
        trainer.train(data)
        return PASSES * PAIRS

    batch()
    values = peer.rates(batch, chosen.seconds, chosen.repeats)
    with torch.no_grad():
        predicted, _ = comparisons.PreferenceModel(network)(asked)
    right = float(((predicted.numpy() > 0.5) == (told > 0.5)).mean())
    peer.report("imitation", "200 pairs of 50 steps, 64-64", values, "pairs/s", chosen.workers,
                ["imitation", "torch"], explained=round(right, 3), minibatch=chosen.minibatch)


main()
