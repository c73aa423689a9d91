import ReinforcementLearning

/// Reads from snapshots whether their last step broke the environment; one thread's.
final class FaultReader {
  /// Room for a copy, of which one field is looked at.
  private let arena: SnapshotArena
  private let row: UnsafeMutableRawPointer
  private let place: ObservationLayout.Place
  private let element: Int

  /// nil where no measure says so.
  init?(_ recipe: EnvironmentRecipe) {
    guard let measure = recipe.specification.measures.first(where: \.isFault),
      case .field(let name, let element) = measure.source
    else { return nil }
    arena = recipe.makeArena(capacity: 1, fields: [name])
    guard let place = arena.layout.place(name) else { return nil }
    (self.place, self.element) = (place, element)
    row = .allocate(byteCount: arena.layout.rowBytes, alignment: 64)
    row.initializeMemory(as: UInt8.self, repeating: 0, count: arena.layout.rowBytes)
  }

  deinit { row.deallocate() }

  /// Whether the signal is not 0.
  func isFault(_ snapshot: Int, of other: SnapshotArena) -> Bool {
    arena.copy(snapshot, of: other, to: 0)
    arena.observe(0, into: row)
    return Rollout.read(row, place, at: element) != 0
  }
}
