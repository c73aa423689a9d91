import Groundwork
import ReinforcementLearning
import Testing

/// Literals printed by numpy 2's `default_rng`.
@Suite("RandomSource is numpy's generator") struct RandomSourceTests {
  @Test("the raw words of seeds below and above 2^32 are PCG64's")
  func words() {
    var zero = RandomSource(seed: 0)
    let zeroWords: [UInt64] = (0..<3).map { _ in zero.next() }
    #expect(zeroWords == [11_749_869_230_777_074_271, 4_976_686_463_289_251_617, 755_828_109_848_996_024])
    var large = RandomSource(seed: 1 << 63 + 11)
    let largeWords: [UInt64] = (0..<3).map { _ in large.next() }
    #expect(largeWords == [3_134_404_187_912_038_416, 14_898_973_193_536_483_131, 4_864_460_490_941_996_748])
  }

  @Test("integers, uniform numbers and a shuffle, in one stream")
  func draws() {
    var random = RandomSource(seed: 42)
    let digits = (0..<12).map { _ in random.integer(in: 0..<10) }
    #expect(digits == [0, 7, 6, 4, 4, 8, 0, 6, 2, 0, 5, 9])
    let numbers = (0..<3).map { _ in random.uniform(-1, 1) }
    #expect(numbers == [0.5222794039807059, 0.5721286105539076, -0.7437727346489083])
    var values = Array(0..<10)
    random.shuffle(&values)
    #expect(values == [7, 0, 4, 2, 3, 5, 1, 8, 6, 9])
    let large = (0..<4).map { _ in random.integer(in: 0..<1_000_003) }
    #expect(large == [92136, 554586, 887892, 63817])
  }

  @Test("a stream goes on from its saved words, a kept half included")
  func saving() throws {
    var random = RandomSource(seed: 3)
    _ = random.nextUInt32()
    var copy = try RandomSource(words: random.words)
    #expect(copy == random)
    let copied = (0..<5).map { _ in copy.nextUInt32() }
    let original = (0..<5).map { _ in random.nextUInt32() }
    #expect(copied == original)
    #expect(throws: UserError.self) { try RandomSource(words: [1, 2]) }
  }

  @Test("normal numbers have mean 0, variance 1 and the tails of a normal distribution")
  func normal() {
    var random = RandomSource(seed: 5)
    let values = (0..<100_000).map { _ in random.normal() }
    let mean = values.reduce(0, +) / 100_000
    #expect(abs(mean) < 0.015)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 100_000 - 1) < 0.02)
    #expect(abs(Double(values.count { abs($0) > 1.959964 }) / 100_000 - 0.05) < 0.003)
  }

  @Test("an episode's seed depends on run, slot and episode, and on nothing else")
  func episodeSeeds() {
    var seen: Set<UInt64> = []
    for run in 0..<4 {
      for slot in 0..<50 {
        for episode in 0..<50 { seen.insert(RandomSource.episodeSeed(run: UInt64(run), slot: slot, episode: episode)) }
      }
    }
    #expect(seen.count == 4 * 50 * 50)
    #expect(
      RandomSource.episodeSeed(run: 1, slot: 2, episode: 3) == RandomSource.episodeSeed(run: 1, slot: 2, episode: 3))
  }

  @Test("a stream's purpose is a number that never changes, and no two purposes have the same but for named aliases")
  func purposes() {
    #expect(
      StreamPurpose.allCases.map(\.rawValue)
        == [
          1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 30, 31, 32, 40, 41, 70, 71, 90, 100, 120, 121, 150, 180, 181,
          190, 191, 192, 0x7476, 0x706c_6179, 0x4556_414c, 0x7374_6570, 0x72_756c_6573,
        ])
    #expect(StreamPurpose.rewardTerm.rawValue == 5)
    #expect(StreamPurpose.search.rawValue == 7 && StreamPurpose.searchBench.rawValue == 4)
    #expect(StreamPurpose.matchOpening.rawValue == 40 && StreamPurpose.matchMoves.rawValue == 41)
    var (named, numbered) = (
      RandomSource(seed: 9, purpose: .goalChoice, index: 3), RandomSource(seed: RandomSource.mixed(9, 40, 3))
    )
    #expect(named.next() == numbered.next())
  }
}
