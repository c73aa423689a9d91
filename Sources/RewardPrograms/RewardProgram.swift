public import Groundwork

/// A reward as a short text: assignments of expressions over what a step went through, no loops, no files, no memory.
///
/// It always ends, and one step is paid by that step alone, so any transition can be asked by itself. This is the text
/// as it was parsed: its names mean nothing before it is bound to an environment (`CompiledProgram`). The whole
/// language stands in `docs/reward-programs.md`.
///
///     way = norm(hand - goal)
///     reward.reach = tolerance(way, 0, 0.05, 0.5)
///     reward.hurry weight 0.1 = shaping(-way)
public struct RewardProgram: Sendable {
  /// Where something stands in the text.
  public struct Place: Sendable, Hashable {
    /// From 1.
    public var line: Int
    /// In characters, from 1.
    public var column: Int
  }

  /// An expression; operands are numbers of nodes that come earlier, so a walk over all of them needs no recursion.
  struct Node: Sendable {
    enum Form: Sendable {
      case number(Double)
      case truth(Bool)
      case text(String)
      /// A name that was assigned, or a field.
      case name(String)
      /// What is known of the step itself: `step.reward`.
      case step(String)
      case call(Function, [Int])
      /// An element of a vector, by an index for each axis, or by one for all.
      case element(Int, [Int])
    }

    var form: Form
    var place: Place
  }

  /// A line: what is assigned to.
  struct Statement: Sendable {
    /// Without `reward.`.
    var name: String
    /// Whether it is a component of the reward.
    var isReward: Bool
    /// What a component is multiplied by.
    var weight: Double
    /// The number of the node that is assigned.
    var value: Int
    var place: Place
  }

  /// The whole text.
  public let text: String
  /// What errors call it, for example "'reach.reward'".
  public let name: String
  let nodes: [Node]
  let statements: [Statement]

  /// The most bytes of a text.
  public static let bytes = 64 << 10
  /// The most expressions in it: numbers, names, operators and calls.
  public static let expressions = 4096
  /// The most components: each is kept for every step of a collection.
  public static let mostComponents = 64
  /// The most expressions inside one another.
  public static let depth = 64

  /// - Parameter name: What errors call the program, for example "'reach.reward'".
  /// - Throws: `UserError` with the line and the column of the first thing that cannot be read, and how to write it.
  public init(parsing text: String, name: String = "the program") throws(UserError) {
    guard text.utf8.count <= RewardProgram.bytes else {
      throw UserError(
        "\(name) has \(text.utf8.count) bytes; the most of a reward program are \(RewardProgram.bytes)",
        fix: "Write a shorter one")
    }
    var parser = Parser(try Tokenizer.tokens(of: text, name: name), name: name)
    try parser.parse()
    self.text = text
    self.name = name
    nodes = parser.nodes
    statements = parser.statements
  }

  /// The components that it pays, in order, as `reward.NAME` writes them.
  public var components: [String] { statements.filter(\.isReward).map(\.name) }

  /// `sha256-` and the first 16 hexadecimal digits of the text's SHA-256: what a run knows it by.
  public var digest: String { RewardProgram.digest(of: text) }

  /// The digest of any text.
  public static func digest(of text: String) -> String {
    // The prefix keeps digits from being read as a number.
    "sha256-" + Array(text.utf8).withUnsafeBytes { SHA256.hexadecimal($0, digits: 16) }
  }

  /// An error that begins with the program's name and a place in it.
  func error(at place: Place, _ reason: String, fix: String) -> UserError {
    RewardProgram.error(name, place, reason, fix)
  }

  static func error(_ name: String, _ place: Place, _ reason: String, _ fix: String) -> UserError {
    UserError("\(name), line \(place.line), column \(place.column): \(reason)", fix: fix)
  }
}
