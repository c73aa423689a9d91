"""OpenSpiel's C++ tree search with one random rollout a leaf, from the empty board: simulations a second.

The search runs wholly in C++; Python only asks for it. The first move of each game is searched again and again
with `--simulations` simulations, without the solver, so that none is cut short.
"""

import peer

peer.enter("openspiel")

import pyspiel


def main():
    options = peer.parser(__doc__)
    options.add_argument("game", nargs="?", default="connect_four", help="connect_four, tic_tac_toe, ...")
    options.add_argument("--simulations", type=int, default=1000)
    chosen = options.parse_args()
    peer.keep_to(1)
    game = pyspiel.load_game(chosen.game)
    bot = pyspiel.MCTSBot(game, pyspiel.RandomRolloutEvaluator(1, 1), 2.0, chosen.simulations, 1000, False, 1, False)
    state = game.new_initial_state()

    def search():
        root = bot.mcts_search(state)
        assert root.explore_count == chosen.simulations, root.explore_count
        return chosen.simulations

    search()
    peer.report("OpenSpiel", f"MCTS {chosen.game}, {chosen.simulations} simulations a move",
                peer.rates(search, chosen.seconds, chosen.repeats), "simulations/s", 1, ["open_spiel", "numpy"])


main()
