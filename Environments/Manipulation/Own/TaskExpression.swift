#if MuJoCo
  import Groundwork
  import RealModule

  /// What a task file says of a simulation: a number that follows from its state.
  ///
  /// - Numbers: `0.05`; `joint(NAME)` (angle or way), `x(PLACE)`, `y(PLACE)`, `z(PLACE)`, `distance(PLACE, PLACE)`,
  ///   `speed(PLACE)` (m/s, of the body), `touching(PLACE, PLACE)` (whether two bodies do, without those that are
  ///   fixed to them by joints; no sites).
  /// - `+ - * /`, `< <= > >=`, `and or not`: what is compared is 1 or 0, and all but 0 is true.
  /// - `abs floor sqrt`, `min max` of two or more; `tolerance(value, low, high[, margin])`: 1 from low to high, beyond
  ///   it 0, or with a margin a bell that is 0.1 at that distance.
  ///
  /// A place is `hand`, `goal`, an object of the task file, or a site or body of the model (in '...' where its name has
  /// other characters).
  ///
  /// What is no number (1 / 0, the root of -1, a `tolerance` whose low lies above its high or whose margin is not above
  /// 0) makes the whole expression none, through comparisons, `and`, `min` and the others: `TaskExpression` refuses it
  /// where it follows from the text alone, and `Tabletop` takes it for a fault where it comes up in an episode.
  struct TaskExpression: Sendable {
    /// A body or site of the model.
    struct Place: Sendable, Hashable {
      var isSite: Bool
      var number: Int
    }

    enum Operation: UInt8, Sendable {
      case constant, joint, x, y, z, distance, speed, touching
      case add, subtract, multiply, divide, negate, less, lessOrEqual, and, or, not
      case absolute, floor, root, minimum, maximum, tolerance
    }

    /// An operation with the numbers of the nodes, or the places, that it takes; -1 for none.
    struct Node: Sendable {
      var operation: Operation
      var number = 0.0
      var arguments = SIMD4<Int32>(repeating: -1)
      var first = Place(isSite: false, number: 0)
      var second = Place(isSite: false, number: 0)
    }

    /// The last one is the expression's value; arguments come before what takes them.
    private(set) var nodes: [Node] = []

    /// - Parameter names: What names mean.
    /// - Throws: `UserError` without the place in the file: what cannot be read, or is not in the model.
    init(_ text: String, _ names: TaskNames) throws(UserError) {
      var parser = TaskExpressionParser(text, names)
      nodes = try parser.parse()
      for index in nodes.indices { try checkConstants(index, names.physics) }
    }

    /// - Throws: `UserError` where a part is no number in any state.
    private func checkConstants(_ index: Int, _ physics: Physics) throws(UserError) {
      func constant(_ index: Int32) -> Double? {
        index >= 0 && isConstant(Int(index)) ? value(Int(index), physics) : nil
      }
      let node = nodes[index]
      if node.operation == .tolerance {
        if let low = constant(node.arguments[1]), let high = constant(node.arguments[2]), low > high {
          throw UserError(
            "a tolerance from \(low.written) to \(high.written)", fix: "Write tolerance(value, low, high, margin)")
        }
        if let margin = constant(node.arguments[3]), margin <= 0 {
          throw UserError("a tolerance's margin of \(margin)", fix: "Use one above 0, or leave it out")
        }
      }
      let dividesByNothing = node.operation == .divide && constant(node.arguments[1]) == 0
      if dividesByNothing || constant(Int32(index)).map(\.isFinite) == false {
        throw UserError(
          "a part of it is never a number", fix: "Divide by what is not 0, take roots of what is not below")
      }
    }

    /// The value now; nan where it is no number.
    ///
    /// - Complexity: O(nodes), times the contacts where `touching` is asked; allocates nothing.
    func value(_ physics: Physics) -> Double { value(nodes.count - 1, physics) }

    /// Whether it is the same in every state.
    var isConstant: Bool { isConstant(nodes.count - 1) }

    private func isConstant(_ index: Int) -> Bool {
      let node = nodes[index]
      switch node.operation {
      case .constant: return true
      case .joint, .x, .y, .z, .distance, .speed, .touching: return false
      default: return (0..<4).allSatisfy { node.arguments[$0] < 0 || isConstant(Int(node.arguments[$0])) }
      }
    }

    /// Infinity is no number either: what it came of would be hidden by the next comparison.
    private func value(_ index: Int, _ physics: Physics) -> Double {
      let value = reckoned(index, physics)
      return value.isFinite ? value : .nan
    }

    private func reckoned(_ index: Int, _ physics: Physics) -> Double {
      let node = nodes[index]
      func argument(_ place: Int) -> Double { value(Int(node.arguments[place]), physics) }
      func truth(_ holds: Bool) -> Double { holds ? 1 : 0 }
      // What is said of numbers of which one is none is no number either.
      func of(_ combine: (Double, Double) -> Double) -> Double {
        let (first, second) = (argument(0), argument(1))
        return first.isNaN || second.isNaN ? .nan : combine(first, second)
      }
      switch node.operation {
      case .constant: return node.number
      case .joint: return physics.position(ofJoint: node.first.number)
      case .x: return physics.place(node.first).x
      case .y: return physics.place(node.first).y
      case .z: return physics.place(node.first).z
      case .distance: return norm(physics.place(node.first) - physics.place(node.second))
      case .speed: return norm(physics.speed(ofBody: physics.body(of: node.first)).linear)
      case .touching: return truth(physics.areTouching(physics.body(of: node.first), physics.body(of: node.second)))
      case .add: return argument(0) + argument(1)
      case .subtract: return argument(0) - argument(1)
      case .multiply: return argument(0) * argument(1)
      case .divide: return argument(0) / argument(1)
      case .negate: return -argument(0)
      case .less: return of { truth($0 < $1) }
      case .lessOrEqual: return of { truth($0 <= $1) }
      case .and: return of { truth($0 != 0 && $1 != 0) }
      case .or: return of { truth($0 != 0 || $1 != 0) }
      case .not:
        let value = argument(0)
        return value.isNaN ? .nan : truth(value == 0)
      case .absolute: return abs(argument(0))
      case .floor: return argument(0).rounded(.down)
      case .root: return argument(0).squareRoot()
      case .minimum: return of { min($0, $1) }
      case .maximum: return of { max($0, $1) }
      case .tolerance:
        let (value, low, high) = (argument(0), argument(1), argument(2))
        guard !value.isNaN, low <= high else { return .nan }
        let outside = value < low ? low - value : value > high ? value - high : 0
        let margin = node.arguments[3] < 0 ? nil : argument(3)
        if let margin, !(margin > 0) { return .nan }
        if outside == 0 { return 1 }
        guard let margin else { return 0 }
        let share = outside / margin
        // 0.1 where the share is 1.
        return Double.exp(-2.302585092994046 * share * share)
      }
    }
  }

  /// What names in expressions mean.
  struct TaskNames {
    /// The task file's own, `hand` and `goal` included.
    var places: [String: TaskExpression.Place]
    /// Numbers of joints by the task file's own names.
    var joints: [String: Int]
    let physics: Physics

    func place(_ name: String) throws(UserError) -> TaskExpression.Place {
      if let place = places[name] { return place }
      if let number = physics.find(.site, name) { return .init(isSite: true, number: number) }
      if let number = physics.find(.body, name) { return .init(isSite: false, number: number) }
      throw UserError.unknown(
        "object, site or body", name, among: places.keys.sorted() + physics.names(.site) + physics.names(.body))
    }

    /// A place that can touch another.
    ///
    /// - Throws: `UserError` for a site: what its body touches says nothing of the site, and the goal's body is often
    ///   the world.
    func body(_ name: String) throws(UserError) -> TaskExpression.Place {
      let place = try place(name)
      guard place.isSite else { return place }
      let body = physics.names(.body)[physics.body(of: place)]
      throw UserError(
        "'\(name)' is a site, of the body '\(body)', and sites touch nothing",
        fix: "Ask for a distance, such as distance(puck, \(name)) < 0.05, or name a body")
    }

    func joint(_ name: String) throws(UserError) -> Int {
      if let joint = joints[name] { return joint }
      guard let number = physics.find(.joint, name) else {
        throw UserError.unknown("joint", name, among: joints.keys.sorted() + physics.names(.joint))
      }
      guard physics.isScalar(joint: number) else {
        throw UserError("the joint '\(name)' is neither a hinge nor a slide", fix: "Use distances of its body")
      }
      return number
    }
  }
#endif
