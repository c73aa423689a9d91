public import Groundwork

/// An environment with its configuration and its plan, its type erased: what a run is given to make batches of.
///
/// The plan is made here, once, and shared by every batch and arena; copies of a recipe share it too.
public struct EnvironmentRecipe: Sendable {
  /// The catalog's id, for example `gridworld/DoorKey-8x8`.
  public let id: String
  /// The configuration as a document: what a run or a replay records.
  public let configuration: JSON
  /// Shapes, limits and anchors, as the plan has them.
  public let specification: Specification
  /// Whether the environment has a picture.
  public let isDrawable: Bool
  /// Whether the picture is a map of the states.
  public let isMapped: Bool
  /// Whether states have digests.
  public let isSearchable: Bool
  /// Whether states can be kept as bytes (`Packable`).
  public let isPackable: Bool
  /// Whether the environment knows how its task is done.
  public let hasExpert: Bool
  /// How many observations rows show at once; 1 for the present one alone (`FrameStack`).
  public var frameStack: Int { specification.policyFields.first?.frames ?? 1 }
  /// Bytes of one snapshot, without what its arrays hold.
  public let snapshotBytes: Int
  /// The fields of the goal and what goals pay; nil where rewards do not depend on a goal in the observation.
  public let goal: GoalRule?
  /// How episodes are written as text; nil where they cannot be.
  public let textRules: TextRules?
  /// Which settings are fixed by the id, and which only choose among episodes.
  let roles: SettingRoles
  /// What an agent that holds this recipe may do with it; nil where nobody is limited.
  private var limits: Limits?
  private let make: @Sendable (EnvironmentRecipe, _ slots: Int, _ firstSlot: Int, _ seed: UInt64) -> EnvironmentBatch
  private let makeSnapshots: @Sendable (_ capacity: Int) -> any SnapshotStorage
  private let change: @Sendable (JSON) throws -> EnvironmentRecipe
  private let removeOpponent: @Sendable () throws -> EnvironmentRecipe?

  /// - Throws: `UserError` when no environment can be made of that configuration.
  public init<E: Environment>(
    id: String, _ type: E.Type, configuration: E.Configuration, roles: SettingRoles = SettingRoles()
  ) throws {
    try self.init(id: id, type, configuration: configuration, roles) { changes in
      try Self.changing(changes, of: FrameStack<E>.Configuration(base: configuration), id: id, type, roles)
    }
  }

  /// An environment of a configuration with `frameStack`, some values replaced: the type itself where that is 1.
  static func changing<E: Environment>(
    _ changes: JSON, of configuration: FrameStack<E>.Configuration, id: String, _ type: E.Type, _ roles: SettingRoles
  ) throws -> EnvironmentRecipe {
    try roles.check(changes, against: JSON(encoding: configuration), id: id)
    let changed = try Settings.apply(changes, to: configuration, of: "'\(id)'", path: "environment.")
    guard changed.frameStack != 1 else {
      return try EnvironmentRecipe(id: id, type, configuration: changed.base, roles: roles)
    }
    return try EnvironmentRecipe(id: id, FrameStack<E>.self, configuration: changed, roles) { changes in
      try Self.changing(changes, of: changed, id: id, type, roles)
    }
  }

  private init<E: Environment>(
    id: String, _ type: E.Type, configuration: E.Configuration, _ roles: SettingRoles,
    change: @escaping @Sendable (JSON) throws -> EnvironmentRecipe
  ) throws {
    let plan = try E.plan(configuration)
    let specification = E.specification(of: plan)
    self.id = id
    self.roles = roles
    self.specification = specification
    self.configuration = JSON(encoding: configuration)
    snapshotBytes = MemoryLayout<Snapshot<E>>.stride
    isDrawable = type is any Drawable.Type
    isMapped = type is any Mapped.Type
    isSearchable = type is any Searchable.Type
    isPackable = type is any Packable.Type
    hasExpert = type is any Scripted.Type
    if let type = type as? any GoalConditioned.Type {
      goal = Self.goal(type, plan: plan, specification)
    } else {
      goal = nil
    }
    if let type = type as? any TextForm.Type { textRules = Self.textRules(type, plan) } else { textRules = nil }
    make = { recipe, slots, firstSlot, seed in
      let storage = SlotStorage(
        type, plan: plan, specification: specification, count: slots, firstSlot: firstSlot, seed: seed)
      return EnvironmentBatch(recipe: recipe, firstSlot: firstSlot, storage: storage)
    }
    makeSnapshots = { capacity in
      TypedSnapshotStorage(type, plan: plan, specification: specification, capacity: capacity)
    }
    self.change = change
    removeOpponent = {
      guard let type = type as? any TurnTaking.Type else { return nil }
      return try Self.selfPlay(type, configuration).map(change)
    }
  }

