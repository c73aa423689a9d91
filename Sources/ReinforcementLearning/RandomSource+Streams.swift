public import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What draws of a `RandomSource` are for, beyond numpy's four methods.
extension RandomSource {
  /// A standard normal number (Marsaglia's polar method; not numpy's ziggurat).
  public mutating func normal() -> Double {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let square = u * u + v * v
      if square < 1 && square > 0 { return u * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// A stream of its own for one purpose of one run, for example slot 3's actions.
  public init(seed: UInt64, purpose: StreamPurpose, index: Int) {
    self.init(seed: RandomSource.seed(seed, purpose: purpose, index: UInt64(bitPattern: Int64(index))))
  }

  /// The seed of that stream, for who draws by seeds of its own.
  public static func seed(_ seed: UInt64, purpose: StreamPurpose, index: UInt64) -> UInt64 {
    mixed(seed, purpose.rawValue, index)
  }

  /// The seed of an episode: a function of nothing but the run's seed, the slot and the episode's number.
  @inlinable public static func episodeSeed(run: UInt64, slot: Int, episode: Int) -> UInt64 {
    mixed(run, UInt64(bitPattern: Int64(slot)), UInt64(bitPattern: Int64(episode)))
  }

  /// Three words hashed to one by the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
  @inlinable public static func mixed(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    func finalize(_ value: UInt64) -> UInt64 {
      var z = value &+ 0x9e37_79b9_7f4a_7c15
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
    return finalize(finalize(finalize(a) ^ b) ^ c)
  }

  /// The stream's position as five words, for a checkpoint.
  public var words: [UInt64] {
    [
      UInt64(truncatingIfNeeded: state >> 64), UInt64(truncatingIfNeeded: state),
      UInt64(truncatingIfNeeded: increment >> 64), UInt64(truncatingIfNeeded: increment),
      hasSpare ? UInt64(spare) | 1 << 32 : 0,
    ]
  }

  /// A stream at a saved position.
  public init(words: [UInt64]) throws(UserError) {
    guard words.count == 5 else { throw UserError("a random stream has 5 words, not \(words.count)") }
    self.init(
      state: UInt128(words[0]) << 64 | UInt128(words[1]), increment: UInt128(words[2]) << 64 | UInt128(words[3]),
      spare: UInt32(truncatingIfNeeded: words[4]), hasSpare: words[4] >> 32 != 0)
  }
}
