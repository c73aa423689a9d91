import ReinforcementLearning

/// An archive's map in lines of text: the environment's board, with what was visited shaded by how often.
///
/// What stands on a place (a wall, a goal, the agent) keeps its character; where most visited places show the
/// same one, that is taken for the ground and shaded.
struct ArchiveMapText {
  /// The archive that is printed.
  let map: ArchiveMap
  /// Characters across.
  var columns: Int
  /// Whether the terminal understands ANSI's 24-bit colours.
  var hasColor: Bool

  /// From seldom to often.
  private static let shades: [Character] = ["·", "░", "▒", "▓", "█"]

  /// Header, facts, board and the scale with the visits at which each shade begins; no line is wider than
  /// `columns`.
  func lines() -> [String] {
    let heat = HeatMap(map.cells)
    var lines: [String] = []
    func line(_ pieces: [(String, Sketch.Color, Bool)]) {
      var line = StyledLine(columns: columns)
      for (text, color, isBold) in pieces { line.add(text, color, isBold: isBold) }
      lines.append(line.text(hasColor: hasColor))
    }
    line([(map.title, Theme.text, true)])
    line([(map.subtitle, Theme.muted, false)])
    line(map.facts.flatMap { [($0.label + " ", Theme.faint, false), ($0.value + "  ", Theme.text, true)] })
    lines.append("")
    for row in board(heat) { line(row.map { (String($0.character), $0.color, false) }) }
    lines.append("")
    var scale: [(String, Sketch.Color, Bool)] = [("visits ", Theme.faint, false)]
    for (index, shade) in Self.shades.enumerated() {
      let least = heat.spots.map(\.visits).filter { level(heat.heat($0)) == index }.min()
      guard let least else { continue }
      let middle = (Float(index) + 0.5) / Float(Self.shades.count)
      scale.append(("\(shade)\(shade) ", HeatMap.color(middle), false))
      scale.append(("from \(least)  ", Theme.muted, false))
    }
    line(scale + (map.path.isEmpty ? [] : [("*", Theme.text, true), (" best way", Theme.muted, false)]))
    return lines
  }

  /// Which of the five shades a heat has.
  private func level(_ heat: Float) -> Int { min(Self.shades.count - 1, Int(heat * Float(Self.shades.count))) }

  /// The environment's board with what lies on the ground replaced; what stands there keeps its character.
  private func board(_ heat: HeatMap) -> [[Sketch.Character]] {
    var board = map.sketch.board
    guard map.sketch.height > 0, map.sketch.width > 0 else { return board }
    let rows = board.count
    func places(of area: Sketch.Area) -> [(row: Int, column: Int)] {
      let row = Int(area.center.y / map.sketch.height * Float(rows))
      guard board.indices.contains(row) else { return [] }
      let column = Int(area.center.x / map.sketch.width * Float(board[row].count))
      return board[row].indices.contains(column) ? [(row, column)] : []
    }
    // The ground is what most visited places show.
    var counts: [(character: Character, count: Int)] = []
    for place in heat.spots.flatMap({ places(of: $0.area) }) {
      let character = board[place.row][place.column].character
      if let index = counts.firstIndex(where: { $0.character == character }) {
        counts[index].count += 1
      } else {
        counts.append((character, 1))
      }
    }
    let ground = counts.max { $0.count < $1.count }?.character
    for spot in heat.spots {
      for place in places(of: spot.area) {
        let value = heat.heat(spot.visits)
        board[place.row][place.column].color = HeatMap.color(value)
        if board[place.row][place.column].character == ground {
          board[place.row][place.column].character = Self.shades[level(value)]
        }
      }
    }
    for area in map.path {
      for place in places(of: area) where Self.shades.contains(board[place.row][place.column].character) {
        board[place.row][place.column] = Sketch.Character("*", Theme.text)
      }
    }
    return spread(board)
  }

  /// Characters are twice as high as wide: a square cell is two of them.
  private func spread(_ board: [[Sketch.Character]]) -> [[Sketch.Character]] {
    let width = board.map(\.count).max() ?? 0
    guard width > 0, width * 2 <= columns else { return board }
    let ratio = map.sketch.width / map.sketch.height / (Float(width) / Float(board.count))
    guard ratio > 0.8 && ratio < 1.25 else { return board }
    let joined: Set<Character> = Set(Self.shades + ["#"])
    return board.map { row in
      row.flatMap { cell in
        [
          cell,
          Sketch.Character(joined.contains(cell.character) && cell.character != "·" ? cell.character : " ", cell.color),
        ]
      }
    }
  }
}
