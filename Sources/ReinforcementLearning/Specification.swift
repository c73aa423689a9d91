/// The element type of an observation field.
public enum FieldElement: String, Sendable, Hashable, Codable {
  /// In the machine's byte order, without padding between elements.
  case uint8, int16, int32, float32

  /// Bytes of one element.
  @inlinable public var size: Int {
    switch self {
    case .uint8: 1
    case .int16: 2
    case .int32, .float32: 4
    }
  }
}

/// One named part of an observation: what it is called, its shape and what its numbers mean.
public struct Field: Sendable, Hashable {
  /// Who may read a field.
  public enum Role: String, Sendable, Hashable {
    /// The policy sees it.
    case policy
    /// Only reward models, metrics, cells and tests may read it.
    case signal
  }

  /// How an encoder should take the numbers.
  public enum Kind: Sendable, Hashable {
    /// Numbers whose size means something.
    case numeric
    /// Codes without order; the last axis of the shape holds one code for each count, each in `0..<count`.
    case categorical([Int])
    /// UTF-8 bytes, padded with zeros.
    case text
  }

  /// No two of a specification alike; letters, digits and `_`, so that cells and settings can name it.
  public var name: String
  /// Axes from the slowest; empty for a single number.
  public var shape: [Int]
  /// The type of every element.
  public var element: FieldElement
  /// Who may read it.
  public var role: Role
  /// What the numbers mean to an encoder.
  public var kind: Kind
  /// Lowest and highest value of any element, ends included; infinite where unlimited.
  public var range: ClosedRange<Double>
  /// One line for `forage list` and reports.
  public var summary: String
  /// What the numbers are measured in: units joined by `*` and `/` with exponents, `m`, `rad/s`, `kg*m/s^2`; `1` for a
  /// plain number. Empty where nobody said; reward programs then take any.
  public var unit: String
  /// How many observations the first axis holds, oldest first; 1 where there is no such axis (`FrameStack`).
  public internal(set) var frames = 1

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// That many observations of the field in one, oldest first: `[frames] + shape`.
  func stacked(_ count: Int) -> Field {
    precondition(frames == 1, "a field is stacked once")
    var field = self
    // The last axis of codes counts the codes.
    if case .categorical = kind, shape.isEmpty { field.shape = [1] }
    field.shape = [count] + field.shape
    field.frames = count
    return field
  }

  /// One observation of a stacked field; other fields as they are.
  public var single: Field {
    guard frames > 1 else { return self }
    var field = self
    field.shape.removeFirst()
    field.frames = 1
    return field
  }

  /// A field.
  ///
  /// - Parameters:
  ///   - shape: Empty, the default, for a single number.
  ///   - range: Nil, the default, for all that the element type holds.
  ///   - unit: Empty where nothing is said of it.
  ///   - summary: One line for listings.
  public init(
    _ name: String, shape: [Int] = [], element: FieldElement, role: Role = .policy, kind: Kind = .numeric,
    range: ClosedRange<Double>? = nil, unit: String = "", summary: String = ""
  ) {
    self.name = name
    self.unit = unit
    self.shape = shape
    self.element = element
    self.role = role
    self.kind = kind
    self.range =
      range
      ?? {
        switch element {
        case .uint8: 0...255
        case .int16: -32768...32767
        case .int32: Double(Int32.min)...Double(Int32.max)
        case .float32: -Double.infinity...Double.infinity
        }
      }()
    self.summary = summary
  }

  /// A signal: a number or a vector that the policy does not see.
  public static func signal(
    _ name: String, shape: [Int] = [], element: FieldElement = .float32, range: ClosedRange<Double>? = nil,
    unit: String = "", summary: String = ""
  ) -> Field {
    Field(name, shape: shape, element: element, role: .signal, range: range, unit: unit, summary: summary)
  }

  /// A signal that holds a line of text.
  public static func textSignal(_ name: String, bytes: Int, summary: String = "") -> Field {
    Field(name, shape: [bytes], element: .uint8, role: .signal, kind: .text, summary: summary)
  }
}

/// What an agent may do in a step.
public enum ActionSpecification: Sendable, Hashable {
  /// One of the named actions, numbered from 0.
  case discrete([String])
  /// A vector of numbers, each within its own limits.
  case continuous(low: [Float], high: [Float])

