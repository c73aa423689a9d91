public import Groundwork
public import ReinforcementLearning
import RewardPrograms

/// What a reward program pays, a short text of assignments over the fields before and after the step.
///
/// Every assignment `reward.NAME` of the program is a component. The language stands in `docs/reward-programs.md`;
/// `forage check FILE --env ENV` tries a program, `forage describe ENV --signals` lists what it may read.
///
/// **Configuration.** `program(file=examples/rewards/doorkey.reward)`.
///
/// **Component.** One for each `reward.NAME`, under that name, with its weight.
///
/// Source: ours; what such programs must say is known from Eureka (Ma et al. 2023) and Text2Reward (Xie et al. 2023).
public struct ProgramReward: RewardModel {
  /// The program and what `discount` means in it.
  public struct Configuration: Codable, Hashable, Sendable {
    /// The path of a program, or its text, which has more than one line; a run records the text.
    public var file = ProgramText()
    /// What `discount` and `shaping(...)` mean in the program: gamma, 0...1. Null for the agent's (1 for one that has
    /// none).
    public var discount: Double?
    /// `sha256-` and the first 16 digits of the text's SHA-256. A run records it; where it is given, another text is
    /// refused.
    public var digest: String?

    /// No program yet.
    public init() {}
  }

  private let program: CompiledProgram

  /// Compiles the program once more; it was checked when the design was outlined.
  ///
  /// - Throws: `UserError` as `outline` does.
  public init(_ configuration: Configuration, in setting: RewardSetting) throws {
    program = try ProgramReward.compile(configuration, for: setting.specification)
  }

  /// The program's components with their weights, and the signals that it reads; it relabels.
  ///
  /// - Throws: `UserError` with the line and the column of what cannot be read, or means nothing in the environment.
  public static func outline(_ configuration: Configuration, for specification: Specification) throws -> RewardOutline {
    let program = try compile(configuration, for: specification)
    return RewardOutline(
      program.components.map { RewardComponent($0.name, weight: $0.weight) }, signals: program.signals)
  }

  /// Fills in the agent's discount and the text's digest.
  ///
  /// - Returns: A remark, too, where a discount is named that is not the agent's: shaping is safe with that only.
  public static func settled(
    _ configuration: Configuration, agentDiscount: Double?
  ) -> (configuration: Configuration, remark: String?) {
    var settled = configuration
    settled.discount = configuration.discount ?? agentDiscount ?? 1
    if configuration.digest == nil { settled.digest = RewardProgram.digest(of: configuration.file.text) }
    guard let discount = configuration.discount, let agentDiscount, discount != agentDiscount else {
      return (settled, nil)
    }
    let remark =
      "program(discount=\(discount.written)) is not the agent's discount \(agentDiscount.written): "
      + "shaping may change which policy is best"
    return (settled, remark)
  }

  private static func compile(
    _ configuration: Configuration, for specification: Specification
  ) throws -> CompiledProgram {
    try Check("program.discount", configuration.discount ?? 1, in: 0...1, fix: "program(discount=)").enforce()
    let text = try configuration.file.read()
    if let digest = configuration.digest, digest != RewardProgram.digest(of: text) {
      throw UserError(
        "\(configuration.file.name) has the digest \(RewardProgram.digest(of: text)), not \(digest)",
        fix: "It was changed since; leave digest= out to take it as it is")
    }
    return try CompiledProgram(
      RewardProgram(parsing: text, name: configuration.file.name), for: specification,
      discount: configuration.discount ?? 1)
  }

  /// - Parameter scores: A component for each `reward.NAME`, before its weight.
  /// - Throws: `UserError` for a step whose reward is not a finite number.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) throws {
    try program.evaluate(transitions, into: scores, workers: workers)
  }
}

/// A program's text, read from its file when a configuration is decoded, and written as text, so that a run does not
/// depend on the file.
public struct ProgramText: Codable, Hashable, Sendable {
  /// The text; the path where the file could not be read.
  public let text: String
  /// What errors call it.
  let name: String
  private let failure: UserError?

  /// None, which is refused where it is used.
  public init() {
    text = ""
    name = "the program"
    failure = UserError("the reward 'program' has no program", fix: "Name its file: program(file=my.reward)")
  }

  /// A text.
  public init(text: String, name: String = "the program") {
    // A text of one line would be taken for a path.
    self.text = text.contains { $0.isNewline } ? text : text + "\n"
    self.name = name
    failure = nil
  }

  /// What a file holds; one that cannot be read is reported where it is used.
  public init(path: String) {
    do throws(UserError) {
      self.init(text: try Files.readText(path, as: .program), name: "'\(path)'")
    } catch {
      self.init(failure: error, path: path)
    }
  }

  private init(failure: UserError, path: String) {
    text = path
    name = "'\(path)'"
    self.failure = failure
  }

  /// A text, or a path where there is one line only; nothing where it is empty.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer().decode(String.self)
    if value.isEmpty {
      self.init()
    } else if value.contains(where: { $0.isNewline }) {
      self.init(text: value)
    } else {
      self.init(path: value)
    }
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// The text.
  ///
  /// - Throws: `UserError` when there is none.
  func read() throws(UserError) -> String {
    if let failure { throw failure }
    return text
  }

  /// By the text.
  public static func == (a: ProgramText, b: ProgramText) -> Bool { a.text == b.text }
  /// By the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
