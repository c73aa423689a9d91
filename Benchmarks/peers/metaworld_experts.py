"""MetaWorld's own policies and Forage's experts over the same vectors: the share of episodes that do the task.

  Benchmarks/peers/metaworld_experts.py shelf-place soccer --seeds 4

For each task the fifty vectors of MT1(NAME-v3, seed) for each seed, an episode of 500 steps each; an episode counts where
any step is a success, as everywhere in Forage. Exits with 1 where a vector is done by one of the two alone.
"""

import argparse
import json
import subprocess
import warnings

import peer

peer.enter("metaworld")

import metaworld
import numpy
from metaworld.policies import ENV_POLICY_MAP


def theirs(name, seed):
    """By vector, whether the package's policy does the task."""
    benchmark = metaworld.MT1(name, seed=seed)
    environment = benchmark.train_classes[name]()
    policy = ENV_POLICY_MAP[name]()
    done = []
    for task in benchmark.train_tasks:
        environment.set_task(task)
        observation, _ = environment.reset()
        success = False
        for _ in range(500):
            action = numpy.clip(policy.get_action(observation), -1, 1)
            observation, _, _, _, info = environment.step(action)
            if info["success"]:
                success = True
                break
        done.append(success)
    return done


def ours(program, name, seed, count):
    """The same of Forage's."""
    done = []
    for task in range(count):
        environment = f"metaworld/{name}(benchmarkSeed={seed},task={task})"
        text = subprocess.run(
            [program, "evaluate", environment, "--agent", "expert", "--episodes", "1", "--json", "--workers", "1"],
            check=True, capture_output=True, text=True).stdout
        measures = {figure["measure"]["name"]: figure["mean"] for figure in json.loads(text)["measures"]}
        done.append(measures["success"] > 0)
    return done


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="+", metavar="TASK", help="for example shelf-place")
    options.add_argument("--seeds", type=int, default=4, help="benchmark seeds from 0, fifty vectors each")
    options.add_argument("--forage", default=".build/release/forage", help="the program")
    chosen = options.parse_args()
    warnings.filterwarnings("ignore")
    differ = False
    for name in (name if name.endswith("-v3") else name + "-v3" for name in chosen.names):
        package, program = [], []
        for seed in range(chosen.seeds):
            package += theirs(name, seed)
            program += ours(chosen.forage, name, seed, 50)
        other = [number for number, pair in enumerate(zip(package, program)) if pair[0] != pair[1]]
        differ = differ or bool(other)
        print(json.dumps({"task": name, "vectors": len(package), "package": sum(package) / len(package),
                          "forage": sum(program) / len(program), "differ": other}), flush=True)
    raise SystemExit(1 if differ else 0)


if __name__ == "__main__":
    main()
