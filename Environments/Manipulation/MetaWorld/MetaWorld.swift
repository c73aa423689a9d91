#if MuJoCo
  public import ReinforcementLearning

  /// A task of MetaWorld (v3) on the real MuJoCo, bit for bit the Python package's, as a value.
  ///
  /// **Task.** A robot's arm (Sawyer) with two fingers does what the task's name says; `docs/manipulation.md` lists all
  /// fifty.
  ///
  /// **Actions.** A vector of four numbers: the hand's way in x, y and z, ±1, in centimetres (what lies outside is
  /// clipped), and the fingers' effort, 1 closes (not clipped). A number that is none truncates the episode as a fault.
  ///
  /// **Observation.** `observation` [39] float32: hand (x, y, z, metres), the fingers' opening (0 to 1), the object's
  /// place and quaternion, seven numbers of a second object (0 where there is none); the same eighteen of the step
  /// before; the goal (0 where it is hidden).
  ///
  /// **Signals.** `nearObject`, `graspSuccess`, `graspReward`, `inPlaceReward`, `objectToTarget`: the numbers of the
  /// package's `info`; `term_NAME`: what each term adds to the reward; `hand`, `object`, `goal`, float32 [3];
  /// `reachDistance` from hand to object and `goalDistance` from object to goal, m; `fault`, 1 in a step that broke the
  /// simulation; `cell` uint8 [6], hand and object in cubes of 5 cm.
  ///
  /// **Reward.** The package's second version, 0 to 10 a step.
  ///
  /// **Start.** One of fifty vectors says where object and goal are; the hand settles in 250 substeps.
  ///
  /// **End.** Never terminated. Truncated after `timeLimit` steps, and by a fault: a simulation that became unstable
  /// goes back to where it was before the step and pays nothing.
  ///
  /// **Configuration.** `MetaWorldConfiguration`.
  ///
  /// **Source.** Yu et al., "Meta-World", 2020; the package `metaworld` 3.1.1, checked number by number.
  public struct MetaWorld: Environment, Scripted {
    /// Which task, which vectors, and what is seen of the goal.
    public typealias Configuration = MetaWorldConfiguration
    /// A class: the model's copies are shared by all slots, snapshots and evaluations of a recipe.
    public typealias Plan = MetaWorldPlan
    /// Three ways and an effort.
    public typealias Action = VectorAction

    /// Task, vectors and model.
    public let plan: MetaWorldPlan
    /// The simulation's state: what `Physics.stateParts` names.
    var state: [Double]
    /// What the reset computed.
    var notes = Notes()
    /// What the reset moved.
    var moves: [Scene.Move] = []
    /// The observation, the goal always shown, and then its first eighteen numbers as they are before they are clipped.
    var view: [Double]
    /// What the last step was worth.
    var payment = Payment(near: false, grasp: 0, inPlace: 0, distance: 0, success: false)
    /// Whether the last step broke the simulation.
    var isBroken = false
    /// Whether the start broke it, which ends the episode with its first step.
    private var isVoid = false

    /// Numbers of one moment's hand and objects.
    static let frame = 18

    /// Without an episode until the first `reset`.
    public init(plan: MetaWorldPlan) {
      self.plan = plan
      state = Array(repeating: 0, count: plan.stateCount)
      view = Array(repeating: 0, count: 2 * Self.frame + 3 + Self.frame)
    }

    /// Draws the vectors and loads the model, which takes a fifth of a second.
    ///
    /// - Throws: `UserError` when models or library are not there, or a setting is refused.
    public static func plan(_ configuration: MetaWorldConfiguration) throws -> MetaWorldPlan {
      try MetaWorldPlan(configuration)
    }

    /// Draws the vector of that seed, lets the hand settle and puts the objects.
    public mutating func reset(seed: UInt64) { reset(to: plan.vector(seed: seed)) }

    /// Nothing is drawn after the start.
    public mutating func reseed(_ seed: UInt64) {}

    /// Moves the hand, steps the simulation five times and pays.
    public mutating func step(_ action: VectorAction) -> Transition {
      guard action[0].isFinite && action[1].isFinite && action[2].isFinite && action[3].isFinite else { return fail() }
      guard !isVoid else { return fail() }
      let plan = plan
      return plan.pool.withPhysics { physics in
        physics.restore(state)
        for move in moves { physics.apply(move) }
        guard physics.drive(action, within: plan.task.handBox) else { return fail() }
        isBroken = false
        var scene = Scene(physics, notes)
        look(&scene, afterStep: true)
        payment = plan.task.pay(&scene, action[3])
        notes = scene.notes
        physics.save(into: &state)
        return Transition(reward: Float(payment.total.value), success: payment.success)
      }
    }

    /// The state before the step stays, and the episode is cut.
    private mutating func fail() -> Transition {
      isBroken = true
      payment = Payment(near: false, grasp: 0, inPlace: 0, distance: 0, success: false)
      return Transition(reward: 0, outcome: .truncated)
    }

    /// Starts from a vector.
    mutating func reset(to numbers: [Double]) {
      let draw = Draw(numbers)
      let plan = plan
      plan.pool.withPhysics { physics in
        // The package resets twice, so that while the hand settles everything that is moved has been moved.
        physics.reset()
        var rehearsal = Scene(physics, Notes())
        rehearsal.forward()
        plan.task.place(&rehearsal, draw)
        physics.reset()
        physics.settle(at: plan.task.handStart)
        var scene = Scene(physics, Notes())
        scene.notes.hand = scene.tcp
        plan.task.place(&scene, draw)
        notes = scene.notes
        moves = scene.moves
        isVoid = !physics.isStable
        look(&scene, afterStep: false)
        physics.save(into: &state)
      }
      payment = Payment(near: false, grasp: 0, inPlace: 0, distance: 0, success: false)
      isBroken = false
    }

    /// What the package's policy of this task does.
    public func expertAction() -> VectorAction {
      let seen = ExpertView(
        hand: Vector(view[0], view[1], view[2]), opened: view[3], object: Vector(view[4], view[5], view[6]),
        second: Vector(view[11], view[12], view[13]), goal: Vector(view[36], view[37], view[38]))
      let order = plan.task.expert(seen)
      let way = order.gain * (order.to - seen.hand)
      var values = SIMD16<Float>.zero
      for axis in 0..<3 { values[axis] = min(max(Float(way[axis]), -1), 1) }
      values[3] = Float(order.grip)
      return VectorAction(values)
    }
  }
#endif
