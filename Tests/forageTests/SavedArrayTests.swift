import Foundation
import Groundwork
import Testing

/// The arrays of a run's checkpoint are those that the documentation names.
@Suite("Saved arrays") struct SavedArrayTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// By agent the names in the table's columns: those of networks, and those behind `agent.`.
  private static func documented() throws -> [String: (networks: [String], state: [String])] {
    let text = try String(contentsOf: root.appendingPathComponent("docs/files.md"), encoding: .utf8)
    let section = try #require(text.split(separator: "### What agents save").last)
    func names(_ cell: Substring) -> [String] {
      cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }
    var rows: [String: ([String], [String])] = [:]
    for line in section.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").filter { !$0.allSatisfy(\.isWhitespace) }
      guard cells.count == 3, let agent = names(cells[0]).first else { continue }
      rows[agent] = (names(cells[1]), names(cells[2]))
    }
    let ppo = try #require(rows["ppo"])
    for agent in ["robustify", "go-explore-policy"] { rows[agent]?.0 += ppo.0 }
    return rows
  }

  /// The names of the arrays in a file.
  private static func arrays(_ path: String) throws -> [String] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let header = try JSON(parsing: Array(bytes.dropFirst(8).prefix(length)), name: path)
    return header.object!.keys.filter { $0 != "__metadata__" }
  }

  /// Whether a documented name stands for an array: `N` is a number, and what ends in a point goes on.
  private static func stands(_ pattern: String, for name: String) -> Bool {
    let wanted = pattern.split(separator: ".").map { $0.replacing("headN", with: "head0") }
    let found = name.split(separator: ".")
    guard pattern.hasSuffix(".") ? found.count > wanted.count : found.count == wanted.count else { return false }
    return zip(wanted, found).allSatisfy { $0 == "N" ? Int($1) != nil : $0 == $1 }
  }

  @Test("every array of every agent is documented", arguments: [
    "ppo control/CartPole agent.normalizesObservations=true agent.normalizesRewards=true",
    "ppo gridworld/Empty-5x5 agent.memory=lstm", "sac control/Pendulum", "td3 control/Pendulum",
    "dqn control/CartPole agent.priorityExponent=0.6", "bc control/Pendulum", "iql control/Pendulum",
    "expert-iteration board/TicTacToe", "process-search puzzle/GameOf24", "icpi domain/Chain",
    "optimistic-q gridworld/Empty-5x5", "rank-search control/CartPole", "go-explore gridworld/Empty-5x5",
    "go-explore-policy gridworld/DoorKey-5x5", "robustify gridworld/Empty-5x5", "ucb1 bandit/Bernoulli",
    "mcts gridworld/Empty-5x5",
  ])
  func documented(_ words: String) throws {
    let parts = words.split(separator: " ").map(String.init)
    let folder = TemporaryFolder()
    var options = parts.dropFirst(2).flatMap { ["--set", $0] }
    if ["bc", "iql", "robustify"].contains(parts[0]) {
      let source = parts[0] == "robustify" ? "go-explore" : "random"
      let made = try Program.run([
        "train", parts[1], "--agent", source, "--steps", "2k", "--out", folder.path("source"), "--set", "evaluations=0",
        "--set", "finalEpisodes=2",
      ] + (source == "random" ? [] : ["--set", "agent.stopsWhenSolved=true"]))
      #expect(made.status == 0, "\(made.errors)")
      options += [
        "--set",
        "agent.demonstrations=" + folder.path(source == "random" ? "source/replays" : "source/best.json"),
      ]
    }
    let trained = try Program.run([
      "train", parts[1], "--agent", parts[0], "--steps", "600", "--out", folder.path("run"), "--set", "evaluations=0",
      "--set", "finalEpisodes=1", "--set", "keptCheckpoints=1", "--workers", "1",
    ] + options)
    #expect(trained.status == 0, "\(trained.errors)")
    let table = try Self.documented()
    let row = table[parts[0]] ?? ([], [])
    let checkpoints = folder.path("run/checkpoints")
    let steps = try FileManager.default.contentsOfDirectory(atPath: checkpoints).compactMap { Int($0) }
    let last = "\(checkpoints)/\(try #require(steps.max()))/"
    let networks = Files.exists(last + "policy.safetensors") ? try Self.arrays(last + "policy.safetensors") : []
    for name in networks { #expect(row.networks.contains { Self.stands($0, for: name) }, "\(parts[0]): \(name)") }
    for name in try Self.arrays(last + "state.safetensors") where name.hasPrefix("agent.") {
      let own = String(name.dropFirst(6))
      #expect(row.state.contains { Self.stands($0, for: own) }, "\(parts[0]): agent.\(own)")
    }
    #expect(networks.isEmpty == row.networks.isEmpty, "\(parts[0])")
  }
}
