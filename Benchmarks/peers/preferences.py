"""Learning a reward from answers about pairs of clips, on the CPU: pairs a second that a network learns from.

200 pairs of clips of 50 steps, 4 observations and 2 actions, a network of 64-64 units, the cross-entropy of Bradley and
Terry, Adam: `imitation` as it is, or the same loss as a plain loop of batches in PyTorch (`--program torch`), where all
clips of a batch are one tensor and each of three networks takes its step in turn.
"""

import peer

peer.enter("imitation")

options = peer.parser(__doc__)
options.add_argument("--program", choices=["imitation", "torch"], default="imitation")
chosen = options.parse_args()
peer.keep_to(chosen.workers)

import numpy
import torch

PAIRS, STEPS, OBSERVATIONS, ACTIONS, BATCH, NETWORKS = 200, 50, 4, 2, 64, 3
torch.set_num_threads(chosen.workers)
random = numpy.random.default_rng(0)


def with_imitation():
    import gymnasium
    from imitation.algorithms import preference_comparisons as comparisons
    from imitation.data.types import TrajectoryWithRew
    from imitation.rewards.reward_nets import BasicRewardNet

    observations = gymnasium.spaces.Box(-1.0, 1.0, (OBSERVATIONS,), numpy.float32)
    network = BasicRewardNet(observations, gymnasium.spaces.Discrete(ACTIONS), hid_sizes=(64, 64))
    model = comparisons.PreferenceModel(network)
    trainer = comparisons.BasicRewardTrainer(
        model, comparisons.CrossEntropyRewardLoss(), rng=random, batch_size=BATCH, epochs=1)

    def clip():
        return TrajectoryWithRew(
            obs=random.uniform(-1, 1, (STEPS + 1, OBSERVATIONS)).astype(numpy.float32),
            acts=random.integers(0, ACTIONS, STEPS), infos=None, terminal=False,
            rews=random.uniform(0, 1, STEPS).astype(numpy.float32))

    data = comparisons.PreferenceDataset()
    data.push([(clip(), clip()) for _ in range(PAIRS)], random.integers(0, 2, PAIRS).astype(numpy.float32))

    def work():
        trainer.train(data)
        return PAIRS

    return work


def with_torch():
    width = OBSERVATIONS + ACTIONS
    clips = torch.rand(PAIRS, 2, STEPS, width)
    targets = torch.randint(0, 2, (PAIRS,)).float()
    networks = [
        torch.nn.Sequential(
            torch.nn.Linear(width, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
            torch.nn.Linear(64, 1), torch.nn.Tanh())
        for _ in range(NETWORKS)]
    optimizers = [torch.optim.Adam(network.parameters(), lr=1e-3) for network in networks]
    loss_of = torch.nn.BCEWithLogitsLoss()

    def work():
        for network, optimizer in zip(networks, optimizers):
            order = torch.randperm(PAIRS)
            for first in range(0, PAIRS, BATCH):
                batch = order[first:first + BATCH]
                returns = network(clips[batch]).sum(dim=(2, 3))
                loss = loss_of(returns[:, 0] - returns[:, 1], targets[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        return PAIRS * NETWORKS

    return work


work = {"imitation": with_imitation, "torch": with_torch}[chosen.program]()
work()
values = peer.rates(work, chosen.seconds, chosen.repeats)
packages = ["torch"] + (["imitation"] if chosen.program == "imitation" else [])
peer.report(chosen.program, "reward of pairs of clips, 50 steps, 64-64", values, "pairs/s", chosen.workers, packages)
