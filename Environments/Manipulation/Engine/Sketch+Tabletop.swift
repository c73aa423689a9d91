#if MuJoCo
  import ReinforcementLearning

  extension Sketch {
    /// Marks of places seen from above, 21 rows of 41 characters, a column 2.5 cm and a row 5 cm; later ones cover
    /// earlier ones.
    ///
    /// - Parameters:
    ///   - left: The x of the first column, m.
    ///   - far: The y of the first row, m.
    static func board(
      of marks: [(Vector, Swift.Character, Color)], left: Double, far: Double
    ) -> [[Character]] {
      var board = [[Character]](repeating: [Character](repeating: Character("."), count: 41), count: 21)
      for (place, letter, color) in marks {
        // Where a simulation broke, places are anywhere, or none.
        guard abs(place.x) < 10, abs(place.y) < 10 else { continue }
        let column = Int(((place.x - left) * 40).rounded())
        let row = Int(((far - place.y) * 20).rounded())
        if board.indices.contains(row), board[row].indices.contains(column) {
          board[row][column] = Character(letter, color)
        }
      }
      return board
    }

    /// A number with two decimals, for captions.
    static func hundredths(_ value: Double) -> String {
      let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
      let digits = abs(hundredths) % 100
      return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
  }
#endif
