public import ReinforcementLearning

extension Gridworld {
  /// The grid with MiniGrid's tiles, one world unit a cell, what the agent sees lit up; beside it the agent's own
  /// view; the mission and what is carried below; and a board of one character a cell for terminals.
  public func sketch() -> Sketch {
    var picture = Picture(width: width, height: height)
    let lit = litCells()
    for y in 0..<height {
      for x in 0..<width {
        let index = index(x, y)
        picture.draw(cells[index], x: x, y: y, isLit: lit.contains(index))
      }
    }
    let (x, y) = position
    picture.drawAgent(x: x, y: y, direction: direction)
    var sketch = picture.sketch
    sketch.focus = placeOnSketch()?.center
    if mission.count > 0 { sketch.captions.append("mission: \(mission.text)") }
    sketch.captions.append(carried.bits == 0 ? "carrying nothing" : "carrying: \(carried.phrase)")
    sketch.captions.append("step \(stepCount) of \(maxSteps)")
    sketch.insets.append(Sketch.Inset(title: "what the agent sees", sketch: agentView()))
    return sketch
  }

  /// The indices of the cells that the agent sees.
  private func litCells() -> Set<Int> {
    let side = viewSize
    let far = offset(direction)
    let right = offset((direction + 1) & 3)
    let corner = agent + far * (side - 1) - right * (side / 2)
    let rows = litRows()
    var cells: Set<Int> = []
    for row in 0..<side {
      for column in 0..<side where rows[row] >> UInt32(column) & 1 != 0 {
        cells.insert(corner + column * right - row * far)
      }
    }
    return cells
  }

  /// The view as the observation has it: the agent at the bottom, looking up, unseen cells dark.
  private func agentView() -> Sketch {
    let side = viewSize
    let far = offset(direction)
    let right = offset((direction + 1) & 3)
    let corner = agent + far * (side - 1) - right * (side / 2)
    let rows = litRows()
    var picture = Picture(width: side, height: side)
    for row in 0..<side {
      for column in 0..<side {
        if rows[row] >> UInt32(column) & 1 == 0 {
          picture.drawUnseen(x: column, y: row)
        } else if row == side - 1 && column == side / 2 {
          // Its own place shows what it carries.
          picture.draw(carried.bits == 0 ? .empty : carried, x: column, y: row, isLit: true)
          if carried.bits == 0 { picture.drawAgent(x: column, y: row, direction: 3) }
        } else {
          picture.draw(cells[corner + column * right - row * far], x: column, y: row, isLit: true)
        }
      }
    }
    return picture.sketch
  }
}

extension Gridworld.Color {
  /// MiniGrid's colours, a little softer.
  var shade: Sketch.Color {
    switch self {
    case .red: Sketch.Color(230, 45, 45)
    case .green: Sketch.Color(40, 200, 70)
    case .blue: Sketch.Color(60, 100, 250)
    case .purple: Sketch.Color(150, 70, 215)
    case .yellow: Sketch.Color(240, 215, 40)
    case .grey: Sketch.Color(125, 125, 130)
    }
  }
}