  private static func goal<G: GoalConditioned>(
    _ type: G.Type, plan: any Sendable, _ specification: Specification
  ) -> GoalRule {
    guard let plan = plan as? G.Plan else { preconditionFailure("one type has two plans") }
    return GoalRule(type, plan: plan, specification: specification)
  }

  private static func textRules<T: TextForm>(_ type: T.Type, _ plan: any Sendable) -> TextRules {
    guard let plan = plan as? T.Plan else { preconditionFailure("one type has two plans") }
    return T.textRules(of: plan)
  }

  private static func selfPlay<T: TurnTaking>(_ type: T.Type, _ configuration: any Sendable) -> JSON? {
    guard let configuration = configuration as? T.Configuration else {
      preconditionFailure("one type has two configurations")
    }
    return T.selfPlay(configuration).map { JSON(encoding: $0) }
  }

  /// The same environment with some of the configuration's values replaced.
  ///
  /// - Throws: `UserError` for a key that does not exist, a value of another type, or rules that cannot be.
  public func changing(_ changes: JSON) throws -> EnvironmentRecipe { limited(try change(changes)) }

  /// The environment that a document describes whole, as replays and runs record it: what it does not name is as it
  /// would be without a word, not as it is here.
  ///
  /// - Parameter frameStack: How many observations rows show all the same; nil for what was recorded. Rules do not
  ///   depend on it.
  /// - Throws: `UserError` as `changing` does.
  func recorded(_ configuration: JSON, frameStack: Int? = nil) throws -> EnvironmentRecipe {
    var document = configuration
    if let frameStack {
      document.set(["frameStack"], .integer(frameStack))
    } else if document["frameStack"] == nil {
      document.set(["frameStack"], 1)
    }
    return try changing(document)
  }

  /// The game in which both players' moves are the agent's; nil where there is no opponent to take out.
  public var selfPlay: EnvironmentRecipe? { (try? removeOpponent()).map(limited) }

  /// What agents are handed: batches of it cannot be copied, no arena can be made of it, and rows show no other
  /// signals than these and those that measures read. Who needs copies is granted a `Simulator`.
  func limited(toSignals signals: [String]) -> EnvironmentRecipe {
    var recipe = self
    recipe.limits = Limits(signals: signals + specification.measuredSignals)
    return recipe
  }

  /// The same without limits, for what floor 1 does itself: stepping a saved episode again.
  var unlimited: EnvironmentRecipe {
    var recipe = self
    recipe.limits = nil
    return recipe
  }

  private struct Limits {
    var signals: [String]
  }

  private func limited(_ other: EnvironmentRecipe) -> EnvironmentRecipe {
    var other = other
    other.limits = limits
    return other
  }

  /// Whether states may be copied.
  var allowsCopies: Bool { limits == nil }

  /// Whether rows of that layout hold only what may be read.
  func shows(_ layout: ObservationLayout) -> Bool {
    guard let limits else { return true }
    return layout.places.allSatisfy { $0.field.role == .policy || limits.signals.contains($0.field.name) }
  }

  /// Room for snapshots of this environment.
  ///
  /// - Parameter signals: What `SnapshotArena.observe` writes beside the policy's fields.
  public func makeArena(capacity: Int, signals: [String] = []) -> SnapshotArena {
    precondition(allowsCopies, "arenas are a planner's: they come with the granted simulator")
    let layout = ObservationLayout(specification, signals: signals)
    return SnapshotArena(recipe: self, layout: layout, storage: makeSnapshots(capacity))
  }

  /// Room for snapshots of which only some fields are looked at.
  ///
  /// - Parameter fields: What `SnapshotArena.observe` writes, and nothing else.
  public func makeArena(capacity: Int, fields: [String]) -> SnapshotArena {
    precondition(allowsCopies, "arenas are a planner's: they come with the granted simulator")
    let layout = ObservationLayout(specification, fields: fields)
    return SnapshotArena(recipe: self, layout: layout, storage: makeSnapshots(capacity))
  }

  /// A batch whose slots are numbered from `firstSlot` in the run of that seed.
  public func makeBatch(slots: Int, firstSlot: Int = 0, seed: UInt64) -> EnvironmentBatch {
    make(self, slots, firstSlot, seed)
  }
}
