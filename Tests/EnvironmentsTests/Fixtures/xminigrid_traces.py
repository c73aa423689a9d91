"""Writes xminigrid-0.9.3.jsonl.gz: short episodes of XLand-MiniGrid's rules from random states.

Needs xminigrid==0.9.3 with jax; run it in this folder. Every line is an episode in a room of 7 x 7 cells: the grid as
(tile, colour) bytes in hexadecimal, the agent as [row, column, direction, tile and colour in its hands], three rules,
a goal, the limit, and then for each step [action, changed cells as [row, column, tile, colour], agent, goal reached,
reward, view in hexadecimal]. Episodes go on after a goal, so that more is tried.
"""

import collections
import gzip
import json
import random

import jax
import jax.numpy as jnp
import numpy as np
from xminigrid.core.actions import take_action
from xminigrid.core.goals import check_goal
from xminigrid.core.observation import transparent_field_of_view
from xminigrid.core.rules import check_rule
from xminigrid.types import AgentState

EPISODES, STEPS, SIDE, LIMIT, VIEW = 400, 12, 7, 147, 5
FLOOR, WALL = (1, 7), (2, 6)


def draw(source):
    """A state, rules, a goal and actions in which much happens: two kinds of object crowd a small room."""
    kinds, colors = [3, 4, 5, 6, 7, 11, 12], source.sample(range(1, 12), 2)
    goal_kind = source.choice([*range(15), 4, 4, 7, 7, 8, 8, 9, 9, 10, 10])
    palette = source.sample([(kind, color) for kind in kinds for color in colors], 2)
    if goal_kind == 2:
        palette[0] = (6, colors[0])
    doors = [(tile, source.choice(colors)) for tile in (8, 9, 10)]
    grid = np.zeros((SIDE, SIDE, 2), dtype=np.uint8)
    for row in range(SIDE):
        for column in range(SIDE):
            if row in (0, SIDE - 1) or column in (0, SIDE - 1):
                cell = WALL
            else:
                kind = source.random()
                cell = FLOOR if kind < 0.5 else source.choice(palette) if kind < 0.88 else (
                    source.choice(doors) if kind < 0.97 else WALL)
            grid[row, column] = cell
    row, column = source.randint(1, SIDE - 2), source.randint(1, SIDE - 2)
    grid[row, column] = FLOOR
    pocket = (0, 0)
    if source.random() < 0.5:
        pocket = source.choice(palette + [(7, doors[0][1])])
    if goal_kind in (4, 7, 8, 9, 10):
        pocket = palette[1]
    products = palette + [FLOOR, (source.choice(kinds), source.choice(colors))]

    def rule():
        kind = source.randint(1, 11)
        tiles = [source.choice(palette), source.choice(products)]
        if 3 <= kind <= 7:
            tiles.insert(1, source.choice(palette))
        return ([kind] + [number for tile in tiles for number in tile] + [0, 0])[:7]

    kind = goal_kind
    place = (source.randint(1, SIDE - 2), source.randint(1, SIDE - 2))
    tiles = {5: [source.choice(palette + [FLOOR]), place], 6: [place], 2: [palette[0]]}.get(kind, source.sample(palette, 2))
    if kind in (0, 1, 2, 3, 11, 12, 13, 14):
        tiles = tiles[:0 if kind == 0 else 1]
    goal = ([kind] + [number for tile in tiles for number in tile] + [0] * 4)[:5]
    actions = source.choices(range(6), weights=[7, 3, 3, 4, 5, 3], k=STEPS)
    return grid, (row, column), source.randint(0, 3), pocket, [rule() for _ in range(3)], goal, actions


def play(grid, position, direction, pocket, rules, goal, actions):
    def step(state, action):
        grid, agent = state
        grid, agent, changed = take_action(grid, agent, action)
        grid, agent = check_rule(rules, grid, agent, action, changed)
        view = transparent_field_of_view(grid, agent, VIEW, VIEW)
        reached = check_goal(goal, grid, agent, action, changed)
        return (grid, agent), (grid, agent.position, agent.direction, agent.pocket, reached, view)

    agent = AgentState(position=position, direction=direction, pocket=pocket)
    return jax.lax.scan(step, (grid, agent), actions)[1]


def main():
    source = random.Random(93)
    episodes = [draw(source) for _ in range(EPISODES)]
    arrays = [jnp.asarray(np.array(part, dtype=kind)) for part, kind in zip(
        zip(*episodes), (np.uint8, np.int32, np.int32, np.uint8, np.uint8, np.uint8, np.int32))]
    results = [np.asarray(part) for part in jax.jit(jax.vmap(play))(*arrays)]
    reached = collections.Counter()
    with gzip.GzipFile("xminigrid-0.9.3.jsonl.gz", "wb", mtime=0) as file:
        for index, (grid, position, direction, pocket, rules, goal, actions) in enumerate(episodes):
            grids, positions, directions, pockets, goals, views = [part[index] for part in results]
            line = {
                "grid": grid.tobytes().hex(), "agent": [*position, direction, *pocket], "rules": rules, "goal": goal,
                "limit": LIMIT, "steps": []}
            before = grid
            for step, action in enumerate(actions):
                after = grids[step]
                changes = [
                    [int(row), int(column), *map(int, after[row, column])]
                    for row, column in np.argwhere((before != after).any(axis=2))]
                agent = [*map(int, positions[step]), int(directions[step]), *map(int, pockets[step])]
                reward = float(np.float32(1.0 - 0.9 * ((step + 1) / LIMIT))) if goals[step] else 0
                line["steps"].append(
                    [action, changes, agent, int(goals[step]), reward, views[step].astype(np.uint8).tobytes().hex()])
                before = after
                reached[goal[0]] += int(goals[step])
            file.write((json.dumps(line, separators=(",", ":")) + "\n").encode())
    print("goals reached, by kind:", dict(sorted(reached.items())))


main()
