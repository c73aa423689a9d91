import Catalog
import Experiments
import Foundation
import Groundwork
import ReinforcementLearning
import Testing

@Suite("Recordings") struct RecordingTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").path()
  private static let traces = repository + "/Tests/EnvironmentsTests/Fixtures/minigrid-3.2.0.jsonl.gz"

  private func assignments(_ texts: String...) throws -> [SettingAssignment] {
    try texts.map { try SettingAssignment(parsing: $0) }
  }

  /// A file of those lines in a folder of its own.
  private func withFile(_ lines: [String], _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "forage-\(UUID().uuidString).jsonl").path()
    try Files.writeAtomically(lines.joined(separator: "\n") + "\n", to: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  /// The recorded episodes of DoorKey-5x5.
  private static let doorKey: [String] = {
    let text = String(decoding: try! Gzip.read(traces), as: UTF8.self)
    return text.split(separator: "\n").map(String.init).filter { $0.contains("\"id\":\"MiniGrid-DoorKey-5x5-v0\"") }
  }()

  @Test("a recording without a header is recognised, and one level of it can be checked alone")
  func headerless() throws {
    let (kind, report) = try Recordings.verify(Self.traces, assignments: assignments("level=DoorKey-5x5"))
    #expect(kind == "minigrid-traces")
    let task = try #require(report.tasks.first)
    #expect(report.tasks.count == 1 && task.id == "MiniGrid-DoorKey-5x5-v0")
    #expect(task.episodes == 4 && task.equalEpisodes == 4 && task.differences.isEmpty)
    #expect(task.steps > 0 && task.equalSteps == task.steps)
    #expect(report.comparison.contains("to the last bit"))
  }

  @Test("a header names the kind, its lines follow it, and a difference counts the steps before it")
  func header() throws {
    #expect(Self.doorKey.count == 4)
    var document = try JSON(parsing: Self.doorKey[1], name: "line")
    var rewards = try #require(document["rewards"]?.array)
    rewards[7] = 0.5
    document["rewards"] = .array(rewards)
    let header = "{\"kind\": \"minigrid-traces\", \"minigrid\": \"3.2.0\"}"
    try withFile([header, Self.doorKey[0], document.text()]) { path in
      let task = try #require(try Recordings.verify(path).report.tasks.first)
      #expect(task.episodes == 2 && task.equalEpisodes == 1)
      #expect(task.steps - task.equalSteps == rewards.count - 7)
      #expect(task.differences.count == 1 && task.differences[0].contains("after step 7 "))
      // Within a tolerance of 1 every reward is equal.
      let (_, loose) = try Recordings.verify(path, assignments: assignments("verify.rewardTolerance=1"))
      #expect(loose.tasks[0].differences.isEmpty && loose.comparison.contains("within 1.0"))
    }
  }

  @Test("an unknown kind, a line that is no recording and a setting that is none are refused in a line that names them")
  func refusals() throws {
    func refusal(_ lines: [String], _ settings: String...) throws -> String {
      var text = ""
      try withFile(lines) { path in
        do {
          _ = try Recordings.verify(path, assignments: settings.map { try SettingAssignment(parsing: $0) })
        } catch let error as UserError {
          text = error.description.replacingOccurrences(of: path, with: "FILE")
        }
      }
      return text
    }
    #expect(
      try refusal(["{\"kind\":\"kitchen-traces\",\"mujoco\":\"3.3.0\"}", "{\"kind\":\"episode\"}"])
        == "'FILE' is of the kind \"kitchen-traces\", which nothing here checks. "
        + "This program checks replays and minigrid-traces, nle-traces, nle-tasks, "
        + "metaworld-traces, fetch-traces")
    #expect(
      try refusal(["{\"a\":1}"])
        == "the first line of 'FILE' names no kind and is no recording known without one. "
        + "This program checks replays and minigrid-traces, nle-traces, nle-tasks, "
        + "metaworld-traces, fetch-traces")
    #expect(
      try refusal(["not JSON"]) == "line 1 of 'FILE' is not valid JSON. It may be cut off; restore it or remove it")
    #expect(try refusal([""]) == "'FILE' is empty. It may be cut off; restore it")
    #expect(try refusal(["{\"kind\":\"minigrid-traces\"}", "{\"id\":3}"]).hasPrefix("line 2 of 'FILE': "))
    #expect(
      try refusal(Self.doorKey, "tolerance=1").hasPrefix("there is no setting 'tolerance'. "))
    #expect(
      try refusal(Self.doorKey, "level=Empty-5x5")
        == "'FILE' has no episode of 'Empty-5x5'. Leave --set level= out to check all")
  }

  @Test("the replays of the repository are equal, and one of an environment's former id too")
  func replays() throws {
    let folder = Self.repository + "/replays"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let (kind, report) = try Recordings.verify(folder + "/" + name)
      #expect(kind == Recordings.replayKind && report.episodes.count == 1)
      #expect(
        report.episodes[0].difference == nil && report.episodes[0].equalSteps == report.episodes[0].steps, "\(name)")
    }
    let recipe = try Catalog.environment("domain/Snake").recipe()
    let actions: [Float] = [0, 1, 0, 1, 0]
    var replay = try Replay(of: recipe, seed: 3, actions: actions)
    replay.environment = "gridworld/Snake"
    let path = FileManager.default.temporaryDirectory.appending(path: "forage-\(UUID().uuidString).json").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try replay.write(to: path)
    #expect(try Recordings.verify(path).report.episodes[0].difference == nil)
    // Another board is another episode: the setting reached the environment.
    let other = try Recordings.verify(path, assignments: assignments("environment.width=10")).report.episodes[0]
    #expect(other.difference != nil && other.equalSteps < other.steps)
  }
}
