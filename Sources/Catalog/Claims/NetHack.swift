import Experiments
import Groundwork
import NetHackEnvironments
import ReinforcementLearning

extension Claims {
  private static let learningEnvironment =
    "Küttler et al., \"The NetHack Learning Environment\", NeurIPS 2020, version 1.3.0"

  /// The game cannot be copied, says its learning environment (issue 91 asks for it); here it can.
  static let gameCopies = Claim(
    "nethack/copies", source: learningEnvironment,
    statement: "A running NetHack is copied exactly: whatever keys are pressed, by whichever character, the copy goes "
      + "on as the game does, in its own place and in another, and nothing crashes.",
    scaled: .init(
      seeds: 5,
      summary: "20,000 random keys from all 121 a seed, fourteen characters, every third game in wizard mode with "
        + "jumps between levels; every 300 keys a copy from which 60 keys are pressed twice more, and every array "
        + "after each is compared.",
      values: ["keys": 20_000]),
    full: .init(
      seeds: 5, summary: "As the scaled size, with 200,000 keys a seed: a million.", values: ["keys": 200_000]),
    quantities: [
      ClaimQuantity("different", unit: "copies"), ClaimQuantity("differentElsewhere", unit: "copies"),
      ClaimQuantity("copies", unit: "copies"), ClaimQuantity("faults", unit: "games"),
      ClaimQuantity("aborts", unit: "games"), ClaimQuantity("deepest", unit: "level"),
    ],
    figures: [
      ClaimFigure("copies", .mean(of: "copies"), digits: 0),
      ClaimFigure("copies that go on otherwise", .mean(of: "different")),
      ClaimFigure("the same in another slot", .mean(of: "differentElsewhere")),
      ClaimFigure("games that crash", .mean(of: "faults")),
      ClaimFigure("games that end by wizard mode's own core dump", .mean(of: "aborts")),
      ClaimFigure("deepest level", .mean(of: "deepest"), digits: 0),
    ],
    criteria: [
      ClaimCriterion("copies that go on otherwise", .never(atMost: 0)),
      ClaimCriterion("the same in another slot", .never(atMost: 0)),
      ClaimCriterion("games that crash", .never(atMost: 0)),
    ]
  ) { seed in
    let counts = try NetHackFamily.copyGames(keys: seed["keys"], seed: seed.seed) { try seed.checkStop() }
    return [
      "copies": Double(counts.copies), "different": Double(counts.different),
      "differentElsewhere": Double(counts.differentElsewhere), "faults": Double(counts.faults),
      "aborts": Double(counts.aborts), "deepest": Double(counts.deepest),
    ]
  }

  /// Go-Explore's archive on the real game.
  static let gameDescent = Claim(
    "nethack/descent",
    source: "Ecoffet, Huizinga, Lehman, Stanley and Clune, \"First return, then explore\", Nature 2021",
    statement: "Where states can be returned to, random actions from an archive of them go far deeper than a random "
      + "player: in NetHack to level 10 and below.",
    scaled: .init(
      seeds: 5,
      summary: "The deepest level of the way that Go-Explore finds in nethack/Descend, 3 million steps, a game of its "
        + "own for each seed (episode seed 10 + seed), beside 20 games of a random player. "
        + "The paper's games are Atari's.",
      values: ["steps": 3_000_000, "games": 20, "one": 1]),
    full: .init(
      seeds: 5, summary: "As the scaled size, with 30 million steps.",
      values: ["steps": 30_000_000, "games": 20, "one": 1]),
    quantities: [
      ClaimQuantity("explored", unit: "deepest level"), ClaimQuantity("random", unit: "deepest level"),
      ClaimQuantity("reached", unit: "level 10 or deeper", trials: "one"),
    ],
    figures: [
      ClaimFigure("deepest level", .mean(of: "explored"), digits: 1),
      ClaimFigure("levels deeper than a random player", .difference("explored", minus: "random"), digits: 1),
      ClaimFigure("share that reaches level 10", .mean(of: "reached")),
    ],
    criteria: [
      ClaimCriterion("levels deeper than a random player", .above(0)),
      ClaimCriterion("share that reaches level 10", .above(0.5)),
    ],
    shownTrainings: ["explored"]
  ) { seed in
    let training = try seed.train(
      "explored", in: "nethack/Descend", by: "go-explore(episodeSeed=\(seed.seed + 10))", steps: seed["steps"],
      run: ["finalEpisodes": 1])
    let best = try training.directory.finalMetrics().last?[.archiveBestScore] ?? 0
    let random = try NetHackFamily.playAtRandom(allKeys: false, games: seed["games"], seed: seed.seed) {
      try seed.checkStop()
    }
    let depth = random.first { $0.name == "greatest depth" }!.value
    // A point is paid for each level deeper than any before.
    return ["explored": best + 1, "random": depth, "reached": best + 1 >= 10 ? 1 : 0]
  }

  /// The texture of the games that a random player has.
  static let randomPlayer = playedAtRandom("nethack/random-player", allKeys: false, keys: "the 23 keys of the tasks")
  static let randomPlayerWithAllKeys = playedAtRandom(
    "nethack/random-player-all-keys", allKeys: true, keys: "all 121 keys")

  /// Rows whose difference is larger than chance makes it.
  private static let farthest = 3.5

  private static func playedAtRandom(_ id: String, allKeys: Bool, keys: String) -> Claim {
    let rows = [
      "steps", "turns", "died", "left level 1", "greatest depth", "score", "satiated", "no message", "It's a wall.",
      "In what direction?", "Never mind.",
    ]
    return Claim(
      id, source: learningEnvironment,
      statement: "A random player's games are what they are in its own Python environment: how long they are, how they "
        + "end, how deep they lead, how often which message comes.",
      scaled: .init(
        seeds: 5,
        summary: "100 games of nethack/Score a seed with \(keys), beside 500 of nle 1.3.0 in Python; a row that is "
          + "farther from NLE's than 3.5 standard errors of a difference counts as one that parts.",
        values: ["games": 100]),
      full: .init(seeds: 5, summary: "As the scaled size, with 500 games a seed.", values: ["games": 500]),
      quantities: rows.map { ClaimQuantity($0, unit: $0) } + [
        ClaimQuantity("parting", unit: "rows"), ClaimQuantity("farthest", unit: "standard errors"),
      ],
      figures: rows.map { ClaimFigure($0, .mean(of: $0)) } + [
        ClaimFigure("rows that part", .mean(of: "parting")),
        ClaimFigure("the row that is farthest", .mean(of: "farthest")),
      ],
      criteria: [ClaimCriterion("rows that part", .never(atMost: 0))]
    ) { seed in
      let found = try NetHackFamily.playAtRandom(allKeys: allKeys, games: seed["games"], seed: seed.seed) {
        try seed.checkStop()
      }
      var values: [String: Double] = [:]
      for name in rows { values[name] = found.first { $0.name == name }!.value }
      let distances = found.map { abs($0.distance) }
      values["parting"] = Double(distances.count { $0 > farthest })
      values["farthest"] = distances.max() ?? 0
      for row in found where abs(row.distance) > farthest {
        seed.note("'\(row.name)' is \(row.value) of \(row.unit), NLE's \(row.reference)")
      }
      return values
    }
  }
}
