import ReinforcementLearning

/// A row's bytes as the key of a table.
enum StateHash {
  /// The hash of some ranges of a row's bytes.
  ///
  /// - Parameter ranges: Byte ranges in the order in which they count; the same bytes in another order have
  ///   another key.
  /// - Complexity: O(bytes / 8).
  static func key(_ row: UnsafeRawPointer, _ ranges: [Range<Int>]) -> UInt64 {
    var key: UInt64 = 0
    for range in ranges {
      var offset = range.lowerBound
      while offset < range.upperBound {
        var word: UInt64 = 0
        let count = min(8, range.upperBound - offset)
        if count == 8 {
          word = row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        } else {
          for byte in 0..<count { word = word << 8 | UInt64(row.load(fromByteOffset: offset + byte, as: UInt8.self)) }
        }
        key = RandomSource.mixed(key, word, 7)
        offset += count
      }
    }
    return key
  }
}
