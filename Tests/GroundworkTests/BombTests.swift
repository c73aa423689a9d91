import Groundwork
import Testing

/// Documents that are small and would become large.
@Suite("documents without an end") struct BombTests {
  @Test("JSON nested too deeply or with too many values is refused, and what lies below the limits is read")
  func json() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(FileKind.depth), name: "a")
    #expect(
      line { _ = try JSON(parsing: nested(FileKind.depth + 1), name: "'a'") }
        == "'a' has more than 64 lists and objects inside one another. "
        + "Use one that this program or its documentation describes")
    #expect(line { _ = try JSON(parsing: String(repeating: "[", count: 5_000_000), name: "'a'") }.contains("64 lists"))
    #expect(
      line { _ = try JSON(parsing: String(repeating: "{\"a\":", count: 1_000_000), name: "'a'") }.contains("64 lists"))
    let values = "[" + String(repeating: "0,", count: FileKind.ruleset.values) + "0]"
    #expect(
      line { _ = try JSON(parsing: values, name: "'a'", kind: .ruleset) }
        == "'a' has more than 100000 values, too many for a ruleset. Use a shorter one")
    // Brackets and commas of texts do not count.
    let text = "\"" + String(repeating: "[,\\\"{", count: 200_000) + "\""
    #expect(try JSON(parsing: "[\(text)]", name: "a", kind: .ruleset).array?[0].string?.count == 800_000)
  }

  @Test("inflation ends where more comes out than a recording may have")
  func gzip() throws {
    // One member of stored zeros and, of the same, a long run of copies: 1 MiB a member, four bytes a kilobyte.
    let member = try GzipText.zeros(1 << 20)
    #expect(try Gzip.decompress(member, name: "a").count == 1 << 20)
    let most = FileKind.recording.inflatedBytes >> 20
    let whole = [[UInt8]](repeating: member, count: most).flatMap(\.self)
    #expect(try Gzip.decompress(whole, name: "a").count == most << 20)
    #expect(
      line { _ = try Gzip.decompress(whole + member, name: "a.gz") }
        == "'a.gz' holds more than 64 MiB, the most that a recording may have. Use a smaller one")
  }

  @Test("a digest of bytes differs for every flipped bit, every cut and every other division")
  func digest() {
    let bytes = (0..<37).map { UInt8($0 * 7 & 255) }
    var found: Set<String> = []
    for length in 0...bytes.count { found.insert(ByteDigest(bytes[..<length]).description) }
    for place in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[place] ^= 1 << bit
        found.insert(ByteDigest(flipped).description)
      }
    }
    var parts = ByteDigest(bytes[..<20])
    parts.add(bytes[20...])
    found.insert(parts.description)
    #expect(found.count == 38 + 37 * 8 + 1 && found.allSatisfy { $0.count == 16 })
    #expect(ByteDigest(bytes.dropFirst(3)) == ByteDigest(Array(bytes.dropFirst(3))))
  }
}

/// Gzip members of zeros, written by hand (RFC 1951, RFC 1952).
enum GzipText {
  /// - Parameter count: A multiple of 258, plus 1, or what fits it least: the rest is written as literals.
  static func zeros(_ count: Int) throws -> [UInt8] {
    var bits = BitWriter()
    bits.write(1, 1)
    bits.write(1, 2)
    // The fixed code: a literal zero is 00110000; length 258 is 11000101, distance 1 is 00000.
    bits.writeCode(0b0011_0000, 8)
    let copies = (count - 1) / 258
    for _ in 0..<copies {
      bits.writeCode(0b1100_0101, 8)
      bits.writeCode(0, 5)
    }
    for _ in 0..<(count - 1 - copies * 258) { bits.writeCode(0b0011_0000, 8) }
    bits.writeCode(0, 7)
    var remainder = UInt32.max
    for _ in 0..<count {
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xedb8_8320 : remainder >> 1 }
    }
    let word = { (value: UInt32) in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + bits.bytes + word(~remainder) + word(UInt32(count))
  }

  private struct BitWriter {
    var bytes: [UInt8] = []
    private var count = 0

    mutating func write(_ value: Int, _ width: Int) {
      for bit in 0..<width {
        if count % 8 == 0 { bytes.append(0) }
        if value >> bit & 1 == 1 { bytes[bytes.count - 1] |= 1 << UInt8(count % 8) }
        count += 1
      }
    }

    /// Huffman codes stand with their first bit first.
    mutating func writeCode(_ code: Int, _ width: Int) {
      for bit in (0..<width).reversed() { write(code >> bit & 1, 1) }
    }
  }
}
