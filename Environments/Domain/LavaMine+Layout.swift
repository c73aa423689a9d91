internal import ReinforcementLearning

/// How a mine is laid out: lava, rock and ore, with a way around the lava.
extension LavaMine {
  /// Draws the direction, then the mine and the ore until a way around the lava exists, at most a hundred
  /// times.
  public mutating func reset(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let size = configuration.size
    row = size / 2
    column = size / 2
    direction = random.integer(in: 0..<4)
    dug = 0
    visited = 0
    died = false
    for index in entered.indices { entered[index] = false }
    let start = row * size + column
    // A hundred draws that all shut the ore in are as good as impossible; then there is no lava.
    for attempt in 0...100 {
      fill(&random, lava: attempt < 100 ? configuration.lava : 0)
      let ore = drawOre(&random)
      cells[ore] = Cell.ore
      measure(from: ore)
      if distances[start] < .max { break }
    }
    enter()
  }

  /// Draws every cell inside the border, in order of rows; the miner's surroundings stay floor.
  private mutating func fill(_ random: inout RandomSource, lava: Double) {
    let size = configuration.size
    for index in cells.indices {
      let (r, c) = index.quotientAndRemainder(dividingBy: size)
      if r == 0 || c == 0 || r == size - 1 || c == size - 1 {
        cells[index] = Cell.rock
      } else if abs(r - row) <= 1 && abs(c - column) <= 1 {
        cells[index] = Cell.floor
      } else if random.uniform() < lava {
        cells[index] = Cell.lava
      } else {
        cells[index] = random.uniform() < configuration.rock ? Cell.rock : Cell.floor
      }
    }
  }

  /// A uniform cell inside the border, at least half the size away in rows plus columns.
  private func drawOre(_ random: inout RandomSource) -> Int {
    while true {
      let r = random.integer(in: 1..<configuration.size - 1)
      let c = random.integer(in: 1..<configuration.size - 1)
      if abs(r - row) + abs(c - column) >= configuration.size / 2 { return r * configuration.size + c }
    }
  }

  /// Fills `distances` breadth first from the ore. Lava is measured but not crossed, so that the last state of an
  /// episode that ends in it has a distance too.
  private mutating func measure(from ore: Int) {
    let size = configuration.size
    for index in distances.indices { distances[index] = .max }
    distances[ore] = 0
    var queue = [ore]
    var next = 0
    while next < queue.count {
      let index = queue[next]
      next += 1
      if cells[index] == Cell.lava { continue }
      for neighbour in [index + 1, index - 1, index + size, index - size] where distances[neighbour] == .max {
        let (r, c) = neighbour.quotientAndRemainder(dividingBy: size)
        if r == 0 || c == 0 || r == size - 1 || c == size - 1 { continue }
        distances[neighbour] = distances[index] + 1
        queue.append(neighbour)
      }
    }
  }
}
