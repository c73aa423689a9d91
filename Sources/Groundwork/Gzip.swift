/// Reads gzip files: recordings are kept compressed. It does not write them.
///
/// Source: RFC 1951 (deflate), RFC 1952 (gzip).
public enum Gzip {
  /// The bytes that a gzip file holds.
  ///
  /// - Throws: `UserError` when the file is missing, is not a gzip file, is cut off or damaged, or holds more than its
  ///   kind may.
  public static func read(_ path: String, as kind: FileKind = .recording) throws(UserError) -> [UInt8] {
    try decompress(try Files.read(path, as: kind), name: path, kind: kind)
  }

  /// Files of several members, as `cat a.gz b.gz` makes them, give their bytes one after the other.
  ///
  /// - Parameters:
  ///   - name: What the bytes are called in errors.
  ///   - kind: What they are, which says how many may come out; inflation ends there.
  /// - Throws: `UserError` when the header, the length or the checksum of a member is wrong, or more comes out.
  /// - Complexity: O(bits of the input + bytes of the output); codes are read a bit at a time.
  public static func decompress(
    _ bytes: [UInt8], name: String, kind: FileKind = .recording
  ) throws(UserError) -> [UInt8] {
    var output: [UInt8] = []
    var start = 0
    repeat {
      guard let end = member(of: bytes, at: start, most: kind.inflatedBytes, into: &output) else {
        guard output.count <= kind.inflatedBytes else {
          throw UserError(
            "'\(name)' holds more than \(byteCount(kind.inflatedBytes)), the most that \(kind.name) may have",
            fix: "Use a smaller one")
        }
        throw UserError("'\(name)' is not a whole gzip file", fix: "It may be cut off; restore it")
      }
      start = end
    } while start < bytes.count
    return output
  }

  /// Decompresses one member of the file.
  ///
  /// - Returns: Where the next one begins; nil when this one is damaged or there are more than `most` bytes of output.
  private static func member(of bytes: [UInt8], at start: Int, most: Int, into output: inout [UInt8]) -> Int? {
    guard start + 18 <= bytes.count, bytes[start] == 0x1f, bytes[start + 1] == 0x8b, bytes[start + 2] == 8 else {
      return nil
    }
    let flags = bytes[start + 3]
    var place = start + 10
    if flags & 4 != 0 {
      guard place + 2 <= bytes.count else { return nil }
      place += 2 + Int(bytes[place]) + Int(bytes[place + 1]) << 8
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard place < bytes.count, let end = bytes[place...].firstIndex(of: 0) else { return nil }
      place = end + 1
    }
    if flags & 2 != 0 { place += 2 }
    let first = output.count
    var inflation = Inflation(bytes: bytes, place: place, most: most)
    guard place <= bytes.count, inflation.run(into: &output) else { return nil }
    place = inflation.place
    guard place + 8 <= bytes.count else { return nil }
    func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) } }
    guard word(place) == checksum(output[first...]),
      word(place + 4) == UInt32(truncatingIfNeeded: output.count - first)
    else { return nil }
    return place + 8
  }

  /// CRC-32 (polynomial 0xEDB88320, bits reflected).
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes { remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ remainder >> 8 }
    return ~remainder
  }

  /// What a byte does to the remainder.
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { remainder, _ in
      remainder & 1 == 1 ? remainder >> 1 ^ 0xedb8_8320 : remainder >> 1
    }
  }
}

/// Deflate's decompression: blocks of literals and copies, in Huffman codes.
private struct Inflation {
  private let bytes: [UInt8]
  /// The next byte of the input.
  private(set) var place: Int
  /// Bits that were read ahead, the next one lowest.
  private var bits: UInt64 = 0
  /// How many bits were read ahead.
  private var count = 0

  /// Bytes of output at which it ends; a copy may pass them.
  private let most: Int

  init(bytes: [UInt8], place: Int, most: Int) {
    self.bytes = bytes
    self.place = place
    self.most = most
  }

  /// A canonical Huffman code: how many codes have each length, and the symbols in order of their codes.
  private struct Code {
    /// By length, 1 to 15; a length that no symbol has counts 0.
    var counts = [Int](repeating: 0, count: 16)
    /// In the order of their codes: by length, then by number (RFC 1951, 3.2.2).
    var symbols: [Int] = []

    init(lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      for length in 1..<16 where counts[length] > 0 {
        for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
      }
    }
  }

