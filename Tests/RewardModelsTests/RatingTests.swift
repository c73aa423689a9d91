import Catalog
import Foundation
import Groundwork
import Labels
import ReinforcementLearning
import Testing

@testable import RewardModels

@Suite("Ratings of single clips") struct RatingTests {
  private typealias Play = PreferenceRewardTests.Play

  @Test("the probabilities of all levels add up to 1, and two levels are a comparison with the bound")
  func probabilities() {
    let scale = RatingScale([-1.5, 0, 0.4, -0.2])
    for value in [-30.0, -2, 0, 0.7, 40] {
      let all = scale.probabilities(value)
      #expect(all.count == 5 && abs(all.reduce(0, +) - 1) < 1e-12 && all.allSatisfy { $0 >= 0 })
      for level in 0..<5 where all[level] > 1e-9 {
        #expect(abs(scale.loss(level: level, value).loss + log(all[level])) < 1e-6)
      }
      #expect(scale.level(value) == all.indices.max { all[$0] < all[$1] })
    }
    let two = RatingScale([0.5])
    #expect(abs(two.probabilities(2)[1] - 1 / (1 + exp(0.5 - 2))) < 1e-12)
    #expect(RatingScale(RatingScale.start(levels: 5)).bounds == [-1.5, -0.5, 0.5, 1.5])
    #expect(RatingScale(RatingScale.start(levels: 2)).bounds == [0])
    // Where a level's probability has vanished its loss has not.
    #expect(abs(scale.loss(level: 0, 300).loss - 301.5) < 1e-6 && scale.loss(level: 0, 300).slope == 1)
  }

  @Test("the slopes of a rating's loss are those of central differences")
  func slopes() {
    let parameters: [Float] = [-1, 0.3, -0.5]
    for level in 0..<4 {
      for value in [-1.5, 0.2, 2.5] {
        let (_, slope, found) = RatingScale(parameters).loss(level: level, value)
        let step = 1e-3
        func loss(_ change: (inout [Float]) -> Void, _ value: Double) -> Double {
          var changed = parameters
          change(&changed)
          return RatingScale(changed).loss(level: level, value).loss
        }
        let real = (loss({ _ in }, value + step) - loss({ _ in }, value - step)) / (2 * step)
        #expect(abs(slope - real) < 1e-4)
        for index in parameters.indices {
          let (above, below) = (loss({ $0[index] += 0.001 }, value), loss({ $0[index] -= 0.001 }, value))
          #expect(abs(found[index] - (above - below) / 0.002) < 2e-3)
        }
      }
    }
  }

  @Test("a perfect teacher cuts what clips were worth into equal levels, and errs as it is told to")
  func teacher() {
    var configuration = PreferenceReward.Configuration()
    configuration.levels = 4
    var perfect = SyntheticTeacher(configuration, seed: 1)
    let said = [-8.0, -6.1, -5.9, -3, 0, 5].map { perfect.rating(.init($0), in: -8...0, scale: (-5, -10)) }
    #expect(said == [1, 1, 2, 3, 4, 4].map { .number($0) })
    #expect(perfect.rating(.init(2), in: 2...2, scale: (5, 0)) == .number(2))
    func share(_ level: Double, _ change: (inout PreferenceReward.Configuration) -> Void) -> Double {
      change(&configuration)
      var teacher = SyntheticTeacher(configuration, seed: 3)
      let answers = (0..<20_000).map { _ in teacher.rating(.init(3), in: 0...4, scale: (5, 0)) }
      return Double(answers.count { $0 == .number(level) }) / 20_000
    }
    #expect(share(4) { _ in } == 1)
    // Four deviations of a share of 20,000 are below 0.015. Bounds are 1, 2 and 3.
    #expect(abs(share(1) { $0.mistakes = 0.1 } - 0.1) < 0.015)
    #expect(abs(share(4) { ($0.mistakes, $0.rationality) = (0, 2) } - 0.5) < 0.015)
    #expect(abs(share(3) { _ in } - (0.5 - 1 / (1 + exp(2)))) < 0.015)
    configuration = PreferenceReward.Configuration()
    configuration.skip = 0.5
    var choosy = SyntheticTeacher(configuration, seed: 1)
    #expect(choosy.rating(.init(9), in: 0...40, scale: (20, 0)) == .skipped)
    #expect(choosy.rating(.init(11), in: 0...40, scale: (20, 0)) != .skipped)
  }

