#!/usr/bin/env python3
"""Records what NLE's and MiniHack's own environments pay and show: tasks.jsonl.gz, which `forage verify` checks.

    scripts/nethack && .venv-nethack/bin/python Tests/NetHackEnvironmentsTests/Fixtures/record.py

Actions are drawn by a small generator, so that nothing depends on a library's. The clock is the time of recording:
games that start within the same hour are the same, and Forage is told that hour by the first line.
"""

import gzip
import hashlib
import json
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import gymnasium
import minihack
import nle

STEPS = 200
TASKS = ["Score", "Staircase", "StaircasePet", "Oracle", "Gold", "Eat", "Scout", "Challenge"]
LEVELS = [
    "Room-5x5-v0", "Room-Random-15x15-v0", "Room-Ultimate-15x15-v0", "Room-Trap-15x15-v0", "Room-Monster-5x5-v0",
    "MazeWalk-15x15-v0", "MazeWalk-Mapped-45x19-v0", "Corridor-R2-v0", "Corridor-R3-v0", "Corridor-R5-v0", "HideNSeek-v0",
    "HideNSeek-Mapped-v0", "HideNSeek-Lava-v0", "HideNSeek-Big-v0", "ExploreMaze-Easy-v0", "ExploreMaze-Easy-Mapped-v0",
    "ExploreMaze-Hard-v0", "ExploreMaze-Hard-Mapped-v0", "Memento-Short-F2-v0", "Memento-F2-v0", "Memento-F4-v0",
    "ClosedDoor-v0", "LockedDoor-v0", "LockedDoor-Fixed-v0", "LavaCross-Full-v0", "LavaCross-Restricted-v0",
    "Quest-Easy-v0", "Quest-Medium-v0", "Quest-Hard-v0", "Sokoban1a-v1", "Sokoban1b-v1", "Sokoban2a-v1", "Sokoban2b-v1",
    "Sokoban3a-v1", "Sokoban3b-v1", "Sokoban4a-v1", "Sokoban4b-v1",
]


def digest(observation):
    """The first digits of the SHA-256 of glyphs, characters and message."""
    arrays = b"".join(observation[name].tobytes() for name in ("glyphs", "chars", "message"))
    return hashlib.sha256(arrays).hexdigest()[:8]


def record(alias, seed):
    """One episode: after the start and after each step what is shown, what is paid, whether it is over."""
    keys = {"observation_keys": ("glyphs", "chars", "blstats", "message")}
    if alias.startswith("MiniHack"):
        keys = {"observation_keys": ("glyphs", "chars", "blstats", "message", "screen_descriptions")}
    if "Challenge" in alias:
        keys = {}
    environment = gymnasium.make(alias, disable_env_checker=True, **keys).unwrapped
    # The Challenge's own function refuses seeds.
    environment.nethack._pynethack.set_initial_seeds(seed, seed, False, None)
    observation, _ = environment.reset()
    rewards, shown, actions, state, over = [], [digest(observation)], [], 12345 + seed, False
    for _ in range(STEPS):
        state = (state * 1103515245 + 12345) & 0xFFFFFFFF
        actions.append((state >> 16) % len(environment.actions))
        observation, reward, over, cut, _ = environment.step(actions[-1])
        rewards.append(round(float(reward), 4))
        if over or cut:
            break
        shown.append(digest(observation))
    environment.close()
    return {"alias": alias, "seed": seed, "over": bool(over), "actions": actions, "rewards": rewards, "shown": shown}


def main():
    clock = int(time.time())
    lines = [{"kind": "nle-tasks", "nle": nle.__version__, "minihack": minihack.__version__, "clock": clock,
              "shown": "first 8 hexadecimal digits of the SHA-256 of glyphs, chars, message; after the start and each step that goes on"}]
    for alias in [f"NetHack{name}-v0" for name in TASKS] + [f"MiniHack-{name}" for name in LEVELS]:
        lines += [record(alias, seed) for seed in range(2)]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    with open(Path(__file__).with_name("tasks.jsonl.gz"), "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(text.encode())


main()
