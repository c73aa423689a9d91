import Groundwork
import ReinforcementLearning

/// The states of an archive's cells by number: snapshots, or bytes where the environment packs its states.
///
/// A state may be given up for room: its cell is then reached by its actions. Reading is for any number of threads at a
/// time; taking and giving up are one thread's.
final class CellStates: @unchecked Sendable {
  /// A state that a lane has found for a cell.
  struct Found {
    var cell: Int
    var arena: SnapshotArena
    var snapshot: Int
  }

  let isPacked: Bool
  /// By cell: whether its state is here.
  private(set) var isKept: [Bool] = []
  /// Cells whose state is here.
  private(set) var keptCount = 0
  /// Snapshots by cell; one of no cell where states are packed.
  private let arena: SnapshotArena
  /// By cell; nil for a state that is not here.
  private var packed: [SavedChunk?] = []

  /// - Parameter fields: What states are observed for.
  init(of recipe: EnvironmentRecipe, fields: [String], capacity: Int) {
    isPacked = recipe.isPackable
    arena = recipe.makeArena(capacity: isPacked ? 1 : max(1, capacity), fields: fields)
  }

  /// Copies a cell's state to a snapshot of an arena of the same environment.
  ///
  /// - Precondition: It is kept.
  func load(_ cell: Int, into other: SnapshotArena, at index: Int) {
    guard isPacked else { return other.copy(cell, of: arena, to: index) }
    do {
      try other.unpack(packed[cell]!.contents(), to: index)
    } catch {
      // It was packed by this process, or looked into when it was read.
      preconditionFailure("the state of cell \(cell) cannot be unpacked: \(error)")
    }
  }

  /// Takes what a cycle found; of several states for a cell the last one.
  ///
  /// - Complexity: a copy each; packing is shared out to the workers.
  func take(_ found: [Found], workers: Workers) {
    guard isPacked else {
      for state in found { take(state.snapshot, of: state.arena, to: state.cell) }
      return
    }
    var places: [Int: Int] = [:]
    var wanted: [Found] = []
    for state in found {
      if let place = places[state.cell] {
        wanted[place] = state
      } else {
        places[state.cell] = wanted.count
        wanted.append(state)
      }
    }
    var chunks = [SavedChunk?](repeating: nil, count: wanted.count)
    let states = wanted
    chunks.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let room = buffer
      workers.perform(states.count) { index in
        room[index] = SavedChunk(states[index].arena.packed(states[index].snapshot))
      }
    }
    for (state, chunk) in zip(wanted, chunks) { keep(chunk, for: state.cell) }
  }

  /// Takes one state.
  func take(_ snapshot: Int, of other: SnapshotArena, to cell: Int) {
    if isPacked {
      keep(SavedChunk(other.packed(snapshot)), for: cell)
    } else {
      if cell >= arena.capacity { arena.reserve(cell * 2) }
      arena.copy(snapshot, of: other, to: cell)
      keep(nil, for: cell)
    }
  }

  /// Takes a cell's state of other states of the same environment; nothing where it is not kept there.
  func take(_ cell: Int, of other: CellStates, to target: Int) {
    guard other.isKept[cell] else { return }
    if isPacked {
      keep(other.packed[cell], for: target)
    } else {
      take(cell, of: other.arena, to: target)
    }
  }

  private func keep(_ chunk: SavedChunk?, for cell: Int) {
    grow(to: cell + 1)
    if isPacked { packed[cell] = chunk }
    if !isKept[cell] { keptCount += 1 }
    isKept[cell] = true
  }

  private func grow(to count: Int) {
    guard isKept.count < count else { return }
    let missing = count - isKept.count
    isKept.append(contentsOf: repeatElement(false, count: missing))
    if isPacked { packed.append(contentsOf: repeatElement(nil, count: missing)) }
  }

  /// Whether the cell's state is here; also asked of cells that no state was ever taken for.
  func has(_ cell: Int) -> Bool { cell < isKept.count && isKept[cell] }

  /// Gives a cell's state up.
  func giveUp(_ cell: Int) {
    guard has(cell) else { return }
    isKept[cell] = false
    keptCount -= 1
    // A snapshot that nobody needs any more: that of the cell of ended episodes, which has no state.
    if isPacked { packed[cell] = nil } else { arena.copy(Archive.ended, to: cell) }
  }

  /// Where a cell's state lies on the environment's picture; nil where that is no map or the state is not here.
  func place(_ cell: Int) -> Sketch.Area? {
    guard has(cell), arena.recipe.isMapped else { return nil }
    guard isPacked else { return arena.place(cell) }
    load(cell, into: arena, at: 0)
    return arena.place(0)
  }

  // MARK: Chunks

  /// The packed states of the cells that have one, in the order of their numbers; nil where states are not packed.
  var chunks: [SavedChunk]? { isPacked ? packed.compactMap(\.self) : nil }

  /// Takes the chunks that `chunks` gave.
  ///
  /// - Parameter cells: The cells that they are the states of, in the same order.
  /// - Throws: `UserError` when their file was altered, or they are states of another environment.
  func take(_ chunks: [SavedChunk], for cells: [Int]) throws(UserError) {
    for (place, (chunk, cell)) in zip(chunks, cells).enumerated() {
      let loaded = try chunk.loaded()
      // All were written by one program; one tells whether this one can read them.
      if place == 0 { try arena.unpack(try loaded.contents(), to: 0) }
      keep(loaded, for: cell)
    }
  }
}
