internal import Synchronization

/// Bytes of a saved state that are too many to be written anew with every checkpoint: a file beside the checkpoints
/// holds each once, and every checkpoint says where.
///
/// A chunk never changes. Its bytes are in memory, in such a file, or in both. Two chunks are equal when their sizes
/// and digests are.
public final class SavedChunk: Sendable, Equatable {
  /// Where a file holds the bytes.
  private struct Place: Sendable {
    var path: String
    var offset: Int
  }

  /// Bytes that it holds.
  public let count: Int
  /// The digest of the bytes.
  public let digest: UInt64
  private let bytes: [UInt8]?
  private let place: Mutex<Place?>

  /// A chunk in memory, in no file yet.
  public init(_ bytes: [UInt8]) {
    count = bytes.count
    digest = ByteDigest(bytes).word
    self.bytes = bytes
    place = Mutex(nil)
  }

  /// A chunk that a file holds; nothing is read yet.
  public init(count: Int, digest: UInt64, in path: String, at offset: Int) {
    self.count = count
    self.digest = digest
    bytes = nil
    place = Mutex(Place(path: path, offset: offset))
  }

  /// The same chunk with its bytes in memory.
  ///
  /// - Throws: `UserError` that names the file when it was cut off or altered, or cannot be read.
  public func loaded() throws(UserError) -> SavedChunk {
    guard bytes == nil else { return self }
    let loaded = SavedChunk(try contents())
    if let place = place.withLock({ $0 }) { loaded.note(path: place.path, offset: place.offset) }
    return loaded
  }

  /// The bytes, from memory or from the file.
  ///
  /// - Throws: `UserError` as `loaded`.
  public func contents() throws(UserError) -> [UInt8] {
    if let bytes { return bytes }
    guard let place = place.withLock({ $0 }) else { preconditionFailure("a chunk that is nowhere") }
    guard let found = try Files.part(of: place.path, at: place.offset, count: count), ByteDigest(found).word == digest
    else {
      throw UserError(
        "'\(place.path)' was cut off or altered after it was written",
        fix: "Remove it: what it held is then made again from the checkpoint")
    }
    return found
  }

  /// Where that file holds the bytes; nil when it does not.
  public func offset(in path: String) -> Int? { place.withLock { $0?.path == path ? $0?.offset : nil } }

  /// Notes that a file holds the bytes from now on.
  public func note(path: String, offset: Int) { place.withLock { $0 = Place(path: path, offset: offset) } }

  /// Whether sizes and digests are equal.
  public static func == (a: SavedChunk, b: SavedChunk) -> Bool { a.count == b.count && a.digest == b.digest }
}
