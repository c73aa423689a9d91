import ReinforcementLearning

/// Inputs that are almost right: seeds with bits flipped, parts cut out, doubled, exchanged for parts of other seeds,
/// and numbers made large.
///
/// The same seeds and number give the same input, on every machine. It looks at nothing but bytes: libFuzzer, which
/// sees what of the program an input reaches, finds more in the same time.
struct Mutation {
  /// At least one.
  let seeds: [[UInt8]]

  private static let words = [
    "99999999999999999999", "-1", "1e999", "0", "[[[[[[[[", "{\"a\":", "\"", "\\u0000", "null", "&a [*a]", ",,", "((",
    "\n",
  ].map { Array($0.utf8) }

  /// The input of that number.
  func input(_ number: UInt64) -> [UInt8] {
    var random = RandomSource(seed: number)
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }
    var bytes = seeds[below(seeds.count)]
    for _ in 0..<(1 + below(4)) {
      let place = below(bytes.count + 1)
      let length = min(bytes.count - place, 1 + below(1 << below(8)))
      switch below(7) {
      case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
      case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
      case 2: bytes.removeSubrange(place..<(place + length))
      case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      case 4: bytes.insert(contentsOf: Mutation.words[below(Mutation.words.count)], at: place)
      case 5:
        let other = seeds[below(seeds.count)]
        let start = below(other.count + 1)
        bytes.replaceSubrange(place..<(place + length), with: other[start...].prefix(length))
      default: bytes.removeLast(bytes.count - place)
      }
    }
    return bytes
  }
}
