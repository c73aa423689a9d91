"""The loss that `forage bench --preferences` minimises, as a plain PyTorch loop over minibatches on the CPU.

200 pairs of clips of 50 steps, six numbers a step, networks of 64-64 rectifiers whose output's tanh is the reward,
cross-entropy of Bradley and Terry with a penalty on the rewards' squares, Adam, minibatches of 64 pairs; each network
with an order of its own. A pair counts once a pass when all networks have passed over it.
"""

import peer

peer.enter("imitation")

options = peer.parser(__doc__)
options.add_argument("--networks", type=int, default=3, help="of the ensemble [%(default)s]")
options.add_argument("--threads", type=int, help="PyTorch's threads [one a core]")
options.add_argument("--together", action="store_true", help="all networks in one batched product")
chosen = options.parse_args()
peer.keep_to(chosen.workers)

import torch
from torch import nn

PAIRS, STEPS, WIDTH, PASSES, MINIBATCH, PENALTY = 200, 50, 6, 3, 64, 0.01


def loss(rewards, target):
    """`rewards`: [..., pairs, 2, steps]."""
    returns = rewards.sum(-1)
    margin = returns[..., 0] - returns[..., 1]
    return nn.functional.binary_cross_entropy_with_logits(margin, target) + \
        PENALTY * rewards.square().sum((-1, -2)).mean()


class Stack(nn.Module):
    """All networks in one: a product a layer for all of them."""

    def __init__(self, count):
        super().__init__()
        layers = [[nn.Linear(WIDTH, 64), nn.Linear(64, 64), nn.Linear(64, 1)] for _ in range(count)]
        self.weights = nn.ParameterList(
            nn.Parameter(torch.stack([net[i].weight.T.detach() for net in layers])) for i in range(3))
        self.biases = nn.ParameterList(
            nn.Parameter(torch.stack([net[i].bias.detach() for net in layers])[:, None]) for i in range(3))

    def forward(self, steps):
        for i in range(3):
            steps = torch.baddbmm(self.biases[i], steps, self.weights[i])
            steps = steps.relu() if i < 2 else steps.tanh()
        return steps


def main():
    torch.set_num_threads(chosen.threads or chosen.workers)
    torch.manual_seed(1)
    clips = torch.randn(PAIRS, 2, STEPS, WIDTH)
    worth = clips[..., 0].sum(-1)
    target = (worth[:, 0] > worth[:, 1]).float()

    def together():
        stack = Stack(chosen.networks)
        optimizer = torch.optim.Adam(stack.parameters(), lr=1e-3)

        def batch():
            for _ in range(PASSES):
                order = torch.stack([torch.randperm(PAIRS) for _ in range(chosen.networks)])
                for part in order.split(MINIBATCH, dim=1):
                    rewards = stack(clips[part].reshape(chosen.networks, -1, WIDTH))
                    value = loss(rewards.reshape(chosen.networks, -1, 2, STEPS), target[part]) * chosen.networks
                    optimizer.zero_grad()
                    value.backward()
                    optimizer.step()
            return PASSES * PAIRS

        return batch

    def one_by_one():
        networks = [
            nn.Sequential(nn.Linear(WIDTH, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1), nn.Tanh())
            for _ in range(chosen.networks)]
        optimizers = [torch.optim.Adam(network.parameters(), lr=1e-3) for network in networks]

        def batch():
            for network, optimizer in zip(networks, optimizers):
                for _ in range(PASSES):
                    for part in torch.randperm(PAIRS).split(MINIBATCH):
                        value = loss(network(clips[part])[..., 0], target[part])
                        optimizer.zero_grad()
                        value.backward()
                        optimizer.step()
            return PASSES * PAIRS

        return batch

    batch = (together if chosen.together else one_by_one)()
    batch()
    peer.report("PyTorch", f"200 pairs of 50 steps, {chosen.networks} x 64-64",
                peer.rates(batch, chosen.seconds, chosen.repeats), "pairs/s", chosen.workers, ["torch"],
                threads=chosen.threads or chosen.workers)


main()
