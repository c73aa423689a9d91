import Catalog
@testable import Environments
@testable import GridworldEnvironments
import Groundwork
import ReinforcementLearning
import Testing

/// An empty 8 x 8 room with the agent at (3, 3), looking right, after the reset.
private func room(_ change: (inout Gridworld) -> Void = { _ in }) -> Gridworld {
  var world = Gridworld(plan: Gridworld.Plan(Gridworld.Configuration(Gridworld.Empty(side: 8))))
  world.reset(seed: 0)
  world.agent = world.index(3, 3)
  change(&world)
  world.noteOpaqueCells()
  return world
}

/// A room whose walls and doors hide what is behind them.
private func opaqueRoom(_ change: (inout Gridworld) -> Void = { _ in }) -> Gridworld {
  var configuration = Gridworld.Configuration(Gridworld.Empty(side: 8))
  configuration.seeThroughWalls = false
  var world = Gridworld(plan: Gridworld.Plan(configuration))
  world.reset(seed: 0)
  world.agent = world.index(3, 3)
  change(&world)
  world.noteOpaqueCells()
  return world
}

@Suite("Gridworld's rules") struct GridworldRuleTests {
  @Test("turning left goes 0, 3, 2, 1 and turning right 0, 1, 2, 3")
  func turning() {
    var world = room()
    var directions: [Int] = []
    for _ in 0..<4 {
      _ = world.step(.left)
      directions.append(world.direction)
    }
    for _ in 0..<4 {
      _ = world.step(.right)
      directions.append(world.direction)
    }
    #expect(directions == [3, 2, 1, 0, 1, 2, 3, 0])
  }

  @Test("forward enters empty cells, floor, goal, lava and open doors, and nothing else")
  func walking() {
    let cells: [(Gridworld.Cell, Bool)] = [
      (.empty, true), (Gridworld.Cell(.floor, .blue), true), (.goal, true), (.lava, true),
      (Gridworld.Cell(.door, .red, state: 0), true), (Gridworld.Cell(.door, .red, state: 1), false),
      (Gridworld.Cell(.door, .red, state: 2), false), (.wall, false), (Gridworld.Cell(.key, .red), false),
      (Gridworld.Cell(.ball, .red), false), (Gridworld.Cell(.box, .red), false),
    ]
    for (cell, isWalkable) in cells {
      var world = room { $0[4, 3] = cell }
      _ = world.step(.forward)
      #expect((world.position.x == 4) == isWalkable, "\(cell.tile)")
    }
  }

  @Test("the goal pays 1 - 0.9 t / T and terminates, on the last step too")
  func goal() {
    var world = room { $0[4, 3] = .goal }
    world.stepCount = 99
    let transition = world.step(.forward)
    #expect(transition == Transition(reward: Float(1 - 0.9 * (100.0 / 256)), outcome: .terminated, success: true))
    var last = room { $0[4, 3] = .goal }
    last.stepCount = 255
    let end = last.step(.forward)
    #expect(abs(end.reward - 0.1) < 1e-6 && end.outcome == .terminated)
  }

  @Test("lava terminates without a reward, the agent standing in it")
  func lava() {
    var world = room { $0[4, 3] = .lava }
    #expect(world.step(.forward) == Transition(reward: 0, outcome: .terminated))
    #expect(world.position.x == 4)
  }

  @Test("one object is carried at a time, and its cell becomes empty")
  func pickingUp() {
    var world = room {
      $0[4, 3] = $0.makeObject(.key, .red)
      $0[3, 4] = $0.makeObject(.ball, .blue)
    }
    _ = world.step(.pickUp)
    #expect(world.carried.is(.key) && world[4, 3].isEmpty)
    _ = world.step(.right)
    _ = world.step(.pickUp)
    #expect(world.carried.is(.key) && world[3, 4].is(.ball))
  }

  @Test("walls, goals, lava and doors cannot be picked up")
  func notPortable() {
    for cell in [Gridworld.Cell.wall, .goal, .lava, Gridworld.Cell(.door, .red, state: 1)] {
      var world = room { $0[4, 3] = cell }
      _ = world.step(.pickUp)
      #expect(world.carried.bits == 0 && world[4, 3] == cell)
    }
  }

  @Test("dropping needs a truly empty cell: not floor, goal, lava or an open door")
  func dropping() {
    let cells: [(Gridworld.Cell, Bool)] = [
      (.empty, true), (Gridworld.Cell(.floor, .blue), false), (.goal, false), (.lava, false),
      (Gridworld.Cell(.door, .red, state: 0), false), (.wall, false), (Gridworld.Cell(.ball, .red), false),
    ]
    for (cell, isDropped) in cells {
      var world = room {
        $0.carried = $0.makeObject(.key, .red)
        $0[4, 3] = cell
      }
      _ = world.step(.drop)
      #expect((world.carried.bits == 0) == isDropped, "\(cell.tile)")
      #expect(world[4, 3].is(isDropped ? .key : cell.tile))
    }
  }

