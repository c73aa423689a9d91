import Groundwork

/// `checkpoints/chunks.bin`: the chunks of all checkpoints of a run, each once, in the order in which they came.
///
/// It only grows, so a checkpoint costs what is new since the one before. Where a checkpoint's chunks lie, and their
/// digests, is in its own `chunks.safetensors`; that depends on when checkpoints were written, so it is a file of its
/// own beside the run's state, which does not. A file that was removed is no error: who saved chunks can do without.
struct ChunkFile {
  /// The name of the file among the checkpoints.
  static let name = "chunks.bin"
  /// The name of a checkpoint's own file, which says where its chunks are.
  static let indexName = "chunks.safetensors"

  private let path: String

  /// - Parameter folder: The checkpoints' directory.
  init(in folder: String) { path = "\(folder)/\(ChunkFile.name)" }

  /// Adds the chunks that the file does not hold yet.
  ///
  /// - Returns: Where all of them are: `<name>.offsets`, `<name>.counts`, `<name>.digests`, and the file's `bytes`.
  /// - Throws: `UserError` when the file cannot be written.
  func add(_ lists: [String: [SavedChunk]]) throws(UserError) -> SavedState {
    let names = lists.keys.sorted()
    let missing = names.flatMap { lists[$0]! }.filter { $0.offset(in: path) == nil }
    var parts: [[UInt8]] = []
    for chunk in missing { parts.append(try chunk.contents()) }
    for (chunk, offset) in zip(missing, try Files.extend(path, by: parts)) { chunk.note(path: path, offset: offset) }
    var index = SavedState()
    index.set("bytes", scalar: Int64(Files.size(of: path) ?? 0))
    for name in names {
      let list = lists[name]!
      index.set("\(name).offsets", list.map { Int64($0.offset(in: path)!) })
      index.set("\(name).counts", list.map { Int64($0.count) })
      index.set("\(name).digests", list.map(\.digest))
    }
    return index
  }

  /// Adds to a state the chunks that an index names, unread; nothing when the file is not there.
  ///
  /// - Throws: `UserError` when the index lacks a part of what it names.
  func attach(_ index: SavedState, to state: inout SavedState) throws(UserError) {
    guard Files.exists(path) else { return }
    let end = ".offsets"
    for entry in index.names where entry.hasSuffix(end) {
      let name = String(entry.dropLast(end.count))
      let offsets: [Int64] = try index.get(entry)
      let counts: [Int64] = try index.get("\(name).counts", count: offsets.count)
      let digests: [UInt64] = try index.get("\(name).digests", count: offsets.count)
      state.set(
        chunks: name,
        offsets.indices.map {
          SavedChunk(count: Int(counts[$0]), digest: digests[$0], in: path, at: Int(offsets[$0]))
        })
    }
  }

  /// Cuts off what was added after the checkpoint from which a run goes on.
  func cut(to bytes: Int) throws(UserError) { try Files.cut(path, to: bytes) }
}
