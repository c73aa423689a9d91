import Catalog
import Groundwork
import RealModule
import ReinforcementLearning
import Testing

@testable import BanditEnvironments

/// The plain problems: what they pay, what they say of themselves, what they refuse.
@Suite("Bandit problems") struct ArmedBanditTests {
  /// Plays actions by a rule and gives the signals after each pull.
  func play(
    _ environment: String, seed: UInt64 = 1, pulls: Int, _ action: (Int) -> Int,
    _ look: (Rollout, Int, (String) -> [Double]) -> Void
  ) throws {
    let recipe = try Catalog.recipe(environment)
    let batch = recipe.makeBatch(slots: 1, seed: seed)
    let signals = recipe.specification.signals.filter { $0.kind != .text }.map(\.name)
    let rollout = batch.makeRollout(steps: pulls, signals: signals)
    batch.reset(rollout)
    for time in 0..<pulls {
      rollout.actions.discrete[time] = Int32(action(time))
      batch.step(rollout, at: time)
      look(rollout, time) { name in
        let place = rollout.layout.place(name)!
        return (0..<place.field.count).map {
          Rollout.read(rollout.nextObservation(time: time, slot: 0), place, at: $0)
        }
      }
    }
  }

  @Test("an arm pays as often as its mean says, and the signals are about that mean")
  func payment() throws {
    var sums = [Double](repeating: 0, count: 10)
    var means: [Double] = []
    try play("bandit/Bernoulli(horizon=100000)", pulls: 50_000, { $0 % 10 }) { rollout, time, signal in
      sums[time % 10] += Double(rollout.rewards[time])
      guard time < 200 else { return }
      means = signal("means")
      let (gaps, best) = (signal("gaps"), Int(signal("bestArm")[0]))
      #expect(signal("optimum")[0] == means.max() && gaps[best] == 0 && gaps.max()! == gaps[(best + 1) % 10])
      #expect(signal("gap")[0] == gaps[time % 10] && signal("isBest")[0] == (time % 10 == best ? 1 : 0))
      #expect(signal("switched")[0] == (time == 0 ? 0 : 1))
    }
    #expect(means.filter { abs($0 - 0.6) < 1e-6 }.count == 1 && means.filter { abs($0 - 0.4) < 1e-6 }.count == 9)
    for arm in 0..<10 { #expect(abs(sums[arm] / 5000 - means[arm]) < 4 * 0.5 / 5000.0.squareRoot()) }
  }

  @Test("Lai and Robbins's coefficient is the sum of gap over divergence")
  func laiRobbins() throws {
    let divergence = 0.2 * Double.log(1.5)
    try play("bandit/Bernoulli", pulls: 1, { _ in 0 }) { _, _, signal in
      #expect(abs(signal("laiRobbins")[0] - 9 * 0.2 / divergence) < 1e-3)
    }
    try play("bandit/Gaussian(gap=0.5,deviation=2,arms=4)", pulls: 1, { _ in 0 }) { _, _, signal in
      #expect(abs(signal("laiRobbins")[0] - 3 * 2 * 4 / 0.5) < 1e-3)
    }
    try play("bandit/Walk", pulls: 1, { _ in 0 }) { _, _, signal in #expect(signal("laiRobbins")[0] == 0) }
  }

  @Test("bsuite's bandit has eleven arms from 0 to 1 in an order by its mapping, one pull an episode")
  func bsuite() throws {
    var orders: Set<[Double]> = []
    for mapping in 0..<4 {
      let recipe = try Catalog.recipe("bandit/BSuite(mapping=\(mapping))")
      #expect(recipe.specification.timeLimit == 1 && !recipe.specification.isStochastic)
      var means: [Double] = []
      try play("bandit/BSuite(mapping=\(mapping),horizon=30)", seed: UInt64(mapping), pulls: 11, { $0 }) {
        rollout, time, signal in
        means = signal("means")
        #expect(Double(rollout.rewards[time]) == means[time])
      }
      #expect(means.sorted() == (0...10).map { Double(Float($0) / 10) })
      try play("bandit/BSuite(mapping=\(mapping),horizon=30)", seed: 77, pulls: 1, { $0 }) { _, _, signal in
        #expect(signal("means") == means)
      }
      orders.insert(means)
    }
    #expect(orders.count > 1)
  }

  @Test("means change at once as often as was asked, and walk by the deviation that was asked")
  func change() throws {
    var seen: [Int] = []
    try play("bandit/ChangePoints", seed: 5, pulls: 4_999, { _ in 0 }) { _, _, signal in
      let best = Int(signal("bestArm")[0])
      if seen.last != best { seen.append(best) }
    }
    #expect(seen.count == 5)
    var steps: [Double] = []
    var last: [Double] = []
    try play("bandit/Walk(walk=0.05,horizon=5000)", pulls: 2_000, { _ in 0 }) { _, _, signal in
      let means = signal("means")
      if !last.isEmpty { steps += zip(means, last).map { $0 - $1 } }
      last = means
    }
    let variance = steps.reduce(0) { $0 + $1 * $1 } / Double(steps.count)
    #expect(abs(variance.squareRoot() / 0.05 - 1) < 0.03)
    try play("bandit/Bernoulli(walk=0.2,horizon=3000)", pulls: 2_000, { $0 % 10 }) { _, _, signal in
      #expect(signal("means").allSatisfy { (0...1).contains($0) })
    }
  }

  @Test("EVOLvE's sixteen settings are there, each with its arms' names in its words")
  func evolve() throws {
    let listings = Catalog.environments.filter { $0.id.hasPrefix("bandit/EVOLvE") }
    #expect(listings.count == 16)
    for listing in listings {
      let recipe = try listing.recipe()
      let rollout = recipe.makeBatch(slots: 1, seed: 1).makeRollout(steps: 1, signals: ["text"])
      let batch = recipe.makeBatch(slots: 1, seed: 1)
      batch.reset(rollout)
      let text = Rollout.readText(rollout.observation(time: 0, slot: 0), rollout.layout.place("text")!)
      guard case .discrete(let names) = recipe.specification.actions else { continue }
      #expect(Set(names).count == names.count && names.count == (listing.id.contains("K20") ? 20 : 5))
      #expect(names.allSatisfy { text.contains($0) } && text.hasSuffix("and nothing else."), "\(text)")
      #expect(recipe.specification.timeLimit == (listing.id.contains("Hard") ? 1000 : 300))
    }
    #expect((0..<28).map { BanditScenario.letters($0) }.suffix(3) == ["Z", "AA", "AB"])
  }

  @Test(
    "what cannot be is refused in one line with a fix",
    arguments: [
      (
        "bandit/Bernoulli(gap=1.2)",
        "a gap of 1.2 around 0.5 gives the probability 1.1. Probabilities lie in 0 to 1"
      ),
      (
        "bandit/Bernoulli(arms=2,means=[0.5,1.5])",
        "environment.means has the probability 1.5. Probabilities lie in 0 to 1"
      ),
      (
        "bandit/Bernoulli(means=[0.5,0.6])",
        "2 means do not fit 10 arms. Name one an arm (--set environment.means=[0.4,0.6] --set environment.arms=2)"
      ),
      (
        "bandit/Bernoulli(arms=1)",
        "environment.arms cannot be 1. Use a whole number from 2 to 1024 (--set environment.arms=)"
      ),
      (
        "bandit/Bernoulli(prior=normal)",
        "a normal prior gives means that are no probabilities. Use another (--set environment.prior=uniform) or "
          + "Gaussian arms (--set environment.rewards=gaussian)"
      ),
      (
        "bandit/Bernoulli(changes=50,horizon=20)",
        "50 changes cannot fall into 20 pulls. Use fewer (--set environment.changes=)"
      ),
    ])
  func refusals(_ environment: String, _ line: String) {
    #expect(refusal { _ = try Catalog.recipe(environment) } == line)
  }
}
