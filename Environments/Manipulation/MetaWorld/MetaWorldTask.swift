#if MuJoCo
  /// A box, ends included.
  struct Box: Sendable {
    var low, high: Vector

    init(_ low: Vector, _ high: Vector) { (self.low, self.high) = (low, high) }
  }

  /// A reset's random vector: where the object goes, and where the goal where that is drawn too.
  struct Draw: Sendable {
    /// The first three numbers.
    var object: Vector
    /// The last three; the same as the first where there are no more.
    var goal: Vector

    init(_ numbers: [Double]) {
      object = Vector(numbers[0], numbers[1], numbers[2])
      goal = numbers.count > 3 ? Vector(numbers[3], numbers[4], numbers[5]) : object
    }
  }

  /// What an expert sees: the observation.
  struct ExpertView {
    var hand: Vector
    var opened: Double
    var object, second, goal: Vector

    /// Whether the hand is so near a place in the plane and in height.
    func isAbout(_ place: Vector, _ radius: Double, _ height: Double) -> Bool {
      plane(hand - place) <= radius && abs(hand.z - place.z) <= height
    }
  }

  /// What an expert does: goes towards a place, `gain` times the way there, and grips.
  struct Order {
    var to: Vector
    var gain, grip: Double
  }

  /// What a step is worth, and the numbers that MetaWorld tells of it.
  struct Payment {
    /// The reward.
    var total: Promoted = 0
    /// What each of the task's named terms adds to it.
    var terms = SIMD4<Double>.zero
    var success: Bool
    var nearObject: Double
    var graspSuccess = false
    var graspReward: Double
    var inPlaceReward: Double
    var objectToTarget: Double

    init(near: Double, grasp: Promoted, inPlace: Promoted, distance: Double, success: Bool) {
      nearObject = near
      graspReward = grasp.value
      inPlaceReward = inPlace.value
      objectToTarget = distance
      self.success = success
    }

    init(near: Bool, grasp: Promoted, inPlace: Promoted, distance: Double, success: Bool) {
      self.init(near: near ? 1 : 0, grasp: grasp, inPlace: inPlace, distance: distance, success: success)
    }

    /// Adds to a term and to the reward.
    mutating func add(_ term: Int, _ value: Promoted) {
      total = total + value
      terms[term] += value.value
    }

    /// Multiplies all that was added.
    mutating func scale(by factor: Promoted) {
      total = total * factor
      terms *= factor.value
    }

    /// Pays for that term alone.
    mutating func only(_ term: Int, _ value: Promoted) {
      total = value
      terms = .zero
      terms[term] = value.value
    }
  }

  /// One of MetaWorld's tasks: its numbers, its reset, its reward (the second version) and its expert. A file each in
  /// `Tasks`.
  struct MetaWorldTask: Sendable {
    /// Without `-v3`.
    let name: String
    let summary: String
    /// The model's file without its ending.
    let model: String
    /// Where the hand settles.
    let handStart: Vector
    /// Where the hand may go.
    let handBox: Box
    /// Where random vectors are drawn from, one or two triples.
    let drawBoxes: [Box]
    /// Where the observed goal is clipped to after steps.
    let goalSpace: Box
    /// Random vectors whose object is nearer the goal than this in the plane are drawn again.
    let apart: Double
    /// The goal that this is measured from, where that is not the vector's.
    let fixedGoal: Vector?
    /// Names of the reward's terms, at most four.
    let terms: [String]
    let see: @Sendable (Scene) -> Seen
    let place: @Sendable (inout Scene, Draw) -> Void
    let pay: @Sendable (inout Scene, Float) -> Payment
    let expert: @Sendable (ExpertView) -> Order

    init(
      _ name: String, _ summary: String, model: String, hand: Vector, handLow: Vector = [-0.5, 0.4, 0.05],
      object: Box, goal: Box? = nil, goalSpace: Box? = nil, apart: Double = 0, fixedGoal: Vector? = nil,
      terms: [String], see: @escaping @Sendable (Scene) -> Seen,
      place: @escaping @Sendable (inout Scene, Draw) -> Void,
      pay: @escaping @Sendable (inout Scene, Float) -> Payment,
      expert: @escaping @Sendable (ExpertView) -> Order
    ) {
      self.name = name
      self.summary = summary
      self.model = model
      handStart = hand
      handBox = Box(handLow, [0.5, 1, 0.5])
      drawBoxes = [object] + [goal].compactMap { $0 }
      self.goalSpace = goalSpace ?? goal ?? handBox
      self.apart = apart
      self.fixedGoal = fixedGoal
      self.terms = terms
      self.see = see
      self.place = place
      self.pay = pay
      self.expert = expert
    }

    /// Whether a reset may take that vector: object and goal are far enough apart.
    func accepts(_ numbers: [Double]) -> Bool {
      let draw = Draw(numbers)
      return plane(draw.object - (fixedGoal ?? draw.goal)) >= apart || apart == 0
    }

    /// All fifty, in the package's order.
    static let all: [MetaWorldTask] = [
      assembly, basketball, binPicking, boxClose, buttonPressTopdown, buttonPressTopdownWall, buttonPress,
      buttonPressWall, coffeeButton, coffeePull, coffeePush, dialTurn, disassemble, doorClose, doorLock, doorOpen,
      doorUnlock, handInsert, drawerClose, drawerOpen, faucetOpen, faucetClose, hammer, handlePressSide, handlePress,
      handlePullSide, handlePull, leverPull, pickPlaceWall, pickOutOfHole, pickPlace, plateSlide, plateSlideSide,
      plateSlideBack, plateSlideBackSide, pegInsertSide, pegUnplugSide, soccer, stickPush, stickPull, push, pushWall,
      pushBack, reach, reachWall, shelfPlace, sweepInto, sweep, windowOpen, windowClose,
    ]
  }
#endif
