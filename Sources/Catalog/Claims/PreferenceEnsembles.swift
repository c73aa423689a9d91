import Experiments
import Groundwork
import RealModule
import ReinforcementLearning
import RewardModels

/// Rewards that are optimised until what they stand for falls.
extension Claims {
  private static let noises = [0, 25]
  private static let methods = ["best of n", "PPO", "PPO with KL"]
  private static let ensembles = ["single", "mean", "worst", "uncertainty"]
  /// PPO's trainings of an ensemble, and those of them that its fall is the mean of. The flag is asked about all, as
  /// many as there are single networks: with fewer than five a flag that is down would say nothing.
  private static let (trainings, measured) = (5, 3)

  private static let ensembleSize =
    "An answer is 20 numbers; what is wanted is w x - |x|^2 / 8 with |w| = 1. Answers to 300 pairs drawn from the "
    + "normal distribution, 0 or 25 % of them the other way round, teach five networks of 64-64 units in ten passes, "
    + "scores without bounds; single is the mean of what comes of each of the five alone. Best of n: the exact "
    + "expectation over subsets of 12,600 answers, n to 12,500. PPO: the mean of a normal policy, 300 updates of 512 "
    + "answers, with KL a penalty of 0.1 on the divergence from the first policy. A fall is (peak - end) / (peak - "
    + "start) of what is wanted, of an ensemble the mean of three trainings. The flag is that of reports on designed "
    + "rewards, asked about PPO's trainings of an arm, five of an ensemble and one of each single network."

  /// Whether ensembles keep a learned reward from being optimised too far.
  static let preferenceEnsembles = Claim(
    "preferences/ensembles",
    source: "Coste et al., \"Reward model ensembles help mitigate overoptimization\", 2024; ours in what is wanted, "
      + "which theirs, a larger network for answers in words, cannot be here",
    statement: "What a single learned reward stands for falls when it is optimised long enough, with and without "
      + "errors in the answers, and the report's flag is up; with the worst of five networks, or their mean less their "
      + "variance, it does not, and the flag is down.",
    scaled: .init(seeds: 10, summary: ensembleSize, values: ["pairs": 300, "answers": 12_600, "updates": 300]),
    full: .init(seeds: 40, summary: ensembleSize, values: ["pairs": 300, "answers": 12_600, "updates": 300]),
    quantities: noises.flatMap { noise in
      methods.flatMap { method in
        ensembles.flatMap { ensemble in
          [
            ClaimQuantity("\(method), \(noise) % errors, \(ensemble), fall", unit: "share of the gain"),
            ClaimQuantity("\(method), \(noise) % errors, \(ensemble), end", unit: "what is wanted"),
          ]
            + (method == "best of n"
              ? [] : [ClaimQuantity("\(method), \(noise) % errors, \(ensemble), flag", unit: "1 or 0")])
        }
      }
    },
    figures: noises.flatMap { noise in
      methods.flatMap { method in
        ensembles.flatMap { ensemble in
          (method == "best of n" ? ["fall", "end"] : ["fall", "end", "flag"]).map { kind in
            ClaimFigure(
              "\(method), \(noise) % errors, \(ensemble), \(kind)",
              .mean(of: "\(method), \(noise) % errors, \(ensemble), \(kind)"), digits: 3)
          }
        }
      }
    },
    criteria: noises.flatMap { noise in
      methods.flatMap { method in
        [ClaimCriterion("\(method), \(noise) % errors, single, fall", .above(0.1))]
          + ["worst", "uncertainty"].map {
            ClaimCriterion("\(method), \(noise) % errors, \($0), fall", .below(0.02))
          }
          // The flag is up exactly there.
          + (method == "best of n"
            ? []
            : [ClaimCriterion("\(method), \(noise) % errors, single, flag", .above(0.9))]
              + ["worst", "uncertainty"].map {
                ClaimCriterion("\(method), \(noise) % errors, \($0), flag", .below(0.1))
              })
      }
    }
  ) { seed in
    var values: [String: Double] = [:]
    for (part, noise) in noises.enumerated() {
      let study = try OptimizationStudy(
        pairs: seed["pairs"], errors: Double(noise) / 100, seed: seed.seed(part: part))
      for ensemble in ensembles {
        // What comes of each network alone, or of all of them together.
        let members: [[Int]] = ensemble == "single" ? (0..<study.networks).map { [$0] } : [Array(0..<study.networks)]
        for method in methods {
          let name = "\(method), \(noise) % errors, \(ensemble)"
          var (fall, end) = (0.0, 0.0)
          var curves: [(wanted: [Double], scored: [Double])] = []
          for networks in members {
            let score = study.score(networks, ensemble)
            if method == "best of n" {
              try seed.checkStop()
              curves.append((study.bestOf(answers: seed["answers"], score), []))
            }
            for training in 0..<(method == "best of n" ? 0 : ensemble == "single" ? 1 : trainings) {
              try seed.checkStop()
              curves.append(
                study.policyOptimization(
                  updates: seed["updates"], penalty: method == "PPO" ? 0 : 0.1, number: training, score))
            }
          }
          let judged = ensemble == "single" ? curves : Array(curves.prefix(measured))
          for curve in judged {
            let peak = curve.wanted.max()!
            let share = Double(judged.count)
            fall += (peak - curve.wanted.last!) / max(1e-9, peak - curve.wanted[0]) / share
            end += curve.wanted.last! / share
          }
          values["\(name), fall"] = fall
          values["\(name), end"] = end
          if method != "best of n" {
            let flag = OverOptimization(designed: curves.map(\.scored), environment: curves.map(\.wanted))
            values["\(name), flag"] = flag?.isFlagged == true ? 1 : 0
          }
        }
      }
    }
    return values
  }
}