  /// The number of actions, or the length of the vector.
  public var count: Int {
    switch self {
    case .discrete(let names): names.count
    case .continuous(let low, _): low.count
    }
  }

  /// Whether actions are numbered; else they are vectors.
  public var isDiscrete: Bool { if case .discrete = self { true } else { false } }

  /// Whether actions are vectors whose every element has finite limits.
  public var areLimitedVectors: Bool {
    guard case .continuous(let low, let high) = self else { return false }
    return zip(low, high).allSatisfy { $0.isFinite && $1.isFinite && $0 < $1 }
  }
}

/// Shapes, limits and anchors of an environment, derived from its configuration.
public struct Specification: Sendable, Hashable {
  /// What is reported of every episode, at least one; the first is what the task is judged by.
  public var measures: [Measure] {
    didSet { checkMeasures() }
  }
  /// The fields in the order in which the environment numbers them.
  public var fields: [Field]
  /// What a step takes.
  public var actions: ActionSpecification
  /// Whether `legalActions(into:)` ever excludes an action.
  public var hasIllegalActions: Bool
  /// Steps after which an episode is truncated; nil for never. An environment may set another for an episode.
  public var timeLimit: Int?
  /// Lowest and highest reward of one step.
  public var rewards: ClosedRange<Double>
  /// The return from which the environment counts as solved, where the field has agreed on one.
  public var solvedReturn: Double?
  /// Signals that tell places apart, for counts and cells; empty: the policy's own fields do.
  public var cell: [String]
  /// What tells states apart that are worth returning to: parts of a cell expression such as `position` or `speed/2`.
  /// Coarser than `cell` in what random actions mend (a direction), finer in what they must keep (which lock is open).
  /// Empty: `cell`.
  public var archiveCell: [String]
  /// 1, or 2 where two players take turns in a zero-sum game: every action, observation, reward and success is then
  /// the mover's.
  public var players: Int
  /// Whether steps draw random numbers: whether `reseed` can change the future.
  public var isStochastic: Bool
  /// Settings of the environment with which its steps draw nothing, as `--set` takes them behind `environment.`
  /// (`fixedDice=true`); empty where there are none, or nothing is drawn.
  public var stillSettings: [String] = []
  /// What is to be done, in one line, where that follows from the configuration (a user's own task); else empty.
  public var summary = ""
  /// Steps a second of the time that the environment simulates, Hz, above 0: how fast a recording plays. Nil where it
  /// has no clock.
  public var controlFrequency: Double?
  /// By which key a person takes each action, in their order, where the environment has keys of its own; empty: who
  /// lets a person play finds some by the actions' names.
  public var keys: [ActionKey] = []

  /// - Parameter measures: Left out: judged by the return.
  public init(
    measures: [Measure] = [.return(), .length()], fields: [Field], actions: ActionSpecification,
    hasIllegalActions: Bool = false, timeLimit: Int?, rewards: ClosedRange<Double>, solvedReturn: Double? = nil,
    cell: [String] = [], archiveCell: [String] = [], players: Int = 1, isStochastic: Bool = false
  ) {
    self.measures = measures
    self.fields = fields
    self.actions = actions
    self.hasIllegalActions = hasIllegalActions
    self.timeLimit = timeLimit
    self.rewards = rewards
    self.solvedReturn = solvedReturn
    self.cell = cell
    self.archiveCell = archiveCell
    self.players = players
    self.isStochastic = isStochastic
    checkMeasures()
  }

  private func checkMeasures() {
    precondition(!measures.isEmpty, "a task is judged by a measure at least")
    precondition(Set(measures.map(\.name)).count == measures.count, "two measures have the same name")
    for measure in measures {
      guard case .field(let name, let element) = measure.source else { continue }
      precondition(
        field(name).map { $0.kind != .text && $0.count > element } ?? false,
        "the measure '\(measure.name)' reads element \(element) of '\(name)', which is no number of this environment")
    }
  }

  /// The field of that name; of a stacked one the present observation, which `ObservationLayout.place(_:)` finds.
  public func field(_ name: String) -> Field? { fields.first { $0.name == name }?.single }

  /// The fields that the policy sees, in order of declaration.
  public var policyFields: [Field] { fields.filter { $0.role == .policy } }
  /// The fields that it does not see, in order of declaration.
  public var signals: [Field] { fields.filter { $0.role == .signal } }
}
