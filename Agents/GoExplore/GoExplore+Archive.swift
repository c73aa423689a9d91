public import ReinforcementLearning

/// What is shown of an archive.
extension GoExplore: ArchiveKeeping {
  /// `episodeSeed`.
  public var exploredSeed: UInt64 { UInt64(configuration.episodeSeed) }

  /// The cell whose way succeeds, scores most and is shortest, in that order.
  public var bestCell: Int? { archive.best }

  /// The way to a cell, `[steps, width]`. - Complexity: O(steps).
  public func actions(toCell number: Int) -> [Float] { archive.log.actions(to: archive.cells[number].experience) }

  /// Every cell with a known way. After a resume the states are read or stepped again first, once.
  public var archiveEntries: [ArchiveEntry] {
    let states = (try? presentStates()) ?? stepStates()
    return archive.cells.indices.compactMap { index in
      let cell = archive.cells[index]
      guard cell.length != .max else { return nil }
      return ArchiveEntry(
        number: index, key: index == Archive.ended ? "ended episodes" : keyText(index), score: cell.score,
        length: Int(cell.length), success: cell.success, visits: Int(cell.seen), chosen: Int(cell.chosen),
        hasState: states.has(index),
        place: index == Archive.ended ? nil : states.place(index))
    }
  }

  /// A cell's key by the parts of its expression.
  private func keyText(_ cell: Int) -> String {
    guard case .fields(let expression) = function else { return "drawn frame" }
    var place = 0
    var texts: [String] = []
    for part in expression.parts {
      let numbers = (place..<place + part.count).map { String(archive.table[cell][$0]) }
      texts.append(part.text + " " + numbers.joined(separator: ","))
      place += part.count
    }
    return texts.joined(separator: "  ")
  }
}
