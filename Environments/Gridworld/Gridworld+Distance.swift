extension Gridworld {
  /// What remains to be done, one thing after the other, each at a cell beside or on its place.
  enum Stage {
    /// Stand on a goal square.
    case goal
    /// Stand on a cell.
    case enter(Int)
    /// Face a cell and say done.
    case face(Int)
    /// Face one of the objects, for nothing more or for what costs an action.
    case faceObject(UInt128, Purpose)
    /// Face a cell's door and open it.
    case openDoor(Int)
    /// Face an object of that look and pick it up.
    case pickUpLook(UInt32)
    /// Face a free cell at most one away from a cell, and drop there.
    case dropNear(Int)
    /// Face a free cell beside one of the objects, and drop there.
    case dropBeside(UInt128)
    /// Face a key of that colour, or its box, and take it.
    case key(Color)
  }

  /// What an object is faced for.
  enum Purpose { case look, open, take }

  /// Moves, pick-ups, drops and toggles that remain along a shortest plan; turns are free. -1: no plan was found.
  ///
  /// The plan does the level's stages in their order. A closed door costs one more, and so does a locked one whose
  /// key is at hand; an object in the way costs two more, and full hands before a pick-up one. Where the way to
  /// the first stage leads through a locked door without its key, fetching the key becomes a stage before it, again
  /// and again. Each stage is a field of distances over the whole grid that starts from the field of the stage
  /// after it, so the sum is the least over all places to do things at, not the sum of least distances. Locked
  /// doors behind later stages than the first count as if their keys were at hand.
  ///
  /// - Complexity: O(cells * stages). Allocates nothing up to 2048 cells.
  func remainingDistance() -> Int {
    var stages = InlineStages()
    guard collectStages(&stages) else { return -1 }
    if stages.count == 0 { return 0 }
    return DistanceField.withField(over: self) { field in
      var keys = InlineColors()
      while true {
        field.begin(keys: keys)
        var index = stages.count
        while index > 0 {
          index -= 1
          let handsAreFull = index == 0 && (keys.count > 0 || carried.bits != 0)
          field.extend(stages[index], isLast: index == stages.count - 1, handsAreFull: handsAreFull)
        }
        // The last colour's key is fetched first.
        for index in 0..<keys.count {
          field.bar(keys[index])
          field.extend(.key(keys[index]), isLast: false, handsAreFull: index < keys.count - 1 || carried.bits != 0)
        }
        guard let color = field.firstLock(), !keys.contains(color) else { break }
        keys.append(color)
      }
      return field.value
    }
  }

  /// The level's stages that remain; false where it has none to reach.
  private func collectStages(_ stages: inout InlineStages) -> Bool {
    switch rule {
    case .reachGoal, .dynamicObstacles, .lure:
      stages.append(.goal)
      // Playground has no goal.
      return plan.family.hasGoal
    case .fetch:
      if carried.bits == 0 || carried.look != wanted { stages.append(.pickUpLook(wanted)) }
    case .pickUp:
      if carried.bits == 0 || UInt32(carried.identity) != wanted {
        stages.append(.faceObject(1 << UInt128(wanted), .take))
      }
    case .goTo: stages.append(.face(place))
    case .putNear:
      if carried.bits == 0 { stages.append(.pickUpLook(wanted)) }
      stages.append(.dropNear(place))
    case .memory: stages.append(.enter(place))
    case .redBlueDoors:
      if !cells[place].isOpenDoor { stages.append(.openDoor(place)) }
      if !cells[otherPlace].isOpenDoor { stages.append(.openDoor(otherPlace)) }
    case .unlock:
      if !cells[place].isOpenDoor { stages.append(.openDoor(place)) }
    case .instruction:
      switch instruction.order {
      case .single: collect(instruction.a, &stages)
      case .before:
        if !instruction.a.isDone { collect(instruction.a, &stages) }
        collect(instruction.b, &stages)
      case .after:
        if !instruction.b.isDone { collect(instruction.b, &stages) }
        collect(instruction.a, &stages)
      }
    }
    return true
  }

  /// The stages of a part's clauses, as said: their order is free, and this one is tried.
  private func collect(_ part: Part, _ stages: inout InlineStages) {
    collect(part.first, &stages)
    if part.isPair { collect(part.second, &stages) }
  }

  /// The one or two stages of a clause that is not done.
  private func collect(_ clause: Clause, _ stages: inout InlineStages) {
    guard !clause.isDone else { return }
    switch clause.kind {
    case .goTo: stages.append(.faceObject(clause.objects, .look))
    case .open: stages.append(.faceObject(clause.objects, .open))
    case .pickUp: stages.append(.faceObject(clause.objects, .take))
    case .putNext:
      let isCarried = carried.bits != 0 && clause.objects >> UInt128(carried.identity) & 1 != 0
      if !isCarried { stages.append(.faceObject(clause.objects, .take)) }
      stages.append(.dropBeside(clause.fixedObjects))
    }
  }

  /// Up to eight stages without an allocation.
  struct InlineStages {
    private var stages = InlineArray<8, Stage>(repeating: .goal)
    private(set) var count = 0

    mutating func append(_ stage: Stage) {
      stages[count] = stage
      count += 1
    }

    subscript(index: Int) -> Stage { stages[index] }
  }

  /// Up to six different colours without an allocation.
  struct InlineColors {
    private var colors = InlineArray<6, Color>(repeating: .red)
    private(set) var count = 0

    mutating func append(_ color: Color) {
      colors[count] = color
      count += 1
    }

    subscript(index: Int) -> Color { colors[index] }

    func contains(_ color: Color) -> Bool { (0..<count).contains { colors[$0] == color } }
  }
}