  /// The code of blocks without one of their own (RFC 1951, 3.2.6).
  private static let fixedLiterals = Code(
    lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  /// Five bits for each of the thirty distances.
  private static let fixedDistances = Code(lengths: Array(repeating: 5, count: 30))
  /// The order in which a block gives the lengths of its lengths' code (RFC 1951, 3.2.7).
  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// - Returns: Whether the data was whole.
  mutating func run(into output: inout [UInt8]) -> Bool {
    while true {
      guard let isLast = take(1), let kind = take(2) else { return false }
      let isGood =
        switch kind {
        case 0: stored(into: &output)
        case 1: block(Inflation.fixedLiterals, Inflation.fixedDistances, into: &output)
        case 2: dynamicBlock(into: &output)
        default: false
        }
      guard isGood, output.count <= most else { return false }
      if isLast == 1 {
        // Whole bytes that were read ahead belong to what follows.
        place -= count / 8
        return true
      }
    }
  }

  /// The next bits, the first of them the lowest; nil past the end.
  private mutating func take(_ number: Int) -> Int? {
    while count < number {
      guard place < bytes.count else { return nil }
      bits |= UInt64(bytes[place]) << UInt64(count)
      place += 1
      count += 8
    }
    let value = Int(bits & ((1 << UInt64(number)) - 1))
    bits >>= UInt64(number)
    count -= number
    return value
  }

  /// The next symbol, a bit of its code at a time.
  private mutating func symbol(_ code: Code) -> Int? {
    var value = 0
    var first = 0
    var index = 0
    for length in 1..<16 {
      guard let bit = take(1) else { return nil }
      value |= bit
      let number = code.counts[length]
      if value - first < number { return code.symbols[index + value - first] }
      index += number
      first = (first + number) << 1
      value <<= 1
    }
    return nil
  }

  /// A block of bytes as they are, after its length and the length's complement.
  private mutating func stored(into output: inout [UInt8]) -> Bool {
    place -= count / 8
    (bits, count) = (0, 0)
    guard place + 4 <= bytes.count else { return false }
    let length = Int(bytes[place]) | Int(bytes[place + 1]) << 8
    let inverse = Int(bytes[place + 2]) | Int(bytes[place + 3]) << 8
    place += 4
    guard length == ~inverse & 0xffff, place + length <= bytes.count else { return false }
    output += bytes[place..<place + length]
    place += length
    return true
  }

  /// A block that begins with its two codes, their lengths themselves in a Huffman code.
  private mutating func dynamicBlock(into output: inout [UInt8]) -> Bool {
    guard let literals = take(5), let distances = take(5), let codes = take(4) else { return false }
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<codes + 4 {
      guard let length = take(3) else { return false }
      lengths[Inflation.lengthOrder[index]] = length
    }
    let code = Code(lengths: lengths)
    let total = literals + 257 + distances + 1
    var all: [Int] = []
    while all.count < total {
      guard let symbol = symbol(code) else { return false }
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last, let more = take(2) else { return false }
        all += repeatElement(last, count: more + 3)
      case 17:
        guard let more = take(3) else { return false }
        all += repeatElement(0, count: more + 3)
      default:
        guard let more = take(7) else { return false }
        all += repeatElement(0, count: more + 11)
      }
    }
    guard all.count == total else { return false }
    return block(
      Code(lengths: Array(all[..<(literals + 257)])), Code(lengths: Array(all[(literals + 257)...])), into: &output)
  }

  /// Literals and copies up to the end of the block.
  private mutating func block(_ literals: Code, _ distances: Code, into output: inout [UInt8]) -> Bool {
    while true {
      guard output.count <= most, let symbol = symbol(literals) else { return false }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return true }
      guard symbol < 286, let length = length(symbol - 257), let code = self.symbol(distances), code < 30,
        let distance = distance(code), distance <= output.count
      else { return false }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  /// 3 to 258: eight lengths without extra bits, then four for each number of extra bits, and 258 by itself.
  private mutating func length(_ code: Int) -> Int? {
    if code < 8 { return code + 3 }
    if code == 28 { return 258 }
    let extra = code / 4 - 1
    return take(extra).map { (4 + code % 4) << extra + 3 + $0 }
  }

  /// 1 to 32768: four distances without extra bits, then two for each number of them.
  private mutating func distance(_ code: Int) -> Int? {
    if code < 4 { return code + 1 }
    let extra = code / 2 - 1
    return take(extra).map { (2 + code % 2) << extra + 1 + $0 }
  }
}
