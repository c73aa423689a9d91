@testable import Environments
@testable import GridworldEnvironments
import Groundwork
import ReinforcementLearning
import Testing

/// Levels small enough to be searched.
private let searchable = [
  "DoorKey-5x5", "DoorKey-6x6", "LavaGapS5", "LavaGapS7", "LavaCrossingS9N1", "SimpleCrossingS9N2", "LavaCrossingS9N3",
  "MultiRoom-N2-S4", "MultiRoom-N6", "FourRooms", "Unlock", "UnlockPickup", "RedBlueDoors-6x6", "KeyCorridorS3R1",
  "MemoryS7",
  "BabyAI-GoToObjS4", "BabyAI-OpenRedDoor", "BabyAI-OneRoomS8", "DeceptiveCorridor",
]

private func world(
  _ id: String, seed: UInt64, _ change: (inout Gridworld.Configuration) -> Void = { _ in }
) throws -> Gridworld {
  var configuration = try #require(Gridworld.level(named: id)).configuration
  change(&configuration)
  _ = try Gridworld.plan(configuration)
  var world = try Gridworld(configuration: configuration)
  world.reset(seed: seed)
  return world
}

@Suite("Gridworld's levels") struct GridworldTests {
  @Test("every id and alias is there once, and every configuration is valid and survives JSON")
  func table() throws {
    let names = Gridworld.levels.flatMap { [$0.id] + $0.aliases }
    // MiniGrid's and BabyAI's levels, and two of our own, which have no alias.
    #expect(Set(Gridworld.levels.map(\.id)).count == 174)
    #expect(Set(Gridworld.levels.flatMap(\.aliases)).count == 172)
    #expect(names.allSatisfy { Gridworld.level(named: $0) != nil })
    for level in Gridworld.levels {
      _ = try Gridworld.plan(level.configuration)
      let document = JSON(encoding: level.configuration)
      #expect(try document.decoded(as: Gridworld.Configuration.self, name: level.id) == level.configuration)
    }
  }

  @Test(
    "every level can be solved, and the distance signal is the least number of actions but turns", arguments: searchable
  )
  func solvable(_ id: String) throws {
    for seed in 0..<6 {
      var world = try world(id, seed: UInt64(seed))
      let solution = try #require(GridworldSolver.solve(world), "seed \(seed)")
      let actions = solution.filter { $0 != .left && $0 != .right }.count
      #expect(world.remainingDistance() == actions, "seed \(seed)")
      // Along the solution it falls by one with each action but turns.
      for action in solution.dropLast() {
        let before = world.remainingDistance()
        _ = world.step(action)
        #expect(world.remainingDistance() == before - (action == .left || action == .right ? 0 : 1), "seed \(seed)")
      }
    }
  }

