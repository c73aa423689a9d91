import ReinforcementLearning

/// What planners ask of a gridworld.
extension Gridworld {
  /// All that the next steps depend on but the random stream and the time: the cells, what boxes hold, the agent, and
  /// how far the mission is.
  ///
  /// - Complexity: O(cells of the grid).
  public func digest() -> UInt64 {
    var digest = StateDigest()
    let (width, height) = plan.family.size
    cells.withUnsafeBytes { bytes in
      let size = MemoryLayout<Cell>.stride
      for y in 0..<height {
        let start = (plan.first + y * rowStride) * size
        digest.add(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + width * size]))
      }
    }
    digest.add(contents)
    // Which obstacle moves first matters: they draw one after the other.
    digest.add(obstacles)
    digest.add(agent << 2 | direction)
    digest.add(carried.bits)
    digest.add(UInt64(truncatingIfNeeded: place) << 32 | UInt64(wanted))
    digest.add(otherPlace)
    digest.add(maxSteps)
    if rule == .instruction {
      for part in [instruction.a, instruction.b] {
        digest.add(part.isDone)
        for clause in [part.first, part.second] {
          digest.add(clause.isDone)
          digest.add(clause.carriedBefore)
          for objects in [clause.objects, clause.fixedObjects] {
            digest.add(UInt64(truncatingIfNeeded: objects))
            digest.add(UInt64(truncatingIfNeeded: objects >> 64))
          }
        }
      }
    }
    if plan.configuration.stickyActionProbability > 0 {
      digest.add(previousAction.rawValue)
      digest.add(stepCount > 1)
    }
    return digest.value
  }

  /// Goes on in the same level with another plan's options: sticky or random actions, death, what is seen.
  ///
  /// - Returns: False when the plan's grid has another size or margin.
  public mutating func adopt(_ other: Plan) -> Bool {
    if other === plan || other.configuration == plan.configuration { return true }
    guard other.width == plan.width, other.height == plan.height, other.margin == plan.margin,
      other.family.actionCount == plan.family.actionCount
    else { return false }
    var world = Gridworld(plan: other)
    world.cells = cells
    world.contents = contents
    world.doors = doors
    world.obstacles = obstacles
    world.agent = agent
    world.direction = direction
    world.carried = carried
    world.random = random
    world.stepCount = stepCount
    world.maxSteps = maxSteps
    world.rule = rule
    world.place = place
    world.otherPlace = otherPlace
    world.wanted = wanted
    world.mission = mission
    world.instruction = instruction
    world.hasVacatedCells = hasVacatedCells
    world.nextIdentity = nextIdentity
    world.previousAction = previousAction
    world.event = event
    world.eventCell = eventCell
    world.doorsOpened = doorsOpened
    world.reached = reached
    world.visited = visited
    // What only one of the two keeps is made from the present.
    world.noteOpaqueCells()
    if !world.seen.isEmpty {
      if seen.isEmpty { world.markSeen() } else { world.seen = seen }
    }
    self = world
    return true
  }
}
