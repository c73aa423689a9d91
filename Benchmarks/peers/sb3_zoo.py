"""Stable-Baselines3's PPO with its zoo's settings beside Forage's presets: mean return, worst run, wall time.

    Benchmarks/peers/sb3_zoo.py CartPole                   theirs and ours, seeds 101 to 120
    Benchmarks/peers/sb3_zoo.py MountainCar --seeds 101-105 --peers-only

Settings are those of rl-baselines3-zoo's `ppo.yml`; the budget is ours for both. A return is the mean of 100 episodes
by the most likely action, in new environments, with the observation statistics of the training. One core each.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import peer

peer.enter("sb3")
peer.keep_to(1)

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import VecNormalize

torch.set_num_threads(1)


def falling(initial):
    """A schedule that falls linearly to 0: SB3 passes the share of the budget that is left."""
    return lambda left: left * initial


# Our id, theirs, the budget, environments side by side, whether observations and rewards are normalised, PPO's settings.
TASKS = {
    "CartPole": ("control/CartPole", "CartPole-v1", 100_000, 8, False, dict(
        n_steps=32, batch_size=256, gae_lambda=0.8, gamma=0.98, n_epochs=20, ent_coef=0.0,
        learning_rate=falling(1e-3), clip_range=falling(0.2))),
    "Acrobot": ("control/Acrobot", "Acrobot-v1", 300_000, 16, True, dict(
        n_steps=256, gae_lambda=0.94, gamma=0.99, n_epochs=4, ent_coef=0.0)),
    "Pendulum": ("control/Pendulum", "Pendulum-v1", 300_000, 4, False, dict(
        n_steps=1024, gae_lambda=0.95, gamma=0.9, n_epochs=10, ent_coef=0.0, learning_rate=1e-3, clip_range=0.2,
        use_sde=True, sde_sample_freq=4)),
    "MountainCar": ("control/MountainCar", "MountainCar-v0", 1_000_000, 16, True, dict(
        n_steps=16, gae_lambda=0.98, gamma=0.99, n_epochs=4, ent_coef=0.0)),
}


def theirs(task, seed, episodes):
    """Mean return of a trained policy, and the seconds that the training took."""
    _, name, steps, environments, isNormalized, settings = TASKS[task]
    training = make_vec_env(name, n_envs=environments, seed=seed)
    if isNormalized:
        training = VecNormalize(training, gamma=settings["gamma"])
    start = time.perf_counter()
    learner = PPO("MlpPolicy", training, seed=seed, device="cpu", **settings)
    learner.learn(steps)
    seconds = time.perf_counter() - start
    games = make_vec_env(name, n_envs=8, seed=seed + 1_000_000)
    if isNormalized:
        games = VecNormalize(games, training=False, norm_reward=False)
        games.obs_rms = training.obs_rms
    return evaluate_policy(learner, games, n_eval_episodes=episodes, deterministic=True)[0], seconds


def ours(task, seeds, episodes):
    identifier, _, steps, *_ = TASKS[task]
    command = [sys.executable, str(peer.HERE.parent.parent / "scripts/seeds"), identifier, "--steps", str(steps),
               "--seeds", seeds, "--episodes", str(episodes), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"sb3_zoo: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return json.loads(done.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("task", choices=sorted(TASKS))
    options.add_argument("--seeds", default="101-120", metavar="FIRST-LAST", help="[%(default)s]")
    options.add_argument("--episodes", type=int, default=100, help="of each evaluation [%(default)s]")
    options.add_argument("--peers-only", action="store_true", help="do not run Forage")
    chosen = options.parse_args()
    first, _, last = chosen.seeds.partition("-")
    found = []
    for seed in range(int(first), int(last or first) + 1):
        found.append(theirs(chosen.task, seed, chosen.episodes))
        print(f"seed {seed}: return {found[-1][0]:.2f} in {found[-1][1]:.1f} s", file=sys.stderr, flush=True)
    returns = [value for value, _ in found]
    sides = {"Stable-Baselines3": {
        "mean": sum(returns) / len(returns), "worst": min(returns),
        "secondsARun": sum(seconds for _, seconds in found) / len(found), "returns": returns}}
    if not chosen.peers_only:
        sides["Forage"] = ours(chosen.task, chosen.seeds, chosen.episodes)
    for name, side in sides.items():
        print(f"{name:<18} {chosen.task}: mean {side['mean']:.2f}, worst {side['worst']:.2f}, "
              f"{side['secondsARun']:.1f} s a run", file=sys.stderr)
    print(json.dumps({"task": chosen.task, "seeds": chosen.seeds, "episodes": chosen.episodes, "sides": sides}))


main()
