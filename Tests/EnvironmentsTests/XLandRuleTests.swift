@testable import Environments
@testable import XLandEnvironments
import Groundwork
import ReinforcementLearning
import Testing

@Suite("XLand's rules, goals and actions") struct XLandRuleTests {
  /// Row and column of the neighbour on a side.
  private func neighbor(_ row: Int, _ column: Int, _ side: XLand.Side) -> (row: Int, column: Int) {
    switch side {
    case .up: (row - 1, column)
    case .right: (row, column + 1)
    case .down: (row + 1, column)
    case .left: (row, column - 1)
    }
  }

  private let sides: [XLand.Side?] = [nil, .up, .right, .down, .left]
  private let emptyRoom = [".....", ".....", ".....", ".....", "....."]

  /// A room in which the agent puts a thing into the middle while another thing lies on a side of the middle.
  private func putting(
    _ carried: XLand.Cell, beside other: XLand.Cell, on side: XLand.Side, _ rules: [XLand.Rule] = [],
    goal: XLand.Goal = .init(.none)
  ) -> XLand {
    var world = XLand(emptyRoom, rules, goal: goal, carried: carried)
    let place = neighbor(3, 3, side)
    world[place.row, place.column] = other
    // The agent stands on the next side clockwise and looks at the middle.
    let stand = XLand.Side(rawValue: (side.rawValue + 1) & 3)!
    world.position = neighbor(3, 3, stand)
    world.direction = Int(stand.opposite.rawValue)
    return world
  }

  /// A room in which the agent walks into the middle while a thing lies on a side of the middle.
  private func walking(
    beside other: XLand.Cell, on side: XLand.Side, _ rules: [XLand.Rule] = [], goal: XLand.Goal = .init(.none)
  ) -> XLand {
    var world = putting(.empty, beside: other, on: side, rules, goal: goal)
    world.carried = .empty
    return world
  }

  @Test("a tile-near rule fires where b lies on its side of a, whichever of the two is put down")
  func tileNearRules() {
    for wanted in sides {
      let rule = XLand.Rule(.tileNear(wanted), redBall, blueKey, product: greenStar)
      for side in XLand.Side.allCases {
        let place = neighbor(3, 3, side)
        for (carried, other, matching) in [(redBall, blueKey, side), (blueKey, redBall, side.opposite)] {
          var world = putting(carried, beside: other, on: side, [rule])
          _ = world.step(.putDown)
          let fires = wanted == nil || wanted == matching
          #expect(world[place.row, place.column] == (fires ? greenStar : other), "\(rule.sentence), \(side)")
          #expect(world[3, 3] == (fires ? .floor : carried))
          #expect(world.carried == .empty && world.rulesTriggered == (fires ? 1 : 0))
        }
      }
    }
  }

  @Test("a tile-near goal is reached where b lies on its side of a, only by putting down")
  func tileNearGoals() {
    for wanted in sides {
      let goal = XLand.Goal(.tileNear(wanted), redBall, blueKey)
      for side in XLand.Side.allCases {
        for (carried, other, matching) in [(redBall, blueKey, side), (blueKey, redBall, side.opposite)] {
          var world = putting(carried, beside: other, on: side, goal: goal)
          let transition = world.step(.putDown)
          #expect(transition.success == (wanted == nil || wanted == matching), "\(goal.sentence), \(side)")
          #expect(transition.outcome == (transition.success ? .terminated : .running))
          for action in XLand.Action.allCases where action != .putDown {
            var other = world
            let after = other.step(action)
            #expect(!after.success)
          }
        }
      }
    }
  }

  @Test("an agent-near rule fires after forward, one with a side after put-down too, and at no other time")
  func agentNearRules() {
    for wanted in sides {
      let rule = XLand.Rule(.agentNear(wanted), redBall, product: greenStar)
      for side in XLand.Side.allCases {
        let place = neighbor(3, 3, side)
        var world = walking(beside: redBall, on: side, [rule])
        _ = world.step(.forward)
        let fires = wanted == nil || wanted == side
        #expect(world.position == (3, 3))
        #expect(world[place.row, place.column] == (fires ? greenStar : redBall), "\(rule.sentence), \(side)")
        for action in XLand.Action.allCases {
          var still = walking(beside: redBall, on: side, [rule])
          still.position = (3, 3)
          still.direction = Int(side.opposite.rawValue)
          _ = still.step(action)
          // Going forward leaves the place beside the ball; what is beside it then is nothing.
          let expected = action == .putDown && wanted == side ? greenStar : redBall
          #expect(still[place.row, place.column] == expected, "\(rule.sentence), \(side), \(action)")
        }
      }
    }
  }