  @Test("a closed door opens and closes; a locked one opens with the key of its colour, for good")
  func doors() {
    var world = room { $0.putDoor(.red, .closed, atX: 4, y: 3) }
    _ = world.step(.toggle)
    #expect(world[4, 3].isOpenDoor && !world[4, 3].isOpaque)
    _ = world.step(.toggle)
    #expect(world[4, 3].state == 1 && world[4, 3].isOpaque)

    for color in [Gridworld.Color.red, .blue] {
      var world = room {
        $0.putDoor(.red, .locked, atX: 4, y: 3)
        $0.carried = $0.makeObject(.key, color)
      }
      _ = world.step(.toggle)
      #expect(world[4, 3].state == (color == .red ? 0 : 2))
      #expect(world.carried.is(.key))
      guard color == .red else { continue }
      world.carried = Gridworld.Cell(bits: 0)
      _ = world.step(.toggle)
      #expect(world[4, 3].state == 1)
      _ = world.step(.toggle)
      #expect(world[4, 3].isOpenDoor)
    }
  }

  @Test("a ball of the lock's colour is no key")
  func ballIsNoKey() {
    var world = room {
      $0.putDoor(.red, .locked, atX: 4, y: 3)
      $0.carried = $0.makeObject(.ball, .red)
    }
    _ = world.step(.toggle)
    #expect(world[4, 3].state == 2)
  }

  @Test("a toggled box leaves what is in it, or nothing; carried before, its contents stay")
  func boxes() {
    var empty = room { $0[4, 3] = $0.makeObject(.box, .red) }
    _ = empty.step(.toggle)
    #expect(empty[4, 3] == .empty)
    var full = room {
      let box = $0.makeObject(.box, .red)
      $0.put($0.makeObject(.key, .blue), into: box)
      $0[4, 3] = box
    }
    for action in [Gridworld.Action.pickUp, .right, .drop] { _ = full.step(action) }
    #expect(full[3, 4].is(.box))
    _ = full.step(.toggle)
    #expect(full[3, 4].is(.key) && full[3, 4].color == .blue)
    _ = full.step(.pickUp)
    #expect(full.carried.is(.key))
  }

  @Test("toggling keys and balls, and done, change nothing")
  func nothing() {
    for (tile, action) in [(Gridworld.Tile.key, Gridworld.Action.toggle), (.ball, .toggle), (.key, .done)] {
      var world = room { $0[4, 3] = $0.makeObject(tile, .red) }
      let before = world.cells
      #expect(world.step(action) == Transition(reward: 0))
      #expect(world.cells == before && world.position == (3, 3))
    }
  }

  // MARK: The view

  /// The codes of the view: [column][row] as text.
  private func view(_ world: Gridworld) -> [[Int]] {
    var player = GridworldTrace.Player(world.plan)
    player.world = world
    let image = player.observe().image
    return (0..<7).map { column in (0..<7).map { row in Int(image[(column * 7 + row) * 3]) } }
  }

  @Test("the agent's own cell shows what it carries, else nothing, whatever it stands on")
  func ownCell() {
    let world = room { $0[3, 3] = .goal }
    #expect(view(world)[3][6] == 1)
    #expect(view(room { $0.carried = $0.makeObject(.ball, .green) })[3][6] == 6)
  }

  @Test("beyond the grid there is wall")
  func beyond() {
    var world = room()
    world.agent = world.index(6, 6)
    let seen = view(world)
    #expect((0..<7).allSatisfy { seen[$0][0] == 2 })
  }

  @Test("a wall hides what is behind it, a closed door too, an open one and objects do not")
  func hiding() {
    let ball = Gridworld.Cell(.ball, .red)
    for (cell, isHidden) in [
      (Gridworld.Cell.wall, true), (Gridworld.Cell(.door, .red, state: 1), true),
      (Gridworld.Cell(.door, .red, state: 2), true),
      (Gridworld.Cell(.door, .red, state: 0), false), (Gridworld.Cell(.box, .red), false), (.lava, false),
    ] {
      let world = opaqueRoom {
        // A corridor of one cell, so that nobody looks around the corner.
        for x in 3...6 {
          $0[x, 2] = .wall
          $0[x, 4] = .wall
        }
        $0[4, 3] = cell
        $0[5, 3] = ball
      }
      #expect((view(world)[3][4] == 0) == isHidden, "\(cell.tile)")
    }
  }

