"""Stable-Baselines3's PPO on CartPole-v1, PyTorch on the CPU, environments in one process.

`--configuration default` is what its README starts with (8 environments x 2048 steps, 10 epochs of minibatches
of 64); `ours` is `forage bench --training ppo`'s work: 64 environments x 128 steps, 4 epochs of 4 minibatches.
The rate is environment steps over the wall time of whole iterations, the first of which is left out.
"""

import os
import time

import peer

peer.enter("sb3")


def options():
    parser = peer.parser(__doc__, seconds=10.0, workers=len(os.sched_getaffinity(0)))
    parser.add_argument("--configuration", choices=["default", "ours"], default="ours")
    parser.add_argument("--threads", type=int, help="PyTorch's threads [one a core]")
    chosen = parser.parse_args()
    chosen.threads = chosen.threads or chosen.workers
    return chosen


chosen = options()
peer.keep_to(chosen.workers)

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env


class Clock(BaseCallback):
    """Stops when `seconds` have gone since the end of the first iteration; keeps the time of each one."""

    def _on_rollout_start(self):
        now = time.perf_counter()
        self.times = getattr(self, "times", []) + [now]

    def _on_step(self):
        # The check is made where an iteration begins, so that only whole ones are counted.
        return not (len(self.times) >= 3 and self.times[-1] - self.times[1] >= chosen.seconds)


def measure(seed):
    torch.set_num_threads(chosen.threads)
    if chosen.configuration == "ours":
        environments, steps, settings = 64, 128, {"n_steps": 128, "batch_size": 2048, "n_epochs": 4}
    else:
        environments, steps, settings = 8, 2048, {}
    games = make_vec_env("CartPole-v1", n_envs=environments, seed=seed)
    learner = PPO("MlpPolicy", games, seed=seed, device="cpu", **settings)
    clock = Clock()
    learner.learn(10 ** 9, callback=clock)
    times = clock.times
    returns = [episode["r"] for episode in learner.ep_info_buffer]
    return (len(times) - 2) * environments * steps / (times[-1] - times[1]), sum(returns) / len(returns)


def main():
    found = [measure(seed) for seed in range(chosen.repeats)]
    what = "PPO CartPole-v1 64x128" if chosen.configuration == "ours" else "PPO CartPole-v1 8x2048 (its defaults)"
    peer.report("Stable-Baselines3", what, [rate for rate, _ in found], "steps/s", chosen.workers,
                ["stable_baselines3", "torch", "gymnasium"], meanReturn=round(found[0][1], 1), threads=chosen.threads)


main()
