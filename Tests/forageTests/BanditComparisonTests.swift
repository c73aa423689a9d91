import Experiments
import Foundation
import Groundwork
import Testing

/// `forage compare` of bandits: repetitions instead of runs; their logs, and what is estimated of them.
@Suite struct BanditComparisonTests {
  @Test("a log that was written is estimated of, in both formats, and what cannot be is one line")
  func logs() throws {
    let folder = TemporaryFolder()
    for name in ["log.csv", "log.jsonl"] {
      let written = try Program.run([
        "log", "bandit/Bernoulli(arms=3,means=[0.2,0.5,0.9],shuffled=false)", "--agent", "epsilon-greedy(epsilon=1)",
        "--steps", "6k", "--out", folder.path(name),
      ])
      #expect(
        written.status == 0
          && written.errors == "6000 decisions of 3 arms in '\(folder.path(name))'\n"
            + "6 episodes, as a rule each with arms of its own: `off-policy` asks which (--episode)\n")
      let mixed = try Program.run(["off-policy", folder.path(name), "--target", "0,0,1"])
      #expect(mixed.status == 1 && mixed.errors.contains("has 6 episodes, each a problem with arms of its own"))
      let one = try Program.run(["off-policy", folder.path(name), "--target", "1,1,2", "--episode", "5"])
      #expect(one.output.contains("1000 decisions, as much as"))
      let document = try Program.run(
        ["off-policy", folder.path(name), "--target", "0,0,1", "--episode", "all", "--json"])
      let found = try JSON(parsing: document.output, name: "output")
      for estimate in try #require(found["estimates"]?.array) {
        #expect(abs((estimate["value"]?.double ?? 0) - 0.9) < 0.06, "\(estimate)")
      }
      #expect(found["overlap"]?["unseenArms"] == .array([]))
      let table = try Program.run(["off-policy", folder.path(name), "--target", "1,1,2", "--episode", "all"])
      #expect(table.output.contains("SNIPW") && table.output.contains("6000 decisions, as much as"))
    }
    let words = ["off-policy", folder.path("log.csv"), "--episode", "0", "--agent"]
    for agent in ["ppo", "mcts", "rank-search", "last-switch", "exp2"] {
      let untrained = try Program.run(words + [agent])
      #expect(
        untrained.status == 1 && untrained.output.isEmpty
          && untrained.errors.hasPrefix(
            "forage: '\(agent)' does not learn from a log: it would be asked untrained, as it was born. "),
        "\(untrained)")
    }
    for agent in ["thompson", "ucb1", "random"] { #expect(try Program.run(words + [agent]).status == 0, "\(agent)") }
    let unknown = try Program.run(
      ["off-policy", folder.path("log.csv"), "--episode", "0", "--target", "0,0,0,1"])
    #expect(
      unknown.status == 1
        && unknown.errors.hasPrefix("forage: the log has no decision of an arm that the policy chooses"))
    for (environment, reason) in [
      ("bandit/Delayed", "rewards come late, beside another arm than their own"),
      ("bandit/Mortal", "an arm's number is another arm later"),
      ("bandit/LastSwitch", "what an arm pays depends on the pulls before"),
      ("control/CartPole", "what an action earns depends on those before it"),
    ] {
      let refused = try Program.run(
        ["log", environment, "--agent", "random", "--steps", "10", "--out", folder.path("x")])
      #expect(
        refused.status == 1
          && refused.errors == "forage: \(reason) in '\(environment)', of which no estimate from a log knows. "
            + "Use another bandit\n")
    }
    let moving = try Program.run(
      ["log", "bandit/ChangePoints", "--agent", "random", "--steps", "100", "--out", folder.path("x")])
    #expect(moving.status == 0 && moving.errors.contains("what an arm pays changes in this environment"))
    let silent = try Program.run([
      "log", "bandit/Bernoulli", "--agent", "ucb1", "--steps", "10", "--out", folder.path("y"),
    ])
    #expect(
      silent.errors == "forage: agent 'ucb1' does not say with which probability it chooses. Use epsilon-greedy, "
        + "softmax, exp2, exp3, tsallis-inf or random\n")
    #expect(
      try Program.run(["off-policy", folder.path("log.csv"), "--target", "1,x"]).errors
        == "forage: '1,x' are no probabilities. Write one an arm, for example --target 0.5,0.25,0.25\n")
    #expect(
      try Program.run(["off-policy", folder.path("log.csv"), "--target", "1,1", "--episode", "all"]).errors.hasSuffix(
        "has the arm \"2\", and there are 2 arms. Use 0 to 1\n"))
  }

  @Test("agents, environments and repetitions are added to a comparison of repetitions")
  func additions() throws {
    let folder = TemporaryFolder()
    let path = folder.path("arms")
    let base = ["--env", "bandit/Bernoulli(gap=0.2)", "--agent", "ucb1", "--steps", "50"]
    #expect(try Program.run(["compare", "--seeds", "20", "--out", path] + base).status == 0)
    let first = folder.bytes("arms/cells/0-0.json")
    let agent = try Program.run(["compare", "--resume", path, "--agent", "thompson"])
    #expect(agent.status == 0 && agent.output.contains("thompson") && !agent.errors.contains("ucb1"))
    #expect(folder.bytes("arms/cells/0-0.json") == first, "what is there stays")
    let added = try Program.run(["compare", "--resume", path, "--env", "bandit/Uniform"])
    #expect(added.status == 0 && added.output.contains("bandit/Uniform, 20 repetitions of 50 pulls"))
    // What cannot be stepped leaves what is there as it is.
    let wide = ["compare", "--env", "bandit/Bernoulli", "--agent", "sliding-ucb(window=900000)", "--agent", "ucb1"]
    let small = folder.path("small")
    #expect(try Program.run(wide + ["--seeds", "4", "--steps", "20", "--out", small]).status == 0)
    let before = try Program.run(["report", small]).output
    let refused = try Program.run(["compare", "--resume", small, "--seeds", "100"])
    #expect(refused.status == 1 && refused.errors.contains("the memory of 64 slots"), "\(refused.errors)")
    #expect(try Program.run(["report", small]).output == before)
    #expect(try Program.run(["compare", "--resume", small, "--seeds", "5"]).status == 0)
    #expect(try Program.run(["report", small]).output.contains("5 repetitions of 20 pulls"))
    #expect(try Program.run(["compare", "--resume", small, "--agent", "moss"]).status == 0)
    let more = try Program.run(["compare", "--resume", path, "--seeds", "1200"])
    #expect(more.errors.contains("all 1200 repetitions are stepped, those that were there again"))
    // The same as a comparison that was begun so.
    let whole = ["--env", "bandit/Bernoulli(gap=0.2)", "--env", "bandit/Uniform", "--agent", "ucb1"]
    let begun = try Program.run(
      ["compare"] + whole
        + ["--agent", "thompson", "--seeds", "1200", "--steps", "50", "--out", folder.path("begun")])
    func tables(_ text: String) -> Substring { text.split(separator: "report:")[0] }
    #expect(begun.status == 0 && tables(begun.output) == tables(more.output))
    let document = try JSON(parsing: try Program.run(["report", path, "--json"]).output, name: "output")
    #expect(document["command"]?.string == "forage compare --env 'bandit/Bernoulli(gap=0.2)' --env bandit/Uniform "
      + "--agent ucb1 --agent thompson --seeds 1200 --steps 50 --out \(path)")
    for (options, line) in [
      (["--agent", "ucb1"], "the agent 'ucb1' is named twice. Leave one of them out"),
      (["--seeds", "100"], "'\(path)' has 1200 repetitions, which cannot become 100. Use a greater --seeds, or begin "
        + "a new comparison (--out)"),
      (["--env", "control/CartPole"], "'control/CartPole' is no bandit, and '\(path)' is of repetitions of those. Use "
        + "a bandit/..."),
      (["--steps", "60"], "'\(path)' is of repetitions, to which --agent, --env and --seeds can be added. Leave the "
        + "other options out, or begin a new comparison (--out)"),
    ] {
      let refused = try Program.run(["compare", "--resume", path] + options)
      #expect(refused.status == 1 && refused.errors == "forage: \(line)\n", "\(refused.errors)")
    }
    #expect(tables(try Program.run(["report", path]).output) == tables(more.output))
    // A log is not lost to another one.
    let log = ["log", "bandit/Bernoulli", "--agent", "random", "--steps", "10", "--out", folder.path("log.csv")]
    #expect(try Program.run(log).status == 0)
    #expect(
      try Program.run(log).errors
        == "forage: '\(folder.path("log.csv"))' already exists, and would be lost. Name another file (--out), or "
          + "remove it\n")
  }

  @Test("bandits are compared over repetitions, gone on with by the same command, and reported again")
  func compare() throws {
    let folder = TemporaryFolder()
    let words = [
      "compare", "--env", "bandit/Bernoulli(gap=0.2)", "--agent", "ucb1", "--agent", "thompson", "--seeds", "2000",
      "--steps", "300", "--out", folder.path("arms"),
    ]
    let first = try Program.run(words)
    #expect(first.status == 0 && first.output.contains("Lai and Robbins's bound: 22.20 ln T, at the end 126.6"))
    #expect(first.output.contains("2000 repetitions of 300 pulls") && first.errors.contains("pulls/s"))
    let again = try Program.run(words)
    #expect(again.output == first.output && !again.errors.contains("pulls/s"))
    #expect(try Program.run(["report", folder.path("arms")]).output == first.output)
    let document = try JSON(parsing: try Program.run(words + ["--json"]).output, name: "output")
    #expect(document["repetitions"]?.integer == 2000)
    let other = try Program.run(words.map { $0 == "2000" ? "1500" : $0 })
    let line = "forage: '\(folder.path("arms"))' holds another comparison. Name another directory (--out)\n"
    #expect(other.status == 1 && other.errors == line)
    let same = try Program.run([
      "compare", "--env", "bandit/Bernoulli", "--agent", "ucb1", "--agent", "ucb1(exploration=2)", "--seeds", "5",
      "--steps", "20", "--out", folder.path("same"),
    ])
    #expect(same.errors == "forage: 'ucb1' and 'ucb1(exploration=2)' are the same. Leave one of them out\n")
    let torn = try Program.run([
      "compare", "--env", "bandit/Bernoulli(horizon=50)", "--agent", "ucb1", "--agent", "moss", "--seeds", "5",
      "--steps", "20", "--out", folder.path("same"),
    ])
    #expect(
      torn.errors == "forage: 'bandit/Bernoulli(horizon=50)' says how many pulls there are, and --steps says 20. "
        + "Leave one of them out\n")
    let log = folder.path("warm.csv")
    try Files.writeAtomically("arm,reward\n0,1\n", to: log)
    let warm = [
      "compare", "--env", "bandit/Bernoulli", "--agent", "ucb1(warmStart=\(log))", "--agent", "moss", "--seeds", "5",
      "--steps", "20", "--out", folder.path("warm"),
    ]
    #expect(try Program.run(warm).status == 0)
    #expect(try Program.run(warm).status == 0)
    try Files.writeAtomically("arm,reward\n1,1\n", to: log)
    #expect(try Program.run(warm).errors.hasSuffix("holds another comparison. Name another directory (--out)\n"))
    #expect(
      try Program.run(["compare", "--resume", folder.path("warm")]).errors
        == "forage: '\(log)' was changed since it was recorded. Restore it, or begin anew\n")
    // A run of training knows the contents, too.
    let trained = [
      "train", "bandit/Bernoulli(shuffled=false)", "--agent", "ucb1(warmStart=\(log))", "--steps", "500", "--out",
      folder.path("trained"), "--set", "finalEpisodes=2",
    ]
    #expect(try Program.run(trained).status == 0)
    let curve = try MetricFile.read(folder.path("trained/metrics.jsonl")).lines.filter { line in
      line.values.contains { $0.name.hasPrefix("evaluation/") }
    }
    #expect(curve.count == 2, "a policy that learns inside an episode is the same at every step")
    try Files.writeAtomically("arm,reward\n0,0\n", to: log)
    for command in [["evaluate"], ["train", "--resume"]] {
      try? FileManager.default.removeItem(atPath: folder.path("trained/evaluation.json"))
      let changed = try Program.run(command + [folder.path("trained")])
      #expect(
        changed.errors.hasSuffix("'\(log)' was changed since it was recorded. Restore it, or begin anew\n"),
        "\(command)")
    }
    let few = try Program.run(words.map { $0 == "2000" ? "1" : $0 == folder.path("arms") ? folder.path("few") : $0 })
    #expect(few.errors == "forage: 1 repetitions cannot be compared. Use 2 to 100000 (--seeds)\n")
    #expect(!FileManager.default.fileExists(atPath: folder.path("few")))
    let wrong = try Program.run([
      "compare", "--env", "bandit/Bernoulli(gap=2)", "--agent", "ucb1", "--out", folder.path("few"),
    ])
    #expect(
      wrong.errors == "forage: a gap of 2.0 around 0.5 gives the probability 1.5. Probabilities lie in 0 to 1\n")
  }
}
