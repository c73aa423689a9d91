/// A task simulated one step at a time, as a value: copying it is taking a snapshot.
///
/// An episode is a pure function of (configuration, seed, actions): nothing else may reach it, no clock, no
/// global generator, no order of a `Set`. An environment is a struct whose arrays are copied when they are
/// written, so a snapshot costs a reference count and the first write after it a copy.
///
/// An environment is not a game loop: it neither counts episodes nor enforces the time limit nor resets itself;
/// `EnvironmentBatch` does. It knows nothing of agents, reward designs and drawing.
///
/// An author writes `Configuration`, `specification`, `init(plan:)`, `reset`, `reseed`, `step` and `observe`, and
/// `plan` where a configuration can be wrong or much follows from it. What only some environments can do are protocols
/// that refine this one: `Drawable`, `Mapped`, `Searchable`, `TurnTaking`, `GoalConditioned`, `Scripted`,
/// `TextForm`.
///
/// **State outside the value.** Where the state lives in a C library's slot, the value holds a reference to a class
/// that owns the slot: a lease. `init(plan:)` takes none, the first `reset` does. `reset`, `step` and `reseed` change
/// the slot in place when the reference is unique (`isKnownUniquelyReferenced`); else the value has been copied, and it
/// first writes the state to a slot of its own, so that the copy keeps the moment it was taken at. A lease may instead
/// hold the state as bytes that never change, from which the next step or observation restores a slot, so that an
/// archive of thousands of snapshots needs no more slots than are stepped at once. The pool of slots belongs to the
/// plan. Copies of one value may be read by several threads, so a lock guards what the lease changes on reading.
///
/// A conforming type's documentation has these headings: Task, Actions, Observation, Signals, Reward, Start,
/// End, Configuration, Source.
public protocol Environment: _CompiledLoops {
  /// The parameters of the rules; every field has a default and a documented range.
  associatedtype Configuration: Codable & Hashable & Sendable
  /// What follows from a configuration and never changes: levels, models, tables, the files that were read. Made once
  /// for an `EnvironmentRecipe` and shared by all its slots, snapshots and evaluations; large ones are classes.
  associatedtype Plan: Sendable = Configuration
  /// What a step takes: a `DiscreteAction`, an `IndexAction` where the number of actions is configured, or a
  /// `VectorAction`.
  associatedtype Action: ActionCoding

  /// Makes the plan. Default where the plan is the configuration: it is returned as it is.
  ///
  /// - Throws: `UserError` with reason and fix for a configuration that no environment can be made of.
  static func plan(_ configuration: Configuration) throws -> Plan

  /// Shapes, limits and anchors of an environment of that plan.
  static func specification(of plan: Plan) -> Specification

  /// An environment that must be reset before its first step.
  init(plan: Plan)

  /// Starts a new episode, which depends on the configuration and the seed alone.
  mutating func reset(seed: UInt64)

  /// Keeps the present and replaces what will be drawn from here on: what a planner does to its copies.
  mutating func reseed(_ seed: UInt64)

  /// One step. - Complexity: allocates nothing.
  mutating func step(_ action: Action) -> Transition

  /// Writes the named fields of the present state.
  func observe(into row: inout ObservationRow)

  /// Marks the illegal actions as `false` in a mask of `true`, one element an action. Default: all are legal.
  func legalActions(into mask: inout MutableSpan<Bool>)

  /// Steps after which this episode is truncated. Default: the specification's, which is passed in.
  func timeLimit(default limit: Int) -> Int
}

extension Environment {
  /// Default: every action is legal.
  @inlinable public func legalActions(into mask: inout MutableSpan<Bool>) {}

  /// Default: the specification's limit.
  @inlinable public func timeLimit(default limit: Int) -> Int { limit }

  /// An environment with a plan of its own.
  ///
  /// - Throws: `UserError` when no environment can be made of that configuration.
  public init(configuration: Configuration) throws { self.init(plan: try Self.plan(configuration)) }
}

extension Environment where Plan == Configuration {
  /// The configuration itself, with nothing refused.
  public static func plan(_ configuration: Configuration) throws -> Configuration { configuration }
}

/// How an episode stands after a step.
public enum Outcome: UInt8, Sendable, Hashable {
  /// It goes on.
  case running = 0
  /// The decision process ended: there is nothing to bootstrap from.
  case terminated = 1
  /// The episode was cut, by the time limit or by the environment: its value goes on.
  case truncated = 2
}

/// What one step gave.
public struct Transition: Sendable, Hashable {
  /// The environment's reward.
  public var reward: Float
  /// How the episode stands after the step; the batch adds truncation by the time limit.
  public var outcome: Outcome
  /// Whether the task was done in this step, by the environment's own rule; false where a task knows no such thing.
  /// Reported where success is one of the specification's measures.
  public var success: Bool

  /// A step of an episode that goes on, unless it is said otherwise.
  @inlinable public init(reward: Float, outcome: Outcome = .running, success: Bool = false) {
    self.reward = reward
    self.outcome = outcome
    self.success = success
  }
}