/// A learned score of 20 numbers beside what it stands for, and two ways of optimising it.
private struct OptimizationStudy {
  private static let width = 20
  let networks = 5
  private let wanted: [Float]
  private let scores: FeatureScores
  private let seed: UInt64
  /// Mean and deviation of each network's score over the first policy's answers, which scores are brought to.
  private let scale: [(mean: Float, deviation: Float)]

  init(pairs: Int, errors: Double, seed: UInt64) throws {
    self.seed = seed
    var random = RandomSource(seed: seed, purpose: .claimDraws, index: 0)
    let direction = OptimizationStudy.draw(1, &random)
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let wanted = direction.map { $0 / length }
    self.wanted = wanted
    let answers = (0..<pairs).map { _ in
      let (first, second) = (OptimizationStudy.draw(1, &random), OptimizationStudy.draw(1, &random))
      let isFirst = OptimizationStudy.value(first[...], wanted) > OptimizationStudy.value(second[...], wanted)
      return (first: first, second: second, target: Float(isFirst == (random.uniform() >= errors) ? 1 : 0))
    }
    var configuration = PreferenceReward.Configuration()
    (configuration.ensemble, configuration.epochs, configuration.accuracy) = (networks, 10, 1)
    configuration.bounded = false
    var scores = try FeatureScores(features: Self.width, configuration, seed: seed)
    try scores.learn(from: answers, random: &random)
    self.scores = scores
    scale = scores.scores(of: OptimizationStudy.draw(2000, &random)).map { values in
      let mean = values.reduce(0, +) / Float(values.count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
      return (mean, max(1e-6, square.squareRoot()))
    }
  }

  private static func draw(_ count: Int, _ random: inout RandomSource) -> [Float] {
    (0..<count * width).map { _ in Float(random.normal()) }
  }

  /// What is wanted.
  private static func value(_ answer: ArraySlice<Float>, _ wanted: [Float]) -> Double {
    var (along, square) = (0.0, 0.0)
    for (x, w) in zip(answer, wanted) {
      along += Double(x * w)
      square += Double(x * x)
    }
    return along - square / 8
  }

  private func values(_ answers: [Float]) -> [Double] {
    (0..<answers.count / Self.width).map {
      OptimizationStudy.value(answers[$0 * Self.width..<($0 + 1) * Self.width], wanted)
    }
  }

  /// The score of some answers by some of the networks together.
  func score(_ networks: [Int], _ combination: String) -> ([Float]) -> [Double] {
    { answers in
      let all = scores.scores(of: answers)
      return (0..<answers.count / Self.width).map { row in
        let each = networks.map { Double((all[$0][row] - scale[$0].mean) / scale[$0].deviation) }
        let mean = each.reduce(0, +) / Double(each.count)
        switch combination {
        case "worst": return each.min()!
        case "uncertainty":
          return mean - each.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(each.count)
        default: return mean
        }
      }
    }
  }

  /// What is wanted of the best by score of n answers, the expectation over all subsets, by n.
  func bestOf(answers count: Int, _ score: ([Float]) -> [Double]) -> [Double] {
    var random = RandomSource(seed: seed, purpose: .claimDraws, index: 1)
    let answers = OptimizationStudy.draw(count, &random)
    let (scored, real) = (score(answers), values(answers))
    let order = scored.indices.sorted { (scored[$0], $0) < (scored[$1], $1) }.map { real[$0] }
    return [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, count - 100].map { n in
      // The best of n is the i-th of all with probability C(i - 1, n - 1) / C(count, n), here from the last on.
      var (probability, sum) = (Double(n) / Double(count), 0.0)
      for place in stride(from: count, through: n, by: -1) {
        sum += probability * order[place - 1]
        probability *= Double(place - n) / Double(max(1, place - 1))
      }
      return sum
    }
  }

  /// What is wanted of a normal policy whose mean is moved up the score, less a penalty on the divergence from where it
  /// began, every five updates, and the mean score of its last answers.
  ///
  /// - Parameter number: Of the training: another one draws other answers.
  func policyOptimization(
    updates: Int, penalty: Double, number: Int, _ score: ([Float]) -> [Double]
  ) -> (wanted: [Double], scored: [Double]) {
    var random = RandomSource(seed: seed, purpose: .claimDraws, index: 2 + number)
    var mean = [Double](repeating: 0, count: Self.width)
    var (first, second) = (mean, mean)
    let batch = 512
    let judged = OptimizationStudy.draw(2000, &random)
    func wantedNow() -> Double {
      let moved = judged.indices.map { judged[$0] + Float(mean[$0 % Self.width]) }
      return values(moved).reduce(0, +) / 2000
    }
    var curve = [wantedNow()]
    var scored: [Double] = []
    var step = 0
    for update in 0..<updates {
      let noise = OptimizationStudy.draw(batch, &random)
      let old = mean
      let answers = noise.indices.map { noise[$0] + Float(old[$0 % Self.width]) }
      var rewards = score(answers)
      if update == 0 || update % 5 == 4 { scored.append(rewards.reduce(0, +) / Double(batch)) }
      for row in 0..<batch where penalty > 0 {
        // log of the policy's density over the first one's: m x - |m|^2 / 2.
        for (column, m) in old.enumerated() {
          rewards[row] -= penalty * (m * Double(answers[row * Self.width + column]) - m * m / 2)
        }
      }
      let center = rewards.reduce(0, +) / Double(batch)
      let deviation = (rewards.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(batch)).squareRoot()
      let advantages = rewards.map { ($0 - center) / (deviation + 1e-8) }
      for _ in 0..<4 {
        var gradient = [Double](repeating: 0, count: Self.width)
        for row in 0..<batch {
          var logRatio = 0.0
          for column in 0..<Self.width {
            let x = Double(answers[row * Self.width + column])
            logRatio += (mean[column] - old[column]) * (x - (mean[column] + old[column]) / 2)
          }
          let ratio = Double.exp(logRatio)
          // Beyond the clip range the surrogate is flat.
          if advantages[row] > 0 ? ratio > 1.2 : ratio < 0.8 { continue }
          for column in 0..<Self.width {
            let x = Double(answers[row * Self.width + column])
            gradient[column] += advantages[row] * ratio * (x - mean[column]) / Double(batch)
          }
        }
        step += 1
        for column in 0..<Self.width {
          first[column] = 0.9 * first[column] + 0.1 * gradient[column]
          second[column] = 0.999 * second[column] + 0.001 * gradient[column] * gradient[column]
          let (m, v) = (first[column] / (1 - Double.pow(0.9, step)), second[column] / (1 - Double.pow(0.999, step)))
          mean[column] += 0.01 * m / (v.squareRoot() + 1e-8)
        }
      }
      if update % 5 == 4 { curve.append(wantedNow()) }
    }
    return (curve, scored)
  }
}
