/// Builds the hash of a state word by word, the same in every process (unlike `Hasher`).
///
/// Not a cryptographic hash: two states of one run collide with a probability of about 2^-64.
public struct StateDigest: Sendable {
  @usableFromInline var state: UInt64

  /// The hash of nothing.
  @inlinable public init() { state = 0x9e37_79b9_7f4a_7c15 }

  /// The hash of what was added so far.
  @inlinable public var value: UInt64 { state }

  /// Folds a word in: a 128-bit product whose halves are added (as wyhash does), so that order matters.
  @inlinable public mutating func add(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
    // The word once more: a product that is 0 forgets it.
    state = (product.high ^ product.low) &+ word &* 0xe703_7ed1_a0b4_28db &+ 0x8ebc_6af0_9c88_c6e3
  }

  /// Folds in an integer, its sign extended or its upper bits cut to 64.
  @inlinable public mutating func add(_ number: some BinaryInteger) { add(UInt64(truncatingIfNeeded: number)) }

  /// Folds in 1 or 0.
  @inlinable public mutating func add(_ flag: Bool) { add(flag ? 1 : 0 as UInt64) }

  /// Folds in bytes, their number last.
  @inlinable public mutating func add(bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset &+ 8 <= bytes.count {
      add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    var rest: UInt64 = 0
    while offset < bytes.count {
      rest = rest << 8 | UInt64(bytes[offset])
      offset &+= 1
    }
    add(rest)
    add(UInt64(bytes.count))
  }

  /// Folds in the elements of an array of plain numbers.
  @inlinable public mutating func add<Element: BitwiseCopyable>(_ elements: [Element]) {
    elements.withUnsafeBytes { add(bytes: $0) }
  }
}
