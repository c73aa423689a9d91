#if MuJoCo
  /// One of Fetch's four tasks: the numbers in which they differ.
  struct FetchTask: Sendable {
    /// As in the id.
    let name: String
    let summary: String
    /// The model's file without its ending.
    let model: String
    /// Where the robot's base stands along its first rail.
    let base: Double
    /// How high above the table the gripper starts.
    let height: Double
    /// Whether the fingers stay shut.
    let isBlocked: Bool
    /// Where the object lies before it is moved; nil for none.
    let object: Vector?
    /// Whether half of the goals are in the air.
    let isInAir: Bool
    /// From the gripper's start to the middle of the goals.
    let offset: Vector
    /// How far objects are put from below the gripper's start, each way.
    let objectRange: Double
    /// How far goals are from their middle, each way.
    let goalRange: Double

    /// The four.
    static let all: [FetchTask] = [
      FetchTask(
        name: "Reach", summary: "bring a gripper to a place in the air", model: "reach", base: 0.4049, height: 0.2,
        isBlocked: true, object: nil, isInAir: true, offset: .zero, objectRange: 0.15, goalRange: 0.15),
      FetchTask(
        name: "Push", summary: "push a block to a place on the table", model: "push", base: 0.405, height: 0,
        isBlocked: true, object: [1.25, 0.53, 0.4], isInAir: false, offset: .zero, objectRange: 0.15,
        goalRange: 0.15),
      FetchTask(
        name: "Slide", summary: "strike a puck so that it comes to rest out of reach", model: "slide", base: 0.05,
        height: -0.02, isBlocked: true, object: [1.7, 1.1, 0.41], isInAir: false, offset: [0.4, 0, 0],
        objectRange: 0.1, goalRange: 0.3),
      FetchTask(
        name: "PickAndPlace", summary: "carry a block to a place on the table or above it", model: "pick_and_place",
        base: 0.405, height: 0.2, isBlocked: false, object: [1.25, 0.53, 0.4], isInAir: true, offset: .zero,
        objectRange: 0.15, goalRange: 0.15),
    ]
  }
#endif
