#if MuJoCo
  import Groundwork
  public import ReinforcementLearning

  /// What decides an episode of one of our own scenes besides its seed and its actions.
  public struct SceneConfiguration: Codable, Hashable, Sendable {
    /// Lever, Shelves or Stack.
    public var name = "Stack"
    /// Shelves: which shelf is the right one: 0 and 1 above, left and right, 2 and 3 below, behind latched doors.
    public var shelf = 2
    /// The version of MuJoCo that episodes belong to: this program's, and no other.
    public var engine = Engine.version
    /// Steps, 1 to 100,000; 0 for the scene's own limit.
    public var timeLimit = 0

    /// Stack.
    public init() {}
  }

  /// A scene of our own, where no original exists: `Shelves`, `Stack` and `Lever`.
  ///
  /// **Task.** A hand with two fingers that points away from the robot: put the block on the right shelf, put the red
  /// block on the green one, pull the lever to a height.
  ///
  /// **Actions.** Four numbers in ±1: the hand's way in x, y and z in units of 2 cm, and the fingers', 1 closes. A
  /// number that is none truncates the episode as a fault.
  ///
  /// **Observation.** `observation` float32: the hand (x, y, z, m) and its velocity (m/s); the fingers' ways (m); of
  /// each object place, quaternion, velocities; each joint and its velocity; the goal. Objects and joints: `Shelves`:
  /// the block; the left latch and door, the right latch and door. `Stack`: red, green. `Lever`: the knob; the lever.
  ///
  /// **Signals.** As `OwnTask` has them.
  ///
  /// **Reward.** `Shelves`: 1 in a step after which the block lies on the right shelf and the hand has let go. `Stack`
  /// and `Lever`: 0 to 1, of terms for reaching, moving and being there.
  ///
  /// **Start.** Blocks and the lever's height are drawn. A door's latch is down: the door cannot be opened before the
  /// latch has been lifted 3 cm; then a spring opens it, for the rest of the episode.
  ///
  /// **End.** Never terminated. Truncated after `timeLimit` steps (`Shelves` 200, `Stack` 100, `Lever` 80), and by a
  /// fault.
  ///
  /// **Configuration.** `SceneConfiguration`.
  ///
  /// **Source.** Ours; Ecoffet et al., "First return, then explore", 2021, for the shelves with latched doors.
  public struct SceneTask: Environment, Scripted {
    /// Which scene.
    public typealias Configuration = SceneConfiguration
    /// A class: the model's copies are shared.
    public typealias Plan = TabletopPlan
    /// Three ways and the fingers'.
    public typealias Action = VectorAction

    var base: Tabletop

    /// Without an episode until the first `reset`.
    public init(plan: TabletopPlan) { base = Tabletop(plan: plan) }

    /// - Throws: `UserError` for a scene or a shelf that does not exist, and for a shelf where there is none.
    public static func plan(_ configuration: SceneConfiguration) throws -> TabletopPlan {
      guard OwnScenes.names.contains(configuration.name) else {
        throw UserError.unknown("scene", configuration.name, among: OwnScenes.names)
      }
      try Check("environment.shelf", configuration.shelf, in: 0...3).enforce()
      guard configuration.name == "Shelves" || configuration.shelf == SceneConfiguration().shelf else {
        throw UserError(
          "'manipulation/\(configuration.name)' has no shelves",
          fix: "Leave environment.shelf out, or use manipulation/Shelves")
      }
      return try TabletopPlan(
        name: configuration.name, model: ModelFile(configuration.name), task: TaskFile(configuration.name),
        timeLimit: configuration.timeLimit, engine: configuration.engine,
        goalSite: configuration.name == "Shelves" ? "shelf\(configuration.shelf)" : nil)
    }

    /// Fields, actions and measures of the scene.
    public static func specification(of plan: TabletopPlan) -> Specification {
      Tabletop.specification(of: plan, rewards: 0...1)
    }

    /// Draws an episode.
    public mutating func reset(seed: UInt64) { base.reset(seed: seed) }
    /// Nothing is drawn after the start.
    public mutating func reseed(_ seed: UInt64) {}
    /// Moves the hand, steps the simulation and pays.
    public mutating func step(_ action: VectorAction) -> Transition { base.step(action) }
    /// Writes the observation, and the signals that the row has.
    public func observe(into row: inout ObservationRow) { base.observe(into: &row) }

    /// What our script of the scene does.
    public func expertAction() -> VectorAction {
      let script = HandScript(base)
      switch base.plan.name {
      case "Lever": return script.lever()
      case "Shelves": return script.shelves()
      default: return script.stack()
      }
    }
  }

  extension SceneTask: Drawable {
    /// The scene from above and from the side.
    public func sketch() -> Sketch { base.sketch() }
  }
#endif
