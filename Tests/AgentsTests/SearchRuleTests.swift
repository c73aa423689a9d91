import Foundation
import ReinforcementLearning
import Testing

@testable import Search

/// One node's numbers in memory of its own.
final class RowOfActions {
  let row: ActionRow
  let scratch: UnsafeMutablePointer<Lanes>
  let noise: UnsafeMutablePointer<Lanes>
  let count: Int

  init(logits: [Float], values: [Float], visits: [Float], legal: [Bool]? = nil, noise numbers: [Float] = []) {
    count = logits.count
    let blocks = ActionRow.blocks(count)
    func allocate(_ numbers: [Float], _ rest: Float) -> UnsafeMutablePointer<Lanes> {
      let lanes = UnsafeMutablePointer<Lanes>.allocate(capacity: blocks)
      for block in 0..<blocks {
        lanes[block] = Lanes((0..<8).map { block * 8 + $0 < numbers.count ? numbers[block * 8 + $0] : rest })
      }
      return lanes
    }
    let masked = logits.indices.map { legal?[$0] ?? true ? logits[$0] : ActionRow.excluded }
    row = ActionRow(
      blocks: blocks, logits: allocate(masked, ActionRow.excluded), prior: allocate([], 0), value: allocate(values, 0),
      visits: allocate(visits, 0))
    scratch = allocate([], 0)
    noise = allocate(numbers, 0)
    row.normalize()
  }

  deinit { for lanes in [row.logits, row.prior, row.value, row.visits, scratch, noise] { lanes.deallocate() } }

  func numbers(_ lanes: UnsafeMutablePointer<Lanes>) -> [Float] { (0..<count).map { lanes[$0 / 8][$0 % 8] } }
}

