@testable import Environments
@testable import XLandEnvironments
import Groundwork
import ReinforcementLearning
import Testing

@Suite("XLand") struct XLandTests {
  @Test("there are twenty-one grids, with XLand-MiniGrid's names and time limits")
  func listing() throws {
    #expect(XLand.environments.count == 21)
    let listing = try #require(XLand.environments.first { $0.aliases == ["XLand-MiniGrid-R4-13x13"] })
    #expect(listing.id == "gridworld/XLand-R4-13x13")
    #expect(try listing.recipe().specification.timeLimit == 3 * 13 * 13)
    #expect(XLand.environments.map(\.id).last == "gridworld/XLand-R9-25x25")
  }

  @Test(
    "every cell that is no wall can be reached through doors, and there are as many doors as the layout has",
    arguments: XLand.Layout.allCases)
  func layouts(_ layout: XLand.Layout) throws {
    let doors: [XLand.Layout: Int] = [.R1: 0, .R2: 1, .R4: 4, .R6: 6, .R9: 12]
    for size in 5...64 where layout.allows(size: size) {
      var configuration = XLand.Configuration(layout: layout, size: size)
      configuration.ruleset = XLand.Ruleset(goal: XLand.Goal(.none))
      _ = try XLand.plan(configuration)
      var world = try XLand(configuration: configuration)
      for seed in 0..<5 {
        world.reset(seed: UInt64(seed))
        var closed = 0
        var open = Set<Int>()
        for row in 0..<size {
          for column in 0..<size {
            let tile = world[row, column].tile
            let isBorder = row == 0 || column == 0 || row == size - 1 || column == size - 1
            #expect(!isBorder || tile == .wall, "\(layout) \(size)")
            if tile == .closedDoor { closed += 1 }
            if tile != .wall { open.insert(row * size + column) }
          }
        }
        #expect(closed == doors[layout], "\(layout) \(size)")
        var reached: Set<Int> = []
        var stack = [open.min()!]
        while let place = stack.popLast() {
          guard open.contains(place), reached.insert(place).inserted else { continue }
          stack += [place - size, place + size, place - 1, place + 1]
        }
        #expect(reached == open, "\(layout) \(size)")
        #expect(world[world.position.row, world.position.column] == .floor)
      }
    }
  }

  @Test("the objects lie on different cells, and every cell and direction is as likely for the agent")
  func starts() throws {
    var configuration = XLand.Configuration(layout: .R1, size: 5)
    configuration.ruleset = XLand.Ruleset(goal: XLand.Goal(.none), objects: [redBall, redBall, blueKey])
    var world = try XLand(configuration: configuration)
    var cells = [Int](repeating: 0, count: 9)
    var keys = cells
    var directions = [Int](repeating: 0, count: 4)
    for seed in 0..<3600 {
      world.reset(seed: UInt64(seed))
      var count = 0
      for place in 0..<9 {
        let cell = world[place / 3 + 1, place % 3 + 1]
        if cell != .floor { count += 1 }
        if cell == blueKey { keys[place] += 1 }
      }
      #expect(count == 3)
      cells[(world.position.row - 1) * 3 + world.position.column - 1] += 1
      directions[world.direction] += 1
    }
    #expect(cells.allSatisfy { abs($0 - 400) < 90 } && keys.allSatisfy { abs($0 - 400) < 90 })
    #expect(directions.allSatisfy { abs($0 - 900) < 120 })
  }

  @Test("the view is turned with the agent and shows what it stands on, not what it carries")
  func view() {
    let picture = ["a....", ".....", "..^..", ".....", "....b"]
    for direction in 0..<4 {
      var world = XLand(picture, carried: greenStar)
      world.direction = direction
      world[3, 3] = XLand.Cell(.goal, .pink)
      let image = world.bytes("image")
      func cell(_ row: Int, _ column: Int) -> [UInt8] {
        Array(image[(row * 5 + column) * 2..<(row * 5 + column) * 2 + 2])
      }
      #expect(cell(4, 2) == [6, 11])
      // Two cells ahead is the last one inside, three the wall, four nothing.
      #expect(cell(2, 2) == [1, 7] && cell(1, 2) == [2, 6] && cell(0, 2) == [0, 0])
      // The ball lies up and to the left, the key down and to the right.
      #expect(cell(2, 0) == [[3, 1], [1, 7], [7, 3], [1, 7]][direction], "\(direction)")
      #expect(cell(2, 4) == [[1, 7], [7, 3], [1, 7], [3, 1]][direction], "\(direction)")
      #expect(world.bytes("direction") == [UInt8(direction)])
    }
  }

