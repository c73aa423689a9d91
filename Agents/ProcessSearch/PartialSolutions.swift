public import ReinforcementLearning

/// A batch of states in the middle of a solution, as a proposer or a judge is shown them.
///
/// A view of the search's memory, valid during the call that it is handed to. A network reads the rows as they lie
/// (`rows`, `rowBytes`, `indices`); a language model reads `text(of:)`, which puts together the state's own text
/// signals and the steps so far.
public struct PartialSolutions {
  /// The states of this batch.
  public let count: Int
  /// Where each field lies in a row: the policy's fields, then the signals that proposer and judge asked for.
  public let layout: ObservationLayout
  /// Observation rows; state i has the row `indices[i]`.
  public let rows: UnsafeRawPointer
  /// `[count]`
  public let indices: UnsafePointer<Int32>
  /// Actions that are legal and that the search has not tried yet, `[., actions]` by `indices`.
  public let open: UnsafePointer<Bool>
  /// Names of the actions.
  public let actionNames: [String]
  /// The steps from the root of the search, by number of the row.
  let history: (Int) -> [Int]
  /// What each state's draws come from, `[count]`.
  let seeds: UnsafePointer<UInt64>

  /// Bytes from one row to the next.
  public var rowBytes: Int { layout.rowBytes }

  /// The observation row of a state.
  public func row(of state: Int) -> UnsafeRawPointer { rows + Int(indices[state]) * layout.rowBytes }

  /// Actions that may be proposed for a state, `[actions]`; at least one is true.
  public func openActions(of state: Int) -> UnsafeBufferPointer<Bool> {
    UnsafeBufferPointer(start: open + Int(indices[state]) * actionNames.count, count: actionNames.count)
  }

  /// A seed of the state's own: what is drawn from it depends neither on the other states nor on their order.
  public func seed(of state: Int) -> UInt64 { seeds[state] }

  /// The actions from the root of the search to a state.
  public func steps(of state: Int) -> [Int] { history(Int(indices[state])) }

  /// A state in words: each text signal that was asked for, a line each with its name, then the steps so far.
  ///
  /// For example "text: make 24 from 3 3 8 8; 8 / 3 = 8/3; left 8/3 3 8\nsteps: c/a".
  public func text(of state: Int) -> String {
    let row = row(of: state)
    var lines = layout.places.filter { $0.field.kind == .text }.compactMap(\.singles.last).map {
      "\($0.field.name): \(Rollout.readText(row, $0))"
    }
    lines.append("steps: " + steps(of: state).map { actionNames[$0] }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}

/// Proposes the next steps of partial solutions.
///
/// Implemented by a policy network (`NetworkProposer`); a language model implements the same three members: it names
/// the text signals that it reads, asks for `states.text(of:)` and `actionNames` where it writes its prompts (all
/// states of a call are one batch of completions), and maps each answer back to an open action. An answer that names
/// none is left out, so a state may get fewer proposals than asked for, or none.
public protocol StepProposer: AnyObject {
  /// Names of the signals that it reads.
  var signals: [String] { get }

  /// Proposes up to `count` different open actions for every state, the most wanted first.
  ///
  /// - Parameters:
  ///   - temperature: What the logarithms of the probabilities are divided by before different actions are drawn; 0
  ///     takes the most probable ones.
  ///   - proposals: Cleared by the caller.
  /// - Throws: What a model behind it throws; the search then stops.
  func propose(_ states: PartialSolutions, count: Int, temperature: Double, into proposals: inout StepProposals) throws
}

/// Says how far partial solutions have come, from 0 (nothing right, or wrong) to 1 (solved).
///
/// Implemented by a value network (`NetworkJudge`); a language model reads `states.text(of:)` as a proposer does.
public protocol StepJudge: AnyObject {
  /// Names of the signals that it reads.
  var signals: [String] { get }

  /// Writes the value of every state, `[states.count]`; the search clips it to 0...1.
  func score(_ states: PartialSolutions, into values: UnsafeMutableBufferPointer<Float>) throws
}

extension StepProposer {
  /// Default: none.
  public var signals: [String] { [] }
}

extension StepJudge {
  /// Default: none.
  public var signals: [String] { [] }
}

/// The proposals for a batch of states.
public struct StepProposals {
  /// An action and how probable the proposer thinks it is.
  public struct Proposal: Sendable, Hashable {
    /// Its number; one that is open in the state.
    public var action: Int
    /// 0 to 1, before the temperature.
    public var probability: Float

    /// A proposal of those two.
    public init(action: Int, probability: Float) {
      self.action = action
      self.probability = probability
    }
  }

  private var proposals: [[Proposal]] = []

  /// Room for no state; `clear` makes some.
  public init() {}

  /// Makes room for the proposals of `count` states and forgets what was there.
  public mutating func clear(count: Int) {
    for index in proposals.indices { proposals[index].removeAll(keepingCapacity: true) }
    while proposals.count < count { proposals.append([]) }
  }

  /// Adds a state's next proposal; the state is one of those that `clear` made room for.
  public mutating func add(_ proposal: Proposal, to state: Int) { proposals[state].append(proposal) }

  /// A state's proposals in the order in which they were added.
  public subscript(state: Int) -> [Proposal] { proposals[state] }
}
