/// The checksums of TensorFlow's record files.
///
/// Source: RFC 3720, appendix B.4 (the Castagnoli polynomial, bits reflected); the masking of LevelDB's and
/// TensorFlow's record format.
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { index in
    var remainder = UInt32(index)
    for _ in 0..<8 { remainder = remainder & 1 == 1 ? (remainder >> 1) ^ 0x82F6_3B78 : remainder >> 1 }
    return remainder
  }

  /// CRC-32C of the bytes.
  static func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes { remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8) }
    return ~remainder
  }

  /// The checksum rotated and offset, so that the checksum of data that holds checksums is not degenerate.
  static func maskedCRC32C(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let checksum = crc32c(bytes)
    return ((checksum >> 15) | (checksum << 17)) &+ 0xA282_EAD8
  }
}
