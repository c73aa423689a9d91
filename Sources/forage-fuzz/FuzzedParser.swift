import Catalog
import Experiments
import Groundwork
import Labels
import ReinforcementLearning
import RewardPrograms

/// Every parser of text and bytes from outside, with a few steps of what it accepts.
///
/// A parser may refuse with a `UserError`; to trap, to take gigabytes or ten seconds, or to throw anything else is a
/// fault.
enum FuzzedParser: String, CaseIterable {
  case json, yaml, suite, settings, reward, program, map, ruleset, replay, safetensors, gzip, trace, metrics, labels
  #if MuJoCo
    case task
  #endif

  /// Parses an input.
  ///
  /// - Parameter scratch: A file's path without its ending, for parsers that read files.
  /// - Throws: `UserError` where it refuses.
  func parse(_ bytes: [UInt8], scratch: String) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .json:
      let document = try JSON(parsing: bytes, name: "the input")
      // What is read and written again is the same.
      let again = document.text()
      precondition(
        try! JSON(parsing: again, name: "the input again").text() == again, "JSON changes when it is written")
    case .yaml:
      _ = try RunConfiguration(YAML.parse(text, name: "the input"), name: "the input")
    case .suite:
      try Files.writeAtomically(bytes, to: scratch + ".yaml")
      try Catalog.check(Suite(reading: scratch + ".yaml"))
    case .settings:
      for line in text.split(separator: "\n") {
        _ = try? NamedSettings(parsing: String(line), example: "'a(b=c)'")
        _ = try? SettingAssignment(parsing: String(line))
      }
    case .reward:
      _ = try RewardDesignRecipe(
        RewardSpecification(parsing: text), among: Catalog.rewards, for: FuzzedParser.room.specification)
    case .program:
      let program = try RewardProgram(parsing: text, name: "the input")
      let compiled = try CompiledProgram(program, for: FuzzedParser.room.specification)
      let scores = RewardScores(components: compiled.components.count, count: FuzzedParser.steps.count)
      try compiled.evaluate(FuzzedParser.steps, into: scores, workers: FuzzedParser.worker)
    // No map has one line only: a text of one is a path.
    case .map: try play(FuzzedParser.drawn, ["map": .string(text + "\n")])
    case .ruleset: try play(FuzzedParser.land, ["ruleset": JSON(parsing: bytes, name: "the input")])
    case .replay:
      let replay = try Replay(json: JSON(parsing: bytes, name: "the input", kind: .replay), name: "the input")
      _ = try replay.firstDifference(in: Catalog.recipe(of: replay))
    case .safetensors:
      let state = try SavedState(safetensors: bytes, name: "the input")
      precondition(try! SavedState(safetensors: state.safetensors(), name: "again") == state, "a state changes")
    case .gzip: _ = try Gzip.decompress(bytes, name: "the input")
    case .trace:
      try Files.writeAtomically(bytes, to: scratch + ".jsonl")
      _ = try Recordings.verify(scratch + ".jsonl")
    case .metrics:
      try Files.writeAtomically(bytes, to: scratch + ".jsonl")
      _ = try MetricFile.read(scratch + ".jsonl")
    case .labels:
      let table = try LabelTable(parsing: text, name: "the input", labels: FuzzedParser.asked)
      precondition(Set(table.rows.map(\.number)).count == table.rows.count, "a question is answered twice")
      precondition(table.rows.allSatisfy { $0.answer.fits(FuzzedParser.asked[$0.number].question) }, "an unfit answer")
    #if MuJoCo
      case .task:
        try Files.writeAtomically(bytes, to: scratch + ".yaml")
        try play(FuzzedParser.bench, ["model": "Stack", "task": .string(scratch + ".yaml")])
    #endif
    }
  }

  // Looked up once: the catalog makes its listings anew each time, which would take longer than what is fed.
  private static let room = try! Catalog.recipe("gridworld/DoorKey-5x5")
  /// Steps of that room with all signals, which programs pay.
  private static let steps: Transitions = {
    let rollout = Rollout(
      specification: room.specification, signals: room.specification.signals.map(\.name), slots: 1, steps: 8)
    let walker = EpisodeWalker(room, signals: room.specification.signals.map(\.name))
    walker.start(seed: 1)
    for time in 0..<8 { try! walker.step([Float(time % 3)], into: rollout, at: time) }
    return Transitions(rollout)
  }()
  /// A question of each kind.
  private static let asked = [
    Question(.comparison, "", subjects: [.init("left", 0), .init("right", 1)]), Question(.rating, ""),
    Question(.choice, "", choices: ["a", "b"]), Question(.text, ""),
  ].enumerated().map { Label(number: $0, question: $1, askedAt: 0) }
  private static let worker = Workers(count: 1)
  private static let drawn = try! Catalog.environment("gridworld/Map")
  #if MuJoCo
    private static let bench = try! Catalog.environment("manipulation/Own")
  #endif
  private static let land = try! Catalog.environment("gridworld/XLand-R1-9x9")

  /// Makes an environment of what was read and takes twenty steps in it.
  private func play(_ listing: EnvironmentListing, _ changes: JSON) throws {
    // A text that names no file must not become one.
    if case .string? = changes["ruleset"] { return }
    let recipe = try listing.recipe(changes: changes)
    _ = try Replay(of: recipe, seed: 1, actions: (0..<20).map { Float($0 % recipe.specification.actions.count) })
  }

  /// Parses an input and ends the program for a fault.
  func run(_ bytes: [UInt8], scratch: String) {
    do {
      try parse(bytes, scratch: scratch)
    } catch let error as UserError {
      precondition(error.description.utf8.count < 1 << 20, "an error as long as what it is about")
    } catch {
      fatalError("\(rawValue): an error that nobody expects: \(error)")
    }
  }
}