  @Test("a trial ends with the goal or its time and another world follows; the last one ends the episode")
  func trials() throws {
    var configuration = XLand.Configuration(layout: .R1, size: 5)
    configuration.ruleset = XLand.Ruleset(goal: XLand.Goal(.agentHold, redBall), objects: [redBall])
    configuration.trials = 3
    configuration.timeLimit = 10
    #expect(XLand.specification(of: try XLand.plan(configuration)).timeLimit == 30)
    var world = try XLand(configuration: configuration)
    world.reset(seed: 1)
    func face() {
      world.position = (1, 1)
      world.direction = 1
      for place in 0..<9 { world[place / 3 + 1, place % 3 + 1] = .floor }
      world[1, 2] = redBall
    }
    face()
    #expect(world.step(.turnClockwise) == Transition(reward: 0))
    #expect(world.step(.turnCounterclockwise) == Transition(reward: 0))
    // The third step of ten.
    #expect(world.step(.pickUp) == Transition(reward: Float(1 - 0.9 * 3 / 10), outcome: .running, success: true))
    #expect(world.number("trial") == 1 && world.number("goalsReached") == 1 && world.carried == .empty)
    #expect(world.text("event") == "picked up a red ball; reached the goal; another trial starts")
    for _ in 0..<9 { #expect(world.step(.turnClockwise) == Transition(reward: 0)) }
    #expect(world.number("trial") == 1)
    #expect(world.step(.turnClockwise) == Transition(reward: 0))
    #expect(world.number("trial") == 2 && world.text("event") == "another trial starts")
    var other = world
    face()
    #expect(world.step(.pickUp) == Transition(reward: Float(1 - 0.9 * 1 / 10), outcome: .terminated, success: true))
    #expect(world.number("trial") == 2 && world.number("goalsReached") == 2)
    for _ in 0..<9 { _ = other.step(.turnClockwise) }
    #expect(other.step(.turnClockwise).outcome == .truncated)
    #expect(other.number("goalsReached") == 1)
  }

  @Test("worlds of one episode's trials differ, and so do the rulesets of episodes where there are many")
  func draws() throws {
    var configuration = XLand.Configuration(layout: .R4, size: 13)
    configuration.trials = 4
    configuration.timeLimit = 1
    configuration.rulesetCount = 1000
    configuration.showRuleset = true
    var world = try XLand(configuration: configuration)
    var rulesets = Set<XLand.Ruleset>()
    for seed in 0..<40 {
      world.reset(seed: UInt64(seed))
      let ruleset = world.ruleset
      rulesets.insert(ruleset)
      #expect((0..<1000).contains { XLand.ruleset(.small, seed: 42, number: $0) == ruleset })
      #expect(world.bytes("goal") == ruleset.goal.encoding)
      #expect(world.bytes("rules").prefix(ruleset.rules.count * 7).elementsEqual(ruleset.rules.flatMap(\.encoding)))
      var pictures = Set([world.picture])
      for _ in 0..<3 {
        _ = world.step(.turnClockwise)
        #expect(world.ruleset == ruleset)
        pictures.insert(world.picture)
      }
      #expect(pictures.count == 4)
    }
    #expect(rulesets.count > 30)
  }

  @Test("goal and rules are signals, and fields of the policy where they are shown")
  func shown() throws {
    var configuration = XLand.Configuration()
    #expect(XLand.specification(of: try XLand.plan(configuration)).policyFields.map(\.name) == ["image", "direction"])
    configuration.showRuleset = true
    #expect(
      XLand.specification(of: try XLand.plan(configuration)).policyFields.map(\.name) == [
        "image", "direction", "goal", "rules",
      ])
  }

  private static let distances: [(XLand.Goal, XLand.Cell, Int)] = [
    (XLand.Goal(.agentHold, redBall), .empty, 3),
    (XLand.Goal(.agentHold, redBall), redBall, 0),
    (XLand.Goal(.agentNear(nil), blueKey), .empty, 2),
    (XLand.Goal(.agentNear(.up), greenStar), .empty, -1),
    (XLand.Goal(.tileNear(nil), redBall, blueKey), .empty, 6),
    (XLand.Goal(.tileNear(.up), redBall, blueKey), blueKey, 3),
    (XLand.Goal(.tileNear(nil), redBall, redBall), .empty, -1),
    (XLand.Goal(.tileNear(nil), redBall, redBall), redBall, 3),
    (XLand.Goal(.agentOnPosition, row: 5, column: 3), .empty, 2),
    (XLand.Goal(.tileOnPosition, redBall, row: 1, column: 3), .empty, 2),
    (XLand.Goal(.agentOnTile, XLand.Cell(.goal, .green)), .empty, 1),
    (XLand.Goal(.none), .empty, -1),
  ]

