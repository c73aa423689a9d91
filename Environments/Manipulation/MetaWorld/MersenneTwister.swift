/// NumPy's old global generator, from which MetaWorld draws the vectors of its benchmarks: MT19937 of Matsumoto and
/// Nishimura (1998), seeded as `numpy.random.seed(seed)` does.
struct MersenneTwister {
  private var state: [UInt32]
  private var index = 624

  /// - Parameter seed: Of 32 bits, as NumPy demands.
  init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(624)
    for place in 1..<624 {
      let last = state[place - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(place))
    }
  }

  /// 32 random bits.
  mutating func next() -> UInt32 {
    if index == 624 { twist() }
    var y = state[index]
    index += 1
    y ^= y >> 11
    y ^= y << 7 & 0x9d2c_5680
    y ^= y << 15 & 0xefc6_0000
    return y ^ y >> 18
  }

  private mutating func twist() {
    for place in 0..<624 {
      let y = state[place] & 0x8000_0000 | state[(place + 1) % 624] & 0x7fff_ffff
      state[place] = state[(place + 397) % 624] ^ y >> 1 ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
    }
    index = 0
  }

  /// A uniform number of [low, high), as `numpy.random.uniform` draws it.
  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    let a = Double(next() >> 5)
    let b = Double(next() >> 6)
    return low + (high - low) * ((a * 67_108_864 + b) / 9_007_199_254_740_992)
  }
}