  @Test("an agent-near goal is looked for after forward, one with a side after put-down too")
  func agentNearGoals() {
    for wanted in sides {
      let goal = XLand.Goal(.agentNear(wanted), redBall)
      for side in XLand.Side.allCases {
        var world = walking(beside: redBall, on: side, goal: goal)
        let walked = world.step(.forward)
        #expect(walked.success == (wanted == nil || wanted == side), "\(goal.sentence), \(side)")
        for action in XLand.Action.allCases where action != .forward {
          var still = walking(beside: redBall, on: side, goal: goal)
          still.position = (3, 3)
          still.direction = Int(side.opposite.rawValue)
          let transition = still.step(action)
          #expect(transition.success == (action == .putDown && wanted == side), "\(goal.sentence), \(side), \(action)")
        }
      }
    }
  }

  private static let drawn: [([String], XLand.Rule, XLand.Action, [String])] = [
    // Nothing is beside the place that the agent walks to.
    (
      [".....", ".a...", "a.>..", "aa...", "....."], XLand.Rule(.agentNear(nil), redBall, product: greenStar), .forward,
      [".....", ".a...", "a..>.", "aa...", "....."]
    ),
    // Walking between three balls changes all of them.
    (
      ["..a..", ".>.a.", "..a..", ".....", "....."], XLand.Rule(.agentNear(nil), redBall, product: greenStar), .forward,
      ["..c..", "..>c.", "..c..", ".....", "....."]
    ),
    // A walk against the ball that does not move the agent brings the rule into play.
    (
      [">a...", ".....", ".....", ".....", "....."], XLand.Rule(.agentNear(nil), redBall, product: .floor), .forward,
      [">....", ".....", ".....", ".....", "....."]
    ),
    // Put down between two keys, the ball makes two stars.
    (
      [".....", "..b..", ".>.b.", ".....", "....."], XLand.Rule(.tileNear(nil), redBall, blueKey, product: greenStar),
      .putDown,
      [".....", "..c..", ".>.c.", ".....", "....."]
    ),
    // With nothing to put down, the rule looks at what lies ahead all the same.
    (
      [".....", "..b..", ".>a..", ".....", "....."], XLand.Rule(.tileNear(.up), redBall, blueKey, product: greenStar),
      .putDown,
      [".....", "..c..", ".>...", ".....", "....."]
    ),
  ]

  @Test("the pictures after a rule", arguments: 0..<drawn.count)
  func pictures(_ index: Int) {
    let (before, rule, action, after) = Self.drawn[index]
    let carries = before[2] == ".>.b."
    var world = XLand(before, [rule], carried: carries ? redBall : .empty)
    _ = world.step(action)
    #expect(world.picture == after)
  }

  @Test("a hold rule changes what is in the hands after pick-up, taken just now or before")
  func agentHold() {
    let rule = XLand.Rule(.agentHold, redBall, product: greenStar)
    var world = XLand([".....", ".>a..", ".....", ".....", "....."], [rule])
    _ = world.step(.pickUp)
    #expect(world.carried == greenStar && world.picture[1] == ".>...")
    for action in XLand.Action.allCases {
      var other = XLand([".....", ".>b..", ".....", ".....", "....."], [rule], carried: redBall)
      _ = other.step(action)
      #expect(other.carried == (action == .pickUp ? greenStar : redBall), "\(action)")
    }
    var gone = XLand([".>a..", ".....", ".....", ".....", "....."], [XLand.Rule(.agentHold, redBall, product: .floor)])
    _ = gone.step(.pickUp)
    #expect(gone.carried == .floor)
    // Hands full of floor take nothing until the floor is put down.
    gone[1, 3] = blueKey
    _ = gone.step(.pickUp)
    #expect(gone.carried == .floor)
    gone[1, 3] = .floor
    _ = gone.step(.putDown)
    #expect(gone.carried == .empty)
  }

