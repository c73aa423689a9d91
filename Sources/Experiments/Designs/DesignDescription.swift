public import Groundwork

/// What a search for a reward program was asked for: `design.json`.
public struct DesignDescription: Codable, Hashable, Sendable {
  /// How the next programs come about.
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// The designer is shown the best programs so far, how they did, and what each of their components paid.
    case eureka
    /// The designer is asked the same every time and shown nothing: the control.
    case resample
  }

  /// The format's version; a directory of another one is refused.
  public static let version = 1

  /// The version of the format that it was read from or will be written in.
  public var version = DesignDescription.version
  /// The version of the program that began it; another one does not go on with it.
  public var forage = Program.version
  /// With reflection or without.
  public var method: Method
  /// The environment with its settings, as `--env` takes them.
  public var environment: String
  /// The agent with its settings, as `--agent` takes them.
  public var agent: String
  /// Who writes the programs, with settings, as `--model` takes them.
  public var model: String
  /// K: programs of an iteration.
  public var candidates: Int
  /// N.
  public var iterations: Int
  /// Budget of each program's training, in environment steps.
  public var steps: Int
  /// Of every training, and of what the scripted designer draws; the winner is trained again with the next one.
  public var seed: UInt64
  /// Evaluations of a training; their mean is a program's score.
  public var evaluations: Int
  /// Episodes of each of them.
  public var episodes: Int
  /// Whether the model is held to the grammar of programs.
  public var grammar: Bool

  /// A search of 4 programs in each of 4 iterations, 100,000 steps a training.
  public init(_ method: Method, environment: String, agent: String, model: String) {
    self.method = method
    self.environment = environment
    self.agent = agent
    self.model = model
    candidates = 4
    iterations = 4
    steps = 100_000
    seed = 1
    evaluations = 8
    episodes = 10
    grammar = false
  }

  /// - Throws: `UserError` for a number out of its range.
  public func check() throws(UserError) {
    try Check.all([
      Check("the design's candidates", candidates, in: 1...64, fix: "--candidates"),
      Check("the design's iterations", iterations, in: 1...100, fix: "--iterations"),
      Check("the design's steps", steps, in: 1...1_000_000_000, fix: "--steps"),
      Check("the design's evaluations", evaluations, in: 1...1_000, fix: "--evaluations"),
      Check("the design's episodes", episodes, in: 1...10_000, fix: "--episodes"),
    ])
    guard seed < 1 << 53 else { throw UserError("--seed \(seed) is too large", fix: "Use one below 2^53") }
  }

  init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(path, kind: "a design", version: DesignDescription.version, as: .document)
    self = try document.decoded(name: "'\(path)'")
  }

  var text: String { SealedDocument.text(of: self) }

  /// What another one has otherwise; nil where one goes on with the other.
  func difference(to other: DesignDescription) -> String? {
    guard other != self else { return nil }
    let (own, found) = (JSON(encoding: self), JSON(encoding: other))
    let names = (own.object ?? [:]).keys.sorted().filter { own[$0] != found[$0] }
    return names.map { "\($0) \(found[$0]?.string ?? found[$0]?.text() ?? "none")" }.joined(separator: ", ")
  }
}