  @Test("light spreads sideways along a row and round the end of a wall into the next row")
  func corners() {
    // A wall before the agent from the far left up to its own column; the right is free.
    let world = opaqueRoom {
      $0[4, 3] = .wall
      $0[4, 2] = .wall
      $0[4, 1] = .wall
    }
    let seen = view(world)
    // Before the agent is wall; beside its end, free cells; behind the wall the row is lit from the free end.
    #expect(seen[3][5] == 2 && seen[4][5] == 1 && seen[3][4] == 1 && seen[1][4] == 1)
  }

  @Test("a table entry is what MiniGrid's two sweeps light", arguments: 0..<128)
  func sweeps(transparent: Int) {
    for lit in 0..<128 {
      // The rule as it is published: left to right, then right to left, cell by cell.
      var row = (0..<7).map { lit >> $0 & 1 == 1 }
      var above = Array(repeating: false, count: 7)
      for i in 0..<6 where row[i] && transparent >> i & 1 == 1 {
        row[i + 1] = true
        above[i + 1] = true
        above[i] = true
      }
      for i in (1..<7).reversed() where row[i] && transparent >> i & 1 == 1 {
        row[i - 1] = true
        above[i - 1] = true
        above[i] = true
      }
      let spread = Gridworld.spread(transparent: UInt32(transparent), lit: UInt32(lit)) & 127
      #expect((0..<7).map { spread >> UInt32($0) & 1 == 1 } == above)
      #expect((0..<7).map { (spread | UInt32(lit)) >> UInt32($0) & 1 == 1 } == row)
    }
  }
}

/// Layouts that stay, and configurations that change in the middle of an episode.
@Suite("Gridworld options for planners") struct GridworldPlanningTests {
  @Test("with a layout seed all episodes are in one level, and only what steps draw differs")
  func layoutSeed() throws {
    let recipe = try Catalog.environment("gridworld/Dynamic-Obstacles-8x8").recipe(changes: ["layoutSeed": 5])
    let arena = recipe.makeArena(capacity: 3)
    let scratch = SnapshotArena.Scratch(recipe.specification)
    for (index, seed) in [1, 2, 1].enumerated() { arena.start(index, seed: UInt64(seed)) }
    #expect(arena.digest(0) == arena.digest(1))
    for _ in 0..<3 { for index in 0..<3 { _ = arena.advance(index, to: index, action: 0, scratch) } }
    #expect(arena.digest(0) != arena.digest(1))
    #expect(arena.digest(0) == arena.digest(2))
    let own = try Catalog.environment("gridworld/Dynamic-Obstacles-8x8").recipe().makeArena(capacity: 2)
    own.start(0, seed: 5)
    #expect(own.digest(0) == recipe.makeArenaStarted(seed: 5).digest(0))
    #expect(throws: UserError.self) {
      try Catalog.environment("gridworld/DoorKey-8x8").recipe(changes: ["layoutSeed": -1])
    }
  }

  @Test("a snapshot of the plain level goes on under sticky actions, in the same state")
  func adoption() throws {
    let plain = try Catalog.environment("gridworld/KeyCorridorS3R3").recipe()
    let sticky = try plain.changing(["stickyActionProbability": 0.5])
    let source = plain.makeArena(capacity: 1)
    let arena = sticky.makeArena(capacity: 2)
    let scratch = SnapshotArena.Scratch(plain.specification)
    source.start(0, seed: 3)
    for action in [2, 2, 1, 2] { _ = source.advance(0, to: 0, action: action, scratch) }
    arena.copy(0, of: source, to: 0)
    #expect(arena.adopt(0))
    #expect(arena.elapsed(0) == 4)
    // Turning left for ever: without sticky actions the direction has a period of 4.
    var differs = false
    for time in 1...40 {
      _ = arena.advance(0, to: 0, action: time % 2, scratch)
      _ = source.advance(0, to: 0, action: time % 2, scratch)
      arena.copy(0, to: 1)
      differs = differs || plainDigest(arena, 1, plain) != source.digest(0)
    }
    #expect(differs)
    let other = try Catalog.environment("gridworld/DoorKey-8x8").recipe().makeArena(capacity: 1)
    other.copy(0, of: source, to: 0)
    #expect(!other.adopt(0), "a grid of another size")
  }

  /// The digest of a snapshot as the plain level has it.
  private func plainDigest(_ arena: SnapshotArena, _ index: Int, _ plain: EnvironmentRecipe) -> UInt64? {
    let target = plain.makeArena(capacity: 1)
    target.copy(index, of: arena, to: 0)
    _ = target.adopt(0)
    return target.digest(0)
  }
}

extension EnvironmentRecipe {
  fileprivate func makeArenaStarted(seed: UInt64) -> SnapshotArena {
    let arena = makeArena(capacity: 1)
    arena.start(0, seed: seed)
    return arena
  }
}