  @Test(
    """
    the lure of a deceptive corridor is near, pays a little and is no success; the goal is at the far end of \
    every size
    """
  )
  func deceptiveCorridor() throws {
    for (columns, lanes) in [(3, 1), (3, 2), (4, 3), (20, 5), (98, 49)] {
      let family = Gridworld.DeceptiveCorridor(columns: columns, lanes: lanes)
      let short = { () -> Gridworld.DeceptiveCorridor in var other = family; other.lureDistance = 1; return other }()
      for family in columns > 3 ? [family, short] : [short] {
        let configuration = Gridworld.Configuration(family)
        _ = try Gridworld.plan(configuration)
        var world = try Gridworld(configuration: configuration)
        world.reset(seed: 1)
        // All of the corridor but the start and what lies behind it.
        #expect(world.remainingDistance() == family.length - 1 - family.lureDistance)
        #expect(world.remainingDistance() < family.timeLimit! / 8)
        for _ in 1..<family.lureDistance { #expect(world.step(.forward) == Transition(reward: 0)) }
        #expect(world.step(.forward) == Transition(reward: 0.1, outcome: .terminated))
      }
    }
    var world = try world("DeceptiveCorridor", seed: 0)
    let solution = try #require(GridworldSolver.solve(world))
    let transitions = solution.map { world.step($0) }
    #expect(transitions.last?.success == true && transitions.last!.reward > 0.8)
  }

  @Test(
    "the distance of every level is known at the start, except where there is nothing to reach",
    arguments: Gridworld.levels.map(\.id))
  func distance(_ id: String) throws {
    var unknown = 0
    for seed in 0..<5 {
      let distance = try world(id, seed: UInt64(seed)).remainingDistance()
      // 0: the agent stands beside what it is to go to and has but to turn.
      #expect(distance >= (id.hasPrefix("BabyAI") ? 0 : 1) || distance == -1, "seed \(seed)")
      if distance < 0 { unknown += 1 }
    }
    // BabyAI draws a few levels that cannot be done, for example with the key behind the room that it unlocks.
    let language = ["BossLevel", "MiniBossLevel", "Synth", "SynthS5R2", "SynthLoc", "SynthSeq"].map { "BabyAI-" + $0 }
    #expect(id == "Playground" ? unknown == 5 : unknown <= (language.contains(id) ? 1 : 0))
  }

  @Test("DoorKey counts its key, its door and its goal as subgoals, and says what happened")
  func subgoals() throws {
    let recipe = try EnvironmentRecipe(
      id: "DoorKey", Gridworld.self, configuration: try #require(Gridworld.level(named: "DoorKey-5x5")).configuration)
    let solution = try #require(GridworldSolver.solve(try world("DoorKey-5x5", seed: 3)))
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    let rollout = batch.makeRollout(
      steps: solution.count, signals: ["subgoals", "event", "doorsOpened", "openDoors", "cellsVisited", "mission"])
    batch.start(slot: 0, seed: 3)
    batch.observe(rollout)
    var events: [String] = []
    var subgoals: [Double] = []
    for (time, action) in solution.enumerated() {
      rollout.actions.discrete[time] = Int32(action.rawValue)
      batch.step(rollout, at: time)
      let row = rollout.nextObservation(time: time, slot: 0)
      let event = Rollout.readText(row, try #require(rollout.layout.place("event")))
      if !event.isEmpty { events.append(event) }
      subgoals.append(Rollout.read(row, try #require(rollout.layout.place("subgoals"))))
      if time == solution.count - 1 {
        #expect(Rollout.read(row, try #require(rollout.layout.place("doorsOpened"))) == 1)
        #expect(Rollout.read(row, try #require(rollout.layout.place("openDoors"))) == 1)
        #expect(
          Rollout.readText(row, try #require(rollout.layout.place("mission")))
            == "use the key to open the door and then get to the goal")
      }
    }
    #expect(events == ["picked up the yellow key", "unlocked the yellow door", "reached the goal"])
    #expect(subgoals.last == 3 && zip(subgoals, subgoals.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("a snapshot that goes another way leaves the original alone")
  func snapshot() throws {
    let original = try world("DoorKey-6x6", seed: 1)
    var copy = original
    for action in Gridworld.Action.allCases + Gridworld.Action.allCases { _ = copy.step(action) }
    var again = try world("DoorKey-6x6", seed: 1)
    for action in Gridworld.Action.allCases + Gridworld.Action.allCases { _ = again.step(action) }
    #expect(copy.cells == again.cells && copy.agent == again.agent)
    let fresh = try world("DoorKey-6x6", seed: 1)
    #expect(original.stepCount == 0 && GridworldSolver.Key(original) == GridworldSolver.Key(fresh))
  }

  // MARK: Options

  @Test("the full view shows the whole grid and the agent as object 10 with its direction")
  func fullView() throws {
    let world = try world("DoorKey-5x5", seed: 0) { $0.view = .full }
    var player = GridworldTrace.Player(world.plan)
    player.world = world
    let image = player.observe().image
    #expect(image.count == 75)
    let (x, y) = world.position
    #expect(Array(image[(x * 5 + y) * 3..<(x * 5 + y) * 3 + 3]) == [10, 0, UInt8(world.direction)])
    var grid = world.encodedGrid
    grid.replaceSubrange((x * 5 + y) * 3..<(x * 5 + y) * 3 + 3, with: [10, 0, UInt8(world.direction)])
    #expect(image == grid)
  }

  @Test("one byte a code says the same as the codes")
  func oneHot() throws {
    var coded = GridworldTrace.Player(try world("DoorKey-6x6", seed: 2).plan)
    coded.world = try world("DoorKey-6x6", seed: 2)
    var planes = GridworldTrace.Player(try world("DoorKey-6x6", seed: 2) { $0.oneHot = true }.plan)
    planes.world = try world("DoorKey-6x6", seed: 2) { $0.oneHot = true }
    let (codes, bits) = (coded.observe().image, planes.observe().image)
    #expect(bits.count == 49 * 20 && bits.reduce(0) { $0 + Int($1) } == 49 * 3)
    for cell in 0..<49 {
      #expect(bits[cell * 20 + Int(codes[cell * 3])] == 1)
      #expect(bits[cell * 20 + 11 + Int(codes[cell * 3 + 1])] == 1)
      #expect(bits[cell * 20 + 17 + Int(codes[cell * 3 + 2])] == 1)
    }
  }

  @Test("a smaller view is the middle of a larger one where nothing hides anything", arguments: [3, 5, 9, 15])
  func viewSize(_ side: Int) throws {
    func image(_ side: Int) throws -> [UInt8] {
      let world = try world("DoorKey-16x16", seed: 4) {
        $0.viewSize = side
        $0.seeThroughWalls = true
      }
      var player = GridworldTrace.Player(world.plan)
      player.world = world
      return player.observe().image
    }
    let (small, large) = (min(side, 7), max(side, 7))
    let (inner, outer) = (try image(small), try image(large))
    for column in 0..<small {
      for row in 0..<small {
        let other = ((column + (large - small) / 2) * large + row + large - small) * 3
        #expect(
          Array(inner[(column * small + row) * 3..<(column * small + row) * 3 + 3]) == Array(outer[other..<other + 3]))
      }
    }
  }

  @Test("views of more than seven columns hide by the same rule as the table's")
  func largeViews() throws {
    for seed in 0..<20 {
      let world = try world("MultiRoom-N6", seed: UInt64(seed))
      let rows = world.litRows()
      let lit = world.litBoard(side: 7)
      let isTurned = world.offset((world.direction + 1) & 3) < 0
      for row in 0..<7 {
        for column in 0..<7 {
          let place = isTurned ? 6 - column : column
          #expect(lit >> UInt64(8 * row + place) & 1 == UInt64(rows[row] >> UInt32(column) & 1))
        }
      }
    }
  }

  @Test("with a price on death, lava costs it and the episode goes on")
  func deathCost() throws {
    var world = try world("LavaGapS5", seed: 0) { $0.deathCost = -0.25 }
    world[2, 1] = .lava
    #expect(world.step(.forward) == Transition(reward: -0.25))
    #expect(world.position == (2, 1))
  }

  @Test("a sticky action repeats the last one as often as it should")
  func sticky() throws {
    var world = try world("Empty-16x16", seed: 0) { $0.stickyActionProbability = 0.25 }
    var repeated = 0
    for _ in 0..<2000 {
      _ = world.step(.left)
      let before = world.direction
      _ = world.step(.right)
      if world.direction == (before + 3) & 3 { repeated += 1 }
    }
    // The last action that was done is left with p = 3/4 + q/4, and then is repeated with q = p/4: q = 1/5.
    #expect((340...460).contains(repeated))
  }

  @Test("a random action is drawn as often as it should")
  func randomActions() throws {
    var world = try world("Empty-16x16", seed: 0) { $0.randomActionProbability = 0.5 }
    var turned = 0
    for _ in 0..<2000 {
      let before = world.direction
      _ = world.step(.left)
      if world.direction == (before + 3) & 3 { turned += 1 }
    }
    // Half as chosen, and a seventh of the rest by chance.
    #expect((1080...1210).contains(turned))
  }

  @Test("masked actions are those that would change nothing but the time")
  func masks() throws {
    let world = try world("DoorKey-5x5", seed: 0) { $0.actionMasks = true }
    var queue = [world]
    var known: Set<GridworldSolver.Key> = [GridworldSolver.Key(world)]
    while let world = queue.popLast() {
      var legal = [Bool](repeating: true, count: 7)
      var mask = legal.mutableSpan
      world.legalActions(into: &mask)
      for action in Gridworld.Action.allCases {
        var copy = world
        let transition = copy.step(action)
        let changes = GridworldSolver.Key(copy) != GridworldSolver.Key(world)
        // Turns and done are always legal.
        if action != .done { #expect(legal[Int(action.rawValue)] == changes) } else { #expect(legal[6]) }
        if transition.outcome == .running && known.insert(GridworldSolver.Key(copy)).inserted { queue.append(copy) }
      }
    }
    #expect(known.count > 100)
  }

  @Test("seen cells are counted, visited ones too")
  func seenCells() throws {
    var world = try world("Empty-5x5", seed: 0) { $0.countSeenCells = true }
    #expect(world.seen.reduce(0) { $0 + $1.nonzeroBitCount } == 20)
    _ = world.step(.forward)
    _ = world.step(.forward)
    #expect(world.visited.reduce(0) { $0 + $1.nonzeroBitCount } == 3)
  }

  @Test("what makes no level is refused with the reason and the fix")
  func validation() {
    var cases: [(String, Gridworld.Configuration)] = [
      ("size", Gridworld.Configuration(Gridworld.DoorKey(side: 4))),
      ("even", Gridworld.Configuration(Gridworld.Crossing(side: 8, crossings: 1, obstacle: .lava))),
      ("too many", Gridworld.Configuration(Gridworld.Crossing(side: 5, crossings: 9, obstacle: .lava))),
      (
        "no room",
        Gridworld.Configuration(Gridworld.BabyAI(.goToLocal, roomSize: 4, rows: 1, columns: 1, distractors: 9))
      ),
      ("no neighbour", Gridworld.Configuration(Gridworld.BabyAI(.goToDoor, rows: 1, columns: 1))),
    ]
    for (name, change) in [
      ("viewSize", { $0.viewSize = 6 }), ("deathCost", { $0.deathCost = 1 }),
      ("sticky", { $0.stickyActionProbability = 1.5 }),
      ("timeLimit", { $0.timeLimit = -1 }),
    ] as [(String, (inout Gridworld.Configuration) -> Void)] {
      var configuration = Gridworld.Configuration(Gridworld.Empty())
      change(&configuration)
      cases.append((name, configuration))
    }
    for (name, configuration) in cases {
      do {
        _ = try Gridworld.plan(configuration)
        Issue.record("\(name) was not refused")
      } catch let error as UserError {
        #expect(!error.reason.isEmpty && !error.fix.isEmpty, "\(name)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  @Test("a parameter or family that does not exist is refused by name")
  func unknownKeys() throws {
    for text in [
      "{\"level\": {\"family\": \"DoorKey\", \"sise\": 6}}", "{\"level\": {\"family\": \"DoorKay\"}}",
      "{\"level\": {}}",
    ] {
      #expect(throws: UserError.self) {
        try JSON(parsing: text, name: "a test").decoded(as: Gridworld.Configuration.self, name: "a test")
      }
    }
    let short = try JSON(parsing: "{\"level\": {\"family\": \"DoorKey\", \"side\": 6}}", name: "a test")
      .decoded(as: Gridworld.Configuration.self, name: "a test")
    #expect(short == Gridworld.Configuration(Gridworld.DoorKey(side: 6)))
  }

  // MARK: Playthroughs

  @Test(
    "the playthrough of a family's level is the recorded one",
    arguments: [
      "Empty-Random-5x5", "DoorKey-5x5", "LavaGapS5", "LavaCrossingS9N1", "DistShift1", "Dynamic-Obstacles-5x5",
      "FourRooms",
      "MultiRoom-N2-S4", "LockedRoom", "MemoryS7", "RedBlueDoors-6x6", "Fetch-5x5-N2", "GoToDoor-5x5",
      "GoToObject-6x6-N2",
      "PutNear-6x6-N2", "Unlock", "KeyCorridorS3R1", "ObstructedMaze-1Dlhb", "Playground", "BabyAI-MiniBossLevel",
      "DeceptiveCorridor",
      "BabyAI-PutNextS5N2Carrying",
    ])
  func playthrough(_ id: String) throws {
    let recipe = try EnvironmentRecipe(
      id: "gridworld/\(id)", Gridworld.self, configuration: try #require(Gridworld.level(named: id)).configuration)
    try Playthrough.check(
      recipe, seed: 7, actions: Playthrough.randomActions(recipe, count: 24, seed: 7), name: "gridworld-\(id)")
  }
}