  @Test("the other goals: holding, standing on a tile, positions")
  func otherGoals() {
    var hold = XLand([">a...", ".....", ".....", ".....", "....."], goal: XLand.Goal(.agentHold, redBall))
    #expect(!hold.step(.forward).success)
    #expect(hold.step(.pickUp).success)
    #expect(!hold.step(.forward).success)
    var tile = XLand(
      [".....", ".....", "v....", "G....", "....."], goal: XLand.Goal(.agentOnTile, XLand.Cell(.goal, .green)))
    #expect(tile.step(.forward).success)
    #expect(!tile.step(.turnClockwise).success)
    var place = XLand(
      [">....", ".....", ".....", ".....", "....."], goal: XLand.Goal(.agentOnPosition, row: 1, column: 2))
    #expect(!place.step(.turnClockwise).success)
    #expect(!place.step(.turnCounterclockwise).success)
    #expect(place.step(.forward).success)
    #expect(place.step(.toggle).success)
    var thing = XLand(
      [">....", ".....", ".....", ".....", "....."], goal: XLand.Goal(.tileOnPosition, redBall, row: 1, column: 2),
      carried: redBall)
    #expect(!thing.step(.toggle).success)
    #expect(thing.step(.putDown).success)
    #expect(thing.step(.turnClockwise).success)
    var none = XLand([">a...", ".....", ".....", ".....", "....."])
    for action in XLand.Action.allCases { #expect(!none.step(action).success) }
  }

  @Test("rules are tried in their order, then the goal is looked for in what they left")
  func order() {
    let first = XLand.Rule(.agentNear(nil), redBall, product: blueKey)
    let second = XLand.Rule(.agentNear(nil), blueKey, product: greenStar)
    let picture = [">.a..", ".....", ".....", ".....", "....."]
    for (rules, result) in [([first, second], greenStar), ([second, first], blueKey)] {
      for goal in [redBall, blueKey, greenStar] {
        var world = XLand(picture, rules, goal: XLand.Goal(.agentNear(nil), goal))
        #expect(world.step(.forward).success == (goal == result))
        #expect(world[1, 3] == result)
      }
    }
  }

  @Test("a toggle changes a door once: locked to open with its key, closed to open, open to closed")
  func toggle() {
    for (door, carried, after) in [
      ("L", blueKey, "'"), ("L", XLand.Cell(.key, .red), "L"), ("L", .empty, "L"), ("+", .empty, "'"),
      ("+", redBall, "'"),
      ("'", .empty, "+"), ("a", .empty, "a"), (".", .empty, "."),
    ] {
      var world = XLand([">\(door)...", ".....", ".....", ".....", "....."], carried: carried)
      _ = world.step(.toggle)
      #expect(world.picture[0] == ">\(after)..." && world.carried == carried)
    }
  }

  @Test("only floor, goal tiles and open doors are walked on; only things are taken, only onto floor they go")
  func tiles() {
    for tile in XLand.Tile.allCases {
      let cell = XLand.Cell(tile, tile == .floor ? .black : .blue)
      var world = XLand([">....", ".....", ".....", ".....", "....."])
      world[1, 2] = cell
      let walkable: [XLand.Tile] = [.floor, .goal, .openDoor]
      let portable: [XLand.Tile] = [.ball, .square, .pyramid, .key, .hex, .star]
      var walker = world
      _ = walker.step(.forward)
      #expect(walker.position.column == (walkable.contains(tile) ? 2 : 1), "\(tile)")
      var taker = world
      _ = taker.step(.pickUp)
      #expect(taker.carried == (portable.contains(tile) ? cell : .empty), "\(tile)")
      #expect(taker[1, 2] == (portable.contains(tile) ? .floor : cell))
      var giver = world
      giver.carried = redBall
      _ = giver.step(.putDown)
      #expect((giver[1, 2] == redBall) == (tile == .floor) && (giver.carried == .empty) == (tile == .floor), "\(tile)")
      var full = world
      full.carried = redBall
      _ = full.step(.pickUp)
      #expect(full.carried == redBall && full[1, 2] == cell)
    }
  }

  @Test("numbers of every kind of rule and goal are XLand-MiniGrid's, there and back")
  func encodings() {
    for code in 1...11 as ClosedRange<UInt8> { #expect(XLand.Rule.Kind(code: code)?.code == code) }
    for code in 0...14 as ClosedRange<UInt8> { #expect(XLand.Goal.Kind(code: code)?.code == code) }
    #expect(XLand.Rule.Kind(code: 0) == nil && XLand.Rule.Kind(code: 12) == nil && XLand.Goal.Kind(code: 15) == nil)
    #expect(XLand.Rule(.agentNear(nil), redBall, product: blueKey).encoding == [2, 3, 1, 7, 3, 0, 0])
    #expect(XLand.Rule(.tileNear(.left), redBall, blueKey, product: greenStar).encoding == [7, 3, 1, 7, 3, 12, 2])
    #expect(XLand.Rule(.agentNear(.down), redBall, product: .floor).encoding == [10, 3, 1, 1, 7, 0, 0])
    #expect(XLand.Goal(.tileNear(.right), redBall, blueKey).encoding == [8, 3, 1, 7, 3])
    #expect(XLand.Goal(.tileOnPosition, redBall, row: 4, column: 5).encoding == [5, 3, 1, 4, 5])
    #expect(XLand.Goal(.agentOnPosition, row: 4, column: 5).encoding == [6, 4, 5, 0, 0])
  }
}
