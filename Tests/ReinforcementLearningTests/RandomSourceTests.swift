import ReinforcementLearning
import Testing

/// What numpy 2 prints for `default_rng(seed)`; each column starts from a fresh generator.
struct NumpyDraws: Sendable, CustomTestStringConvertible {
  var seed: UInt64
  /// `bit_generator.random_raw()` three times.
  var bits: [UInt64]
  /// `integers(0, n)` for n of 2, 7, 1, 19, 100, 6, 3, 2**31, 2**32 - 1.
  var integers: [Int]
  /// `integers(0, 5), uniform(0, 1), integers(0, 5), uniform(-2, 3), integers(3, 9)`: doubles leave the spare half alone.
  var mixed: [Double]
  /// `shuffle` of 0 to 12.
  var shuffled: [Int]

  var testDescription: String { "seed \(seed)" }

  static let all = [
    NumpyDraws(
      seed: 0, bits: [11_749_869_230_777_074_271, 4_976_686_463_289_251_617, 755_828_109_848_996_024],
      integers: [1, 4, 0, 9, 26, 1, 0, 161_576_974, 70_985_653],
      mixed: [4, 0.2697867137638703, 3, -1.7951323803190267, 3], shuffled: [10, 2, 7, 4, 5, 12, 0, 3, 6, 9, 11, 8, 1]),
    NumpyDraws(
      seed: 1, bits: [9_441_442_522_235_856_127, 17_532_960_557_476_522_086, 2_659_275_481_604_167_885],
      integers: [0, 3, 0, 14, 95, 0, 0, 1_767_258_089, 4_074_418_349],
      mixed: [2, 0.9504636963259353, 2, -1.2792019364018312, 7], shuffled: [1, 10, 7, 9, 12, 4, 5, 8, 0, 2, 11, 6, 3]),
    NumpyDraws(
      seed: 42, bits: [14_276_969_152_011_380_360, 8_095_878_257_575_067_585, 15_838_336_090_824_644_132],
      integers: [0, 5, 0, 12, 43, 2, 2, 184_566_854, 2_995_172_877],
      mixed: [0, 0.4388784397520523, 3, 2.292989599556912, 3], shuffled: [0, 12, 7, 10, 9, 3, 6, 5, 2, 4, 11, 1, 8]),
    NumpyDraws(
      seed: 4_294_967_303, bits: [14_206_593_023_844_375_757, 2_064_693_230_803_885_548, 3_488_237_491_050_697_490],
      integers: [1, 5, 0, 16, 11, 1, 0, 470_828_273, 687_002_616],
      mixed: [4, 0.1119272443176843, 3, -1.0545113335143623, 4], shuffled: [7, 8, 1, 11, 12, 0, 6, 9, 10, 3, 4, 2, 5]),
    NumpyDraws(
      seed: .max, bits: [12_544_278_110_101_001_871, 15_593_249_672_699_323_225, 136_562_751_618_339_402],
      integers: [1, 4, 0, 18, 84, 2, 0, 215_029_464, 3_842_140_846],
      mixed: [2, 0.8453117585624743, 3, -1.9629845920036997, 3], shuffled: [8, 6, 3, 2, 12, 0, 4, 7, 1, 11, 5, 9, 10]),
  ]
}

@Suite("A random source is numpy's default_rng")
struct RandomSourceTests {
  @Test("a seed gives the same 64-bit words", arguments: NumpyDraws.all)
  func bits(_ numpy: NumpyDraws) {
    var random = RandomSource(seed: numpy.seed)
    #expect(numpy.bits.map { _ in random.next() } == numpy.bits)
  }

  @Test("integers are drawn alike, a range of one draws nothing", arguments: NumpyDraws.all)
  func integers(_ numpy: NumpyDraws) {
    var random = RandomSource(seed: numpy.seed)
    let drawn = [2, 7, 1, 19, 100, 6, 3, 1 << 31, (1 << 32) - 1].map { random.integer(in: 0..<$0) }
    #expect(drawn == numpy.integers)
  }

  @Test("uniform numbers between integers leave the spare 32 bits alone", arguments: NumpyDraws.all)
  func mixed(_ numpy: NumpyDraws) {
    var random = RandomSource(seed: numpy.seed)
    let drawn = [
      Double(random.integer(in: 0..<5)), random.uniform(0, 1), Double(random.integer(in: 0..<5)), random.uniform(-2, 3),
      Double(random.integer(in: 3..<9)),
    ]
    #expect(drawn == numpy.mixed)
  }

  @Test("a shuffle ends in the same order", arguments: NumpyDraws.all)
  func shuffle(_ numpy: NumpyDraws) {
    var random = RandomSource(seed: numpy.seed)
    var values = Array(0..<13)
    random.shuffle(&values)
    #expect(values == numpy.shuffled)
  }

  @Test("a stream restored from its words goes on where it was")
  func words() throws {
    var random = RandomSource(seed: 9)
    _ = random.nextUInt32()
    var restored = try RandomSource(words: random.words)
    #expect((0..<5).map { _ in random.nextUInt32() } == (0..<5).map { _ in restored.nextUInt32() })
  }
}
