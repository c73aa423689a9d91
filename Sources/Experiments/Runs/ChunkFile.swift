import Groundwork

/// A file of the chunks that a run's checkpoints share: `checkpoints/chunks.bin`, each chunk once.
///
/// A file only grows, so a checkpoint costs what is new since the one before. Once more than half of it is what the
/// newest checkpoint no longer needs, that checkpoint begins another one with its own chunks (`chunks-1.bin`, then
/// `chunks-2.bin`, ...), and a file goes with the last checkpoint that names it. Which file a checkpoint's chunks are
/// in, where, and their digests is in its own `chunks.safetensors`; that depends on when checkpoints were written, so
/// it is a file of its own beside the run's state, which does not. A file that was removed is no error: who saved
/// chunks can do without.
struct ChunkFile {
  /// The name of a checkpoint's own file, which says where its chunks are.
  static let indexName = "chunks.safetensors"
  /// Bytes up to which a file grows whatever it holds.
  static let freeBytes = 1 << 20

  /// The checkpoints' directory.
  private let folder: String
  /// 0 for the first.
  let number: Int

  init(_ number: Int = 0, in folder: String) { (self.number, self.folder) = (number, folder) }

  /// The newest one of a directory.
  init(latestIn folder: String) { self.init(ChunkFile.numbers(in: folder).last ?? 0, in: folder) }

  /// The file that a checkpoint's index names.
  init(_ index: SavedState, in folder: String) throws(UserError) {
    // The first indices named none.
    self.init(index.names.contains("file") ? Int(try index.scalar("file", as: Int64.self)) : 0, in: folder)
  }

  var name: String { number == 0 ? "chunks.bin" : "chunks-\(number).bin" }
  var path: String { "\(folder)/\(name)" }

  /// The numbers of the files that a directory has, rising.
  static func numbers(in folder: String) -> [Int] {
    Files.list(folder).compactMap { name in
      if name == "chunks.bin" { return 0 }
      guard name.hasPrefix("chunks-"), name.hasSuffix(".bin") else { return nil }
      return Int(name.dropFirst(7).dropLast(4)).flatMap { $0 > 0 ? $0 : nil }
    }.sorted()
  }

  /// Adds the chunks that the file does not hold yet, or begins another one where this is mostly what they are not.
  ///
  /// - Returns: Where all of them are: `<name>.offsets`, `<name>.counts`, `<name>.digests`, the number of the `file`
  ///   and its `bytes`.
  /// - Throws: `UserError` when the file cannot be written.
  func add(_ lists: [String: [SavedChunk]]) throws(UserError) -> SavedState {
    let all = lists.keys.sorted().flatMap { lists[$0]! }
    let needed = all.reduce(0) { $0 + $1.count }
    let missing = all.reduce(0) { $0 + ($1.offset(in: path) == nil ? $1.count : 0) }
    let grown = (Files.size(of: path) ?? 0) + missing
    if grown > max(ChunkFile.freeBytes, 2 * needed) {
      let next = ChunkFile(number + 1, in: folder)
      do {
        try Files.remove(next.path)
        return try next.append(lists)
      } catch {
        // It takes more room than going on does, so where there is none the run goes on; `append` fails without any.
        try? Files.remove(next.path)
      }
    }
    return try append(lists)
  }

  private func append(_ lists: [String: [SavedChunk]]) throws(UserError) -> SavedState {
    let names = lists.keys.sorted()
    let missing = names.flatMap { lists[$0]! }.filter { $0.offset(in: path) == nil }
    var parts: [[UInt8]] = []
    for chunk in missing { parts.append(try chunk.contents()) }
    for (chunk, offset) in zip(missing, try Files.extend(path, by: parts)) { chunk.note(path: path, offset: offset) }
    var index = SavedState()
    index.set("file", scalar: Int64(number))
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

  /// Cuts off what was added after the checkpoint from which a run goes on, and removes the files begun after it.
  func cut(to bytes: Int) throws(UserError) {
    try Files.cut(path, to: bytes)
    for later in ChunkFile.numbers(in: folder) where later > number {
      try Files.remove(ChunkFile(later, in: folder).path)
    }
  }

  /// Removes the files of a directory that have none of those numbers.
  static func removeAll(in folder: String, but wanted: Set<Int>) throws(UserError) {
    for number in numbers(in: folder) where !wanted.contains(number) {
      try Files.remove(ChunkFile(number, in: folder).path)
    }
  }
}
