"""Records short episodes of the Python package for the tests (pip install metaworld==3.1.1 packaging).

  python record.py metaworld.jsonl.gz

For each task: a random vector of its own, the package's expert with noise for some steps, then actions beyond the bounds. Only
what the check reads is kept.
"""
import gzip, json, pickle, sys, warnings
warnings.filterwarnings("ignore")
import mujoco, numpy as np
from metaworld.env_dict import ALL_V3_ENVIRONMENTS
from metaworld.policies import ENV_POLICY_MAP
from metaworld.types import Task


def numbers(values):
    return [float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def far_enough(env, vector):
    draws = [0]
    inner = env._get_state_rand_vec

    def draw():
        draws[0] += 1
        if draws[0] > 5:
            raise RecursionError
        return inner()

    env._get_state_rand_vec = draw
    try:
        return env.reset()[0]
    except RecursionError:
        return None


STEPS = 24
with gzip.open(sys.argv[1], "wt", compresslevel=9) as out:
    out.write(json.dumps({"kind": "metaworld-traces", "metaworld": "3.1.1", "mujoco": mujoco.__version__}) + "\n")
    for number, (name, make) in enumerate(ALL_V3_ENVIRONMENTS.items()):
        random = np.random.default_rng([99, number])
        observation = None
        while observation is None:
            env = make()
            space = env._random_reset_space
            vector = random.uniform(space.low, space.high, size=space.low.size)
            env.set_task(Task(name, pickle.dumps(dict(env_cls=make, rand_vec=vector, partially_observable=False))))
            observation = far_enough(env, vector)
        policy = ENV_POLICY_MAP[name]()
        keys = ("near_object", "grasp_success", "grasp_reward", "in_place_reward", "obj_to_target")
        steps = {key: [] for key in ("action", "observation", "reward", "success") + keys}
        reset = {"rand_vec": numbers(vector), "observation": numbers(observation)}
        for time in range(STEPS):
            action = np.clip(np.asarray(policy.get_action(observation), dtype=np.float64), -1, 1)
            action = action + random.normal(0, 0.1, 4) if time < STEPS * 2 // 3 else random.uniform(-2, 2, 4)
            action = action.astype(np.float32)
            observation, reward, _, _, info = env.step(action)
            steps["action"].append(numbers(action))
            steps["observation"].append(numbers(observation))
            steps["reward"].append(float(reward))
            steps["success"].append(float(info["success"]))
            for key in keys:
                steps[key].append(float(info[key]))
        row = {"task": name, "index": 0, "reset": reset, "steps": steps}
        out.write(json.dumps(row, separators=(",", ":")) + "\n")
