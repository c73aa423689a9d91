extension Gridworld {
  /// Which objects a phrase such as "the red ball on your left" means.
  struct Description: Hashable, Sendable {
    /// Relative to the agent's direction at the start; a thing can be both left and in front.
    enum Location: UInt8, Sendable, CaseIterable { case left, right, front, behind }

    /// nil: any object.
    var tile: Tile?
    /// nil: any colour.
    var color: Color?
    /// Seen from where the agent starts, in the room where it starts.
    var location: Location?
  }

  /// One clause of an instruction: an action and what it is to be done to.
  struct Clause: Hashable, Sendable {
    /// BabyAI's four instructions: `GoToInstr`, `OpenInstr`, `PickupInstr`, `PutNextInstr`.
    enum Kind: UInt8, Sendable { case goTo, open, pickUp, putNext }

    /// What is to be done.
    var kind = Kind.goTo
    /// In strict mode doing it to another object fails the mission.
    var isStrict = false
    /// Stays true once the clause was done.
    var isDone = false
    /// Identity of what was carried when the clause was last judged; 0 for nothing.
    var carriedBefore: UInt8 = 0
    /// Identities of the objects that are meant, or that are to be moved.
    var objects = UInt128(0)
    /// Identities of the objects that others are put next to.
    var fixedObjects = UInt128(0)
    /// What the clause is about, as said.
    var description = Description()
    /// What the moved object is to be put beside; only of `putNext`.
    var fixedDescription = Description()

    init() {}

    /// A clause that is not done yet; what it means is looked up by `Gridworld.resolve`.
    init(_ kind: Kind, _ description: Description, nextTo fixed: Description = Description(), isStrict: Bool = false) {
      self.kind = kind
      self.description = description
      fixedDescription = fixed
      self.isStrict = isStrict
    }

    /// Walks that the clause needs, for the time limit.
    var walks: Int { kind == .putNext ? 2 : 1 }
  }

  /// One side of an instruction: a clause, or two that may be done in any order.
  struct Part: Hashable, Sendable {
    /// The first clause as said.
    var first = Clause()
    /// The second one, meaningful only in a pair.
    var second = Clause()
    /// Whether there is a second clause.
    var isPair = false
    var isDone = false

    init() {}

    init(_ clause: Clause) { first = clause }

    init(_ a: Clause, and b: Clause) {
      first = a
      second = b
      isPair = true
    }

    /// Walks of its clauses together.
    var walks: Int { first.walks + (isPair ? second.walks : 0) }
  }

  /// A sentence of BabyAI's language: at most two parts of at most two clauses.
  struct Instruction: Hashable, Sendable {
    /// How the two parts follow one another.
    enum Order: UInt8, Sendable {
      /// One part.
      case single
      /// "a, then b"
      case before
      /// "a after you b"
      case after
    }

    /// The part that is said first, which is not always the one that is done first.
    var a = Part()
    /// The part that is said second.
    var b = Part()
    var order = Order.single

    init() {}

    init(_ part: Part) { a = part }

    init(_ clause: Clause) { a = Part(clause) }

    init(_ a: Part, _ order: Order, _ b: Part) {
      self.a = a
      self.b = b
      self.order = order
    }

    /// Walks that the whole needs.
    var walks: Int { a.walks + (order == .single ? 0 : b.walks) }

    /// Applies a function to each clause, in the order in which they are said.
    mutating func forEachClause(_ body: (inout Clause) -> Void) {
      body(&a.first)
      if a.isPair { body(&a.second) }
      guard order != .single else { return }
      body(&b.first)
      if b.isPair { body(&b.second) }
    }
  }
}
