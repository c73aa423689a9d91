/// A 64-bit digest of bytes that is the same on every machine and in every run; not for secrets.
///
/// FNV-1a, then the finalizer of SplitMix64, so that every bit depends on every byte.
///
/// Sixty-four bits tell files and questions apart, but somebody who wants to can make two texts with one
/// digest.
public enum StableDigest {
  /// The digest of the bytes in their order.
  public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
  }

  /// The digest of the text's UTF-8 bytes.
  public static func of(_ text: String) -> UInt64 { of(text.utf8) }
}