@Suite("Rules of network-guided search")
struct SearchRuleTests {
  @Test("the considered visit counts of sequential halving are mctx's")
  func sequentialHalving() {
    func sequence(_ runs: [(Int, Int)]) -> [Int] { runs.flatMap { Array(repeating: $0.0, count: $0.1) } }
    #expect(
      SequentialHalving.visits(considered: 8, simulations: 24)
        == sequence([(0, 8), (1, 4), (2, 4), (3, 2), (4, 2), (5, 2), (6, 2)]))
    #expect(
      SequentialHalving.visits(considered: 8, simulations: 47)
        == sequence([(0, 8), (1, 4), (2, 4), (3, 4)] + (4...16).map { ($0, 2) } + [(17, 1)]))
    #expect(
      SequentialHalving.visits(considered: 7, simulations: 24)
        == sequence([(0, 7), (1, 3), (2, 3), (3, 2), (4, 2), (5, 2), (6, 2), (7, 2), (8, 1)]))
    #expect(SequentialHalving.visits(considered: 8, simulations: 13) == sequence([(0, 8), (1, 4), (2, 1)]))
    #expect(SequentialHalving.visits(considered: 8, simulations: 2) == [0, 0])
    #expect(SequentialHalving.visits(considered: 1, simulations: 4) == [0, 1, 2, 3])
    #expect(SequentialHalving.visits(considered: 0, simulations: 2) == [0, 1])
  }

  @Test("the exponential of eight lanes is within 3e-7 of the true one")
  func exponentials() {
    for step in stride(from: Float(-86), through: 80, by: 0.37) {
      let found = exponential(Lanes(repeating: step))[3]
      #expect(abs(found / exp(step) - 1) < 1e-6, "e^\(step)")
    }
    #expect(exponential(Lanes(repeating: -200))[0] == 0)
    #expect(exponential(Lanes(repeating: ActionRow.excluded))[0] == 0)
    #expect(exponential(Lanes())[0] == 1)
  }

  @Test("v_mix weighs the network's value with the prior-weighted mean of the visited actions")
  func mixedValue() {
    // P = 1/4 each; visited: q = 2 (3 visits) and q = -1 (1 visit): (0.5 + 4 · 0.5) / 5.
    let node = RowOfActions(logits: [1, 1, 1, 1], values: [2, 0, -1, 0], visits: [3, 0, 1, 0])
    #expect(abs(GumbelRule().mixedValue(node.row, networkValue: 0.5, visits: 4) - 0.5) < 1e-6)
    // Priors e : 1 for the visited two: (1 + 2 · (e · 1 + 0) / (e + 1)) / 3.
    let other = RowOfActions(logits: [1, 0, 0], values: [1, 0, 0], visits: [1, 1, 0])
    let e = Float(M_E)
    #expect(abs(GumbelRule().mixedValue(other.row, networkValue: 1, visits: 2) - (1 + 2 * e / (e + 1)) / 3) < 1e-6)
    #expect(
      GumbelRule().mixedValue(
        RowOfActions(logits: [0, 0], values: [0, 0], visits: [0, 0]).row, networkValue: -3, visits: 0) == -3)
  }

  @Test("sigma brings completed values to 0...1 over the legal actions and scales them by visits")
  func sigma() {
    let rule = GumbelRule(valueScale: 0.1, visitOffset: 50)
    // v_mix = (1 + 4 · (3 + 1) / 2) / 5 = 1.8; completed [3, 1, 1.8], rescaled [1, 0, 0.4], factor (50 + 3) · 0.1.
    let node = RowOfActions(
      logits: [0, 0, 0, 5], values: [3, 1, 0, 0], visits: [3, 1, 0, 0], legal: [true, true, true, false])
    let result = rule.improve(node.row, networkValue: 1, into: node.scratch)
    let improved = node.numbers(node.scratch)
    for (found, expected) in zip(improved, [5.3, 0, 2.12] as [Float]) { #expect(abs(found - expected) < 1e-5) }
    #expect(improved[3] < -1e29)
    #expect(result.visits == 4)
    #expect(abs(result.highest - 5.3) < 1e-5)
  }

  @Test("without rescaling sigma keeps the size of differences, from the lowest value up")
  func sigmaWithoutRescaling() {
    let rule = GumbelRule(valueScale: 0.1, visitOffset: 50, rescalesValues: false)
    // The completed values are [3, 1, 1.8] as above; the factor (50 + 3) · 0.1 is not divided by their range of 2.
    let node = RowOfActions(
      logits: [0, 0, 0, 5], values: [3, 1, 0, 0], visits: [3, 1, 0, 0], legal: [true, true, true, false])
    _ = rule.improve(node.row, networkValue: 1, into: node.scratch)
    for (found, expected) in zip(node.numbers(node.scratch), [10.6, 0, 4.24] as [Float]) {
      #expect(abs(found - expected) < 1e-5)
    }
  }

  @Test("below the root the action is taken whose visits lag furthest behind the improved policy")
  func interior() {
    // Equal values: the improved policy is the prior [0.5, 0.25, 0.25], visits decide.
    let logits: [Float] = [log(2), 0, 0]
    func action(_ visits: [Float]) -> Int {
      let node = RowOfActions(logits: logits, values: [0, 0, 0], visits: visits)
      return GumbelRule().interiorAction(node.row, networkValue: 0, scratch: node.scratch)
    }
    #expect(action([0, 0, 0]) == 0)
    #expect(action([1, 0, 0]) == 1)
    #expect(action([1, 1, 0]) == 2)
    #expect(action([1, 1, 1]) == 0)
  }

  @Test("at the root the best of the actions with the prescribed count is taken, noise and illegal actions heeded")
  func root() {
    let node = RowOfActions(
      logits: [0, 0, 0, 0], values: [1, 0, 0, 0], visits: [1, 0, 0, 0], legal: [true, true, true, false],
      noise: [0, 0.5, 1, 9])
    func action(_ prescribed: Float) -> Int {
      GumbelRule().rootAction(
        node.row, networkValue: 0, noise: node.noise, prescribed: prescribed, scratch: node.scratch)
    }
    #expect(action(0) == 2)
    #expect(action(1) == 0)
  }

  @Test("PUCT weighs values between those of the node and its children with the prior's bonus")
  func puct() {
    let rule = PUCTRule()
    #expect(abs(rule.explorationRate(5) - (1.25 + log((5 + 19652 + 1) / 19652.0))) < 1e-6)
    // Values of node 0.5 and children 1 and 0: q = [1, 0]; bonus P · √N / (1 + n) · rate, N = 4.
    let node = RowOfActions(logits: [0, 0, 0], values: [1, 0, 0], visits: [2, 1, 0])
    let rate = rule.explorationRate(4)
    let scores = [1 + 2 * rate / 3 / 3, 2 * rate / 3 / 2, 2 * rate / 3]
    #expect(rule.action(node.row, nodeValue: 0.5, nodeVisits: 4, rate: rate, scratch: node.scratch) == 0)
    for (found, expected) in zip(node.numbers(node.scratch), scores) { #expect(abs(found - expected) < 1e-5) }
  }
}
