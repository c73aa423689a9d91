/// A stream of random numbers that is the same on every machine and toolchain: numpy's `default_rng(seed)`.
///
/// The generator is PCG64 (O'Neill 2014, XSL-RR 128/64) seeded by numpy's `SeedSequence`, and `integer(in:)`,
/// `uniform(_:_:)` and `shuffle(_:)` follow numpy's `Generator.integers`, `.uniform` and `.shuffle` draw for
/// draw, so a level that was generated with numpy is generated alike. `normal()` does not follow numpy.
///
/// Randomness is passed by hand, as an `inout` argument; there is no global stream.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
  @usableFromInline var state: UInt128
  @usableFromInline let increment: UInt128
  /// The unused high half of the last 64-bit draw that a 32-bit draw made; numpy keeps it too.
  @usableFromInline var spare: UInt32
  @usableFromInline var hasSpare: Bool

  /// Computed, since the first use of a stored one would be checked for at each draw.
  @inlinable static var multiplier: UInt128 {
    UInt128(2_549_297_995_355_413_924) << 64 | UInt128(4_865_540_595_714_422_341)
  }

  /// The stream of numpy's `default_rng(seed)`.
  public init(seed: UInt64) {
    let words = SeedSequence.words(of: seed)
    let initialState = UInt128(words.0) << 64 | UInt128(words.1)
    let sequence = UInt128(words.2) << 64 | UInt128(words.3)
    increment = sequence << 1 | 1
    state = 0
    spare = 0
    hasSpare = false
    advance()
    state &+= initialState
    advance()
  }

  /// A stream at a known position; `RandomSource+Streams.swift` saves and restores it.
  init(state: UInt128, increment: UInt128, spare: UInt32, hasSpare: Bool) {
    self.state = state
    self.increment = increment
    self.spare = spare
    self.hasSpare = hasSpare
  }

  @inlinable mutating func advance() { state = state &* RandomSource.multiplier &+ increment }

  /// 64 random bits.
  @inlinable public mutating func next() -> UInt64 {
    advance()
    let high = UInt64(truncatingIfNeeded: state >> 64)
    let mixed = high ^ UInt64(truncatingIfNeeded: state)
    let rotation = high >> 58
    return mixed >> rotation | mixed << ((64 &- rotation) & 63)
  }

  /// 32 random bits: the low half of a fresh draw, then its high half.
  @inlinable public mutating func nextUInt32() -> UInt32 {
    if hasSpare {
      hasSpare = false
      return spare
    }
    let bits: UInt64 = next()
    hasSpare = true
    spare = UInt32(truncatingIfNeeded: bits >> 32)
    return UInt32(truncatingIfNeeded: bits)
  }

  /// A uniform integer of the range, by Lemire's method on 32-bit draws; a range of one draws nothing.
  @inlinable public mutating func integer(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty && range.count <= Int(UInt32.max), "a range of 1 to 2^32 - 1 integers")
    let count = UInt32(truncatingIfNeeded: range.count)
    if count == 1 { return range.lowerBound }
    var product = UInt64(nextUInt32()) &* UInt64(count)
    if UInt32(truncatingIfNeeded: product) < count {
      let threshold = (0 &- count) % count
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(nextUInt32()) &* UInt64(count)
      }
    }
    return range.lowerBound &+ Int(product >> 32)
  }

  /// A uniform number of [0, 1) with 53 random bits.
  @inlinable public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform number of [low, high).
  @inlinable public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A uniform number of [0, 1) with 24 random bits.
  @inlinable public mutating func uniformFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// True with the given probability.
  @inlinable public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Shuffles in place as numpy does: from the end, partners by masked rejection on 32-bit draws.
  @inlinable public mutating func shuffle<Element>(_ values: inout [Element]) {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, through: 1, by: -1) {
      values.swapAt(last, interval(UInt32(last)))
    }
  }

  /// A uniform integer of 0...maximum by masked rejection (numpy's `random_interval`).
  @inlinable mutating func interval(_ maximum: UInt32) -> Int {
    let mask = UInt32.max >> UInt32(maximum.leadingZeroBitCount)
    while true {
      let value = nextUInt32() & mask
      if value <= maximum { return Int(value) }
    }
  }
}

/// The hash by which numpy turns a seed into the state of a generator (O'Neill's `seed_seq_fe`).
@usableFromInline enum SeedSequence {
  /// The four 64-bit words that seed PCG64.
  @usableFromInline static func words(of seed: UInt64) -> (UInt64, UInt64, UInt64, UInt64) {
    var multiplier: UInt32 = 0x43b0_d7e5
    func hash(_ value: UInt32, _ multiplier: inout UInt32, by factor: UInt32) -> UInt32 {
      var value = value ^ multiplier
      multiplier = multiplier &* factor
      value = value &* multiplier
      return value ^ value >> 16
    }
    func mix(_ a: UInt32, _ b: UInt32) -> UInt32 {
      let value = a &* 0xca01_f9dd &- b &* 0x4973_f715
      return value ^ value >> 16
    }
    var pool = SIMD4<UInt32>(
      hash(UInt32(truncatingIfNeeded: seed), &multiplier, by: 0x931e_8875),
      hash(UInt32(truncatingIfNeeded: seed >> 32), &multiplier, by: 0x931e_8875), 0, 0)
    pool[2] = hash(0, &multiplier, by: 0x931e_8875)
    pool[3] = hash(0, &multiplier, by: 0x931e_8875)
    for source in 0..<4 {
      for target in 0..<4 where target != source {
        pool[target] = mix(pool[target], hash(pool[source], &multiplier, by: 0x931e_8875))
      }
    }
    multiplier = 0x8b51_f9dd
    func word(_ index: Int) -> UInt64 {
      let low = hash(pool[index & 3], &multiplier, by: 0x58f3_8ded)
      let high = hash(pool[(index + 1) & 3], &multiplier, by: 0x58f3_8ded)
      return UInt64(high) << 32 | UInt64(low)
    }
    return (word(0), word(2), word(0), word(2))
  }
}
