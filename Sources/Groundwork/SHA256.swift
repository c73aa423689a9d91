/// SHA-256 of bytes: what recordings and checkpoints are known by.
///
/// Source: FIPS 180-4.
public enum SHA256 {
  /// The digest, 32 bytes.
  ///
  /// - Complexity: O(bytes); allocates the digest and a block of 64 words.
  public static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    var schedule = [UInt32](repeating: 0, count: 64)
    let whole = bytes.count / 64
    for block in 0..<whole {
      fold(UnsafeRawBufferPointer(rebasing: bytes[(block * 64)..<(block * 64 + 64)]), into: &state, &schedule)
    }
    // The rest, a one, zeros, and the length in bits.
    var tail = Array(bytes[(whole * 64)...]) + [0x80]
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(bytes.count) * 8
    for shift in stride(from: UInt64(56), through: 0, by: -8) { tail.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    tail.withUnsafeBytes { tail in
      for block in 0..<(tail.count / 64) {
        fold(UnsafeRawBufferPointer(rebasing: tail[(block * 64)..<(block * 64 + 64)]), into: &state, &schedule)
      }
    }
    return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
  }

  /// The first digits of the digest, hexadecimal.
  ///
  /// - Parameter digits: At most 64; the first 16 are 64 bits, enough to tell recordings apart.
  public static func hexadecimal(_ bytes: UnsafeRawBufferPointer, digits: Int = 64) -> String {
    let symbols = Array("0123456789abcdef".utf8)
    let text = digest(bytes).flatMap { [symbols[Int($0 >> 4)], symbols[Int($0 & 15)]] }
    return String(decoding: text.prefix(digits), as: UTF8.self)
  }

  /// Folds a block of 64 bytes in.
  private static func fold(_ block: UnsafeRawBufferPointer, into state: inout [UInt32], _ schedule: inout [UInt32]) {
    func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
    for index in 0..<16 {
      schedule[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    for index in 16..<64 {
      let (early, late) = (schedule[index - 15], schedule[index - 2])
      let small = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
      let large = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
      schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let mixed = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let first = h &+ mixed &+ (e & f ^ ~e & g) &+ constants[index] &+ schedule[index]
      let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  /// The first 32 bits of the fractions of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = {
    var primes: [UInt64] = []
    var number: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ number % $0 != 0 }) { primes.append(number) }
      number += 1
    }
    return primes.map { prime in
      // The greatest r with r^3 <= prime * 2^96, bit by bit; its low 32 bits are the fraction's first.
      let target = UInt128(prime) << 96
      var root: UInt128 = 0
      for bit in stride(from: 34, through: 0, by: -1) {
        let next = root | UInt128(1) << UInt128(bit)
        if next * next * next <= target { root = next }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }()
}