  @Test("the distance to the goal counts the cells between what it wants together", arguments: distances)
  func distance(_ goal: XLand.Goal, _ carried: XLand.Cell, _ expected: Int) {
    // From the agent the ball is 2 + 2 cells away, the key 1 + 2, the ball from the key 3 + 4.
    let world = XLand(["a....", ".....", "..^G.", ".....", "...b."], goal: goal, carried: carried)
    #expect(world.number("goalDistance") == expected, "\(goal.sentence)")
  }

  @Test("the line of text says what the agent, the rules and the goal did")
  func events() {
    var world = XLand(
      [">a...", ".....", ".....", ".....", "....."], [XLand.Rule(.agentHold, redBall, product: greenStar)],
      goal: XLand.Goal(.agentHold, greenStar))
    _ = world.step(.pickUp)
    #expect(world.text("event") == "picked up a red ball; a red ball became a green star; reached the goal")
    #expect(
      world.number("rulesTriggered") == 1 && world.bytes("carried") == [12, 2] && world.bytes("position") == [1, 1])
    _ = world.step(.turnClockwise)
    #expect(world.text("event").isEmpty)
    // The longest event fits.
    let longest = XLand.Cell(.closedDoor, .purple)
    var world2 = XLand(
      [">....", ".....", ".....", ".....", "....."], [XLand.Rule(.tileNear(nil), longest, longest, product: longest)],
      goal: XLand.Goal(.agentNear(.down), .floor), carried: longest)
    world2[1, 3] = longest
    _ = world2.step(.putDown)
    #expect(
      world2.text("event")
        == """
        put down a purple closed door; a purple closed door and a purple closed door became a purple closed \
        door; reached the goal
        """
    )
  }

  private static let badChanges: [(String, String)] = [
    (#"{"size": 4}"#, "environment.size cannot be 4. Use an odd number from 7 to 63 with the layout R4"),
    (#"{"size": 12}"#, "environment.size cannot be 12"),
    (#"{"layout": "R9", "size": 12}"#, "environment.size cannot be 12. Use 10, 13, 16 and so on to 64 with the layout R9"),
    (#"{"layout": "R6", "size": 9}"#, "environment.size cannot be 9"),
    (#"{"layout": "R3"}"#, "environment.layout of"),
    (#"{"trials": 0}"#, "environment.trials cannot be 0. Use a whole number from 1 to 10000"),
    (#"{"viewSize": 4}"#, "environment.viewSize cannot be 4. Use an odd number from 3 to 15"),
    (#"{"rulesetCount": 0}"#, "environment.rulesetCount cannot be 0"),
    (#"{"timeLimit": -1}"#, "environment.timeLimit cannot be -1"),
    (#"{"rulesetSetting": "hard"}"#, "environment.rulesetSetting of"),
    (
      #"{"layout": "R1", "size": 5, "rulesetSetting": "high"}"#,
      "25 objects and the agent do not fit into the 9 free cells"
    ),
    (
      #"{"ruleset": {"goal": {"kind": "agentOnPosition", "position": [13, 1]}}}"#,
      "row 13, column 1, outside a grid of size 13"
    ),
  ]

  @Test("a configuration that cannot be is refused with the reason", arguments: badChanges)
  func badConfigurations(_ changes: String, _ reason: String) throws {
    let listing = try #require(XLand.environments.first { $0.id == "gridworld/XLand-R4-13x13" })
    let changes = try JSON(parsing: changes, name: "test")
    let error = #expect(throws: UserError.self) { try listing.recipe(changes: changes) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(
    "the golden playthroughs have not changed",
    arguments: ["gridworld/XLand-R1-9x9", "gridworld/XLand-R4-9x9", "gridworld/XLand-R9-16x16"])
  func playthrough(_ id: String) throws {
    var changes: JSON = [:]
    if id == "gridworld/XLand-R1-9x9" { changes = ["rulesetSetting": "trivial", "trials": 2] }
    if id == "gridworld/XLand-R9-16x16" { changes = ["rulesetSetting": "high"] }
    let recipe = try #require(XLand.environments.first { $0.id == id }).recipe(changes: changes)
    var actions = Playthrough.randomActions(recipe, count: 8, seed: 4)
    // To the star that is to be held, then on into the second trial.
    if id == "gridworld/XLand-R1-9x9" { actions = [2, 0, 0, 0, 0, 2, 3].map { [$0] } + actions }
    try Playthrough.check(recipe, seed: 3, actions: actions, name: id.split(separator: "/").joined(separator: "-"))
  }
}
