/// An environment whose steps can be written as lines of text, for agents that ask a language model.
///
/// It is a way to write what the policy sees, and shows nothing else: a row of the policy's fields becomes a line.
public protocol TextForm: Environment {
  /// How its episodes are written.
  static func textRules(of plan: Plan) -> TextRules
}

/// How the episodes of an environment are written: a line or more for each state, action, reward and end.
public struct TextRules: Sendable {
  /// A state as conjuncts of an assertion.
  public struct State: Sendable, Hashable {
    /// What the policy sees: as many conjuncts as `TextRules.conjuncts`.
    public var fact: String
    /// What follows from it and is easily overlooked; empty for nothing.
    public var hint: String

    /// A state of those conjuncts.
    public init(_ fact: String, hint: String = "") {
      self.fact = fact
      self.hint = hint
    }
  }

  /// Lines that begin an episode, each with its end.
  public var opening: String
  /// Lines of every action, in the order of the actions; the first lines differ.
  public var actions: [String]
  /// Conjuncts of a state without its hint.
  public var conjuncts: Int
  /// What every state's line begins with.
  public var stateStart: String
  /// Lines between a reward's and the end's.
  public var afterReward: String
  private let write: @Sendable (TextRow) -> State

  /// - Parameters:
  ///   - opening: Ends with a line's end; so do the actions and `afterReward`, where it is not empty.
  ///   - state: A row's state; it begins as `stateStart` goes on after `assert `.
  public init(
    opening: String, actions: [String], stateStart: String, conjuncts: Int = 1, afterReward: String = "",
    state: @escaping @Sendable (TextRow) -> State
  ) {
    precondition(([opening] + actions).allSatisfy { $0.hasSuffix("\n") }, "a line has an end")
    precondition(Set(actions.map { $0.prefix { $0 != "\n" } }).count == actions.count, "two actions read alike")
    self.opening = opening
    self.actions = actions
    self.stateStart = "assert " + stateStart
    self.conjuncts = conjuncts
    self.afterReward = afterReward
    write = state
  }

  /// The state that a row shows.
  public func state(_ row: UnsafeRawPointer, _ layout: ObservationLayout) -> State { write(TextRow(row, layout)) }

  /// A state's line, with its end.
  public func line(of state: State, showingHint: Bool = true) -> String {
    "assert \(state.fact)" + (showingHint && !state.hint.isEmpty ? " and \(state.hint)\n" : "\n")
  }

  /// The state that a line says; nil for one that does not begin as states do or has too few conjuncts.
  ///
  /// - Parameter line: Without its end.
  public func state(ofLine line: String) -> State? {
    guard line.hasPrefix(stateStart) else { return nil }
    let parts = line.dropFirst("assert ".count).split(separator: " and ", omittingEmptySubsequences: false)
    guard parts.count >= conjuncts, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    return State(
      parts.prefix(conjuncts).joined(separator: " and "), hint: parts.dropFirst(conjuncts).joined(separator: " and "))
  }

  /// What a reward's line begins with.
  public static let rewardStart = "assert reward == "

  /// A reward's lines; a whole number without a point.
  public func lines(ofReward reward: Float) -> String {
    let isWhole = reward == reward.rounded() && abs(reward) < 1e9
    return Self.rewardStart + (isWhole ? "\(Int(reward))" : "\(reward)") + "\n" + afterReward
  }

  /// What ends an answer that is a reward: its last line's end.
  public var rewardStop: String { afterReward.isEmpty ? "\n" : "()\n" }

  /// The line that says whether the episode ended.
  public static func line(ofEnd isOver: Bool) -> String { isOver ? "assert done\n" : "assert not done\n" }
}

/// The policy's fields of a row, by name.
public struct TextRow {
  private let row: UnsafeRawPointer
  private let layout: ObservationLayout

  init(_ row: UnsafeRawPointer, _ layout: ObservationLayout) {
    self.row = row
    self.layout = layout
  }

  /// An element of a field that the policy sees; the present observation of a stacked one.
  public subscript(field: String, element: Int) -> Double {
    guard let place = layout.place(field), place.field.role == .policy, element < place.field.count else {
      preconditionFailure("the policy sees no element \(element) of '\(field)'")
    }
    return Rollout.read(row, place, at: element)
  }

  /// The same of a whole number.
  public func integer(_ field: String, _ element: Int = 0) -> Int { Int(self[field, element]) }
}

extension TextRules {
  /// A number with two digits after the point.
  public static func hundredths(_ value: Double) -> String {
    guard abs(value) < 1e15 else { return "\(value)" }
    let rounded = Int((abs(value) * 100).rounded())
    let digits = rounded % 100
    return (value < 0 && rounded > 0 ? "-" : "") + "\(rounded / 100)." + (digits < 10 ? "0" : "") + "\(digits)"
  }
}
