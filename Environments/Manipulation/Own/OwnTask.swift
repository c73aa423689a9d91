#if MuJoCo
  public import ReinforcementLearning

  /// Which model and task file are played.
  public struct OwnConfiguration: Codable, Hashable, Sendable {
    /// A model in MuJoCo's XML; a path, or `Lever`, `Shelves` or `Stack`.
    public var model = ModelFile("Stack")
    /// What is done with it: a task file in YAML; a path, or `Lever`, `Shelves` or `Stack`.
    public var task = TaskFile("Stack")
    /// The version of MuJoCo that episodes belong to: this program's, and no other.
    public var engine = Engine.version
    /// Steps, 1 to 100,000; 0 for the task file's horizon.
    public var timeLimit = 0

    /// Stack, by its files.
    public init() {}
  }

  /// A task of the user's own: a MuJoCo model and a file that says what is done with it.
  ///
  /// **Task.** What the task file says; `docs/manipulation.md` describes the format.
  ///
  /// **Actions.** A vector in ±1, what lies outside is clipped. A mocap hand: its way in x, y and z in units of the
  /// task's `step`, and where it has fingers one number that closes them. Else one number for each actuator, from the
  /// lower to the upper end of its control range. A number that is none truncates the episode as a fault.
  ///
  /// **Observation.** `observation` float32: the hand (x, y, z, m) and its velocity (m/s); each finger's joint; of each
  /// object place, quaternion (w, x, y, z), velocity and angular velocity (rad/s); each joint and its velocity; the
  /// goal.
  ///
  /// **Signals.** `hand`, `goal`, `object_NAME`, m, [3]; `joint_NAME`; `term_NAME`: what each term adds to the reward;
  /// `reachDistance`, `goalDistance`, m, of the first object; `fault`; `cell`, the task's own or cubes of 5 cm.
  ///
  /// **Reward.** The weighted sum of the task's terms.
  ///
  /// **Start.** Objects and goal are drawn from the task's ranges.
  ///
  /// **End.** Never terminated. Truncated after `timeLimit` steps, and by a fault.
  ///
  /// **Configuration.** `OwnConfiguration`.
  ///
  /// **Source.** Ours.
  public struct OwnTask: Environment {
    /// Model and task.
    public typealias Configuration = OwnConfiguration
    /// A class: the model's copies are shared.
    public typealias Plan = TabletopPlan
    /// As many numbers as the task has.
    public typealias Action = VectorAction

    var base: Tabletop

    /// Without an episode until the first `reset`.
    public init(plan: TabletopPlan) { base = Tabletop(plan: plan) }

    /// - Throws: `UserError` for files that cannot be used.
    public static func plan(_ configuration: OwnConfiguration) throws -> TabletopPlan {
      try TabletopPlan(
        name: "Own", model: configuration.model, task: configuration.task, timeLimit: configuration.timeLimit,
        engine: configuration.engine)
    }

    /// Fields, actions and measures of the task.
    public static func specification(of plan: TabletopPlan) -> Specification {
      Tabletop.specification(of: plan, rewards: nil)
    }

    /// Draws an episode.
    public mutating func reset(seed: UInt64) { base.reset(seed: seed) }
    /// Nothing is drawn after the start.
    public mutating func reseed(_ seed: UInt64) {}
    /// Moves the hand, steps the simulation and pays.
    public mutating func step(_ action: VectorAction) -> Transition { base.step(action) }
    /// Writes the observation, and the signals that the row has.
    public func observe(into row: inout ObservationRow) { base.observe(into: &row) }
  }

  extension OwnTask: Drawable {
    /// The model from above and from the side.
    public func sketch() -> Sketch { base.sketch() }
  }
#endif