  @Test("the gradient of comparisons and ratings in several aspects is that of central differences")
  func gradient() throws {
    var configuration = PreferenceReward.Configuration()
    (configuration.ensemble, configuration.segment, configuration.epochs, configuration.hidden) = (1, 5, 1, 6)
    (configuration.learningRate, configuration.penalty, configuration.levels) = (0, 0.05, 4)
    configuration.feedback = .both
    let row = ClipRow(try Catalog.recipe("control/Pendulum").specification)
    var random = RandomSource(seed: 4)
    let workers = Workers(count: 1)
    var answers = AnsweredClips(stride: row.stride)
    func clip(_ steps: Int) -> ClipRecord { PreferenceRewardTests.clip(steps, row, &random) }
    let asked: [(AnsweredClips.Answer, [ClipRecord], Int)] = [
      (.comparison(1), [clip(5), clip(3)], 1), (.rating(0), [clip(5)], 0), (.rating(2), [clip(4)], 1),
      (.rating(3), [clip(2)], 1), (.comparison(0.5), [clip(1), clip(5)], 0),
    ]
    for (answer, clips, head) in asked { answers.append(answer, of: clips, head: head) }
    var ensemble = try RewardEnsemble(configuration, heads: 2, row: row.layout, seed: 1)
    func loss() -> Double {
      var sum = 0.0
      for (answer, clips, head) in asked {
        for clip in clips {
          let all = clip.rows.withUnsafeBytes {
            ensemble.rewards($0.baseAddress!, count: clip.count, stride: row.stride, workers)
          }
          for value in all[head * clip.count..<(head + 1) * clip.count] { sum += 0.05 * Double(value * value) }
        }
        let returns = ensemble.returns(of: clips, stride: row.stride, workers).map { $0[head][0] }
        switch answer {
        case .comparison(let target):
          let margin = returns[0] - returns[1]
          sum += Double(target) * log(1 + exp(-margin)) + Double(1 - target) * log(1 + exp(margin))
        case .rating(let level): sum -= log(ensemble.scales(head: head)[0].probabilities(returns[0])[level])
        }
      }
      return sum / Double(asked.count)
    }
    let result = try ensemble.learn(from: answers, step: 0, random: &random, workers: workers)
    #expect(result.answers == 5 && result.loss > 0)
    let gradient = try #require(ensemble.gradientForTests)
    let parameters = ensemble.parametersForTests
    // The bounds of both aspects' levels are the last parameters.
    #expect(gradient.suffix(6).contains { $0 != 0 })
    PreferenceRewardTests.checkSlopes(gradient, at: parameters, &random) {
      ensemble.parametersForTests = $0
      return loss()
    }
  }

  @Test(
    "1,000 steps of random play and 120 answers: the reward of a step goes with the environment's",
    arguments: ["ratings", "both"], ["uniform", "disagreement", "entropy", "active", "optimistic"])
  func learns(feedback: String, selection: String) throws {
    let store = MemoryLabelStore()
    let play = try Play(
      "preferences(labels=120,questions=40,interval=800,segment=10,pool=200,epochs=40,feedback=\(feedback),"
        + "selection=\(selection))", slots: 8, labels: store)
    for _ in 0..<4 { try play.collect() }
    let labels = store.labels()
    #expect(labels.count == 120)
    #expect(labels.count { $0.question.kind == .rating } == (feedback == "both" ? 60 : 120))
    for label in labels where label.question.kind == .rating {
      #expect(label.question.levels == 5 && label.question.prompt == "How good is the clip, from 1 to 5?")
      #expect(try label.question.clips().count == 1)
    }
    // Of the latest clips, each is rated once a session.
    let first = labels.filter { $0.question.kind == .rating && $0.askedAt == 800 }.map(\.question)
    #expect(Set(first).count == first.count)
    let environmentRewards = (0..<play.paid.count).map { Double(play.collector.rollouts[0].rewards[$0]) }
    #expect(PreferenceRewardTests().correlation(play.paid.map(Double.init), environmentRewards) > 0.6)
  }

  @Test("one level for everything says that nothing is better, and nothing is paid")
  func uninformed() throws {
    let store = MemoryLabelStore()
    let play = try Play(
      "preferences(teacher=person,feedback=ratings,labels=20,questions=4,interval=400,segment=10)", labels: store)
    let person = Teacher(.person, "Ada")
    for level in [3.0, 3, 2] {
      try play.collect()
      try store.answer(store.open().map { ($0.number, .number(level)) }, by: person)
      #expect(play.paid.allSatisfy { $0 == 0 })
    }
    try play.collect()
    try play.collect()
    #expect(play.paid.contains { $0 != 0 })
  }
}
