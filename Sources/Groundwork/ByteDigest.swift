/// A digest of bytes that shows damage, not ill will: 64 bits, 16 hexadecimal digits.
///
/// Fast enough to be taken of every line that is logged and of every checkpoint. Ill will is what `SHA256` is for.
public struct ByteDigest: Hashable, Sendable, CustomStringConvertible {
  private var hash: UInt64 = 0

  /// Of nothing.
  public init() {}

  /// Of some bytes.
  public init(_ bytes: some Collection<UInt8>) { add(bytes) }

  /// Goes on with more bytes; where one call ends and the next begins matters.
  ///
  /// - Complexity: O(bytes); allocates nothing for arrays and slices of them.
  public mutating func add(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ add(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { add($0) }
    }
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    fold(UInt64(bytes.count))
    var offset = 0
    while offset + 8 <= bytes.count {
      fold(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    while offset < bytes.count {
      fold(UInt64(bytes[offset]))
      offset += 1
    }
  }

  /// Every step is a bijection of the digest so far and of the word, so a change of one word changes the result.
  private mutating func fold(_ word: UInt64) {
    var mixed = (hash ^ word) &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    hash = mixed ^ mixed >> 31
  }

  /// The 64 bits.
  public var word: UInt64 { hash }

  /// 16 hexadecimal digits.
  public var description: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
