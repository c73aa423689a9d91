import Groundwork
import Labels
import RealModule
import ReinforcementLearning

/// Answers which of two clips is better by what the environment paid in them, with the errors that people make.
///
/// Source: Lee et al. 2021, "B-Pref: Benchmarking Preference-Based Reinforcement Learning". There returns are not
/// negative; here the share of an average clip's return that `skip` and `equal` name is counted from the least reward
/// of a step where that is below 0, so that it means the same wherever a reward's zero lies.
struct SyntheticTeacher: Sendable {
  private let configuration: PreferenceReward.Configuration
  private var random: RandomSource

  init(_ configuration: PreferenceReward.Configuration, seed: UInt64) {
    self.configuration = configuration
    random = RandomSource(seed: seed, purpose: .preferenceTeacher, index: 0)
  }

  /// What the file of labels calls it.
  static let teacher = Teacher(.synthetic, "the environment's rewards")

  /// - Parameters:
  ///   - first: What the first clip is worth, the later steps of a short memory weighing more.
  ///   - scale: Mean and least reward of a step (`ClipPool.scale`).
  mutating func answer(_ first: Double, _ second: Double, scale: (mean: Double, least: Double)) -> Answer {
    // Drawn whatever comes, so that one answer's way does not move the next one's.
    let (choice, mistake) = (random.uniform(), random.uniform())
    let steps = Double(configuration.segment)
    let average = max(0, scale.mean - scale.least) * steps
    let floor = scale.least * steps
    if configuration.skip > 0, max(first, second) - floor < configuration.skip * average { return .skipped }
    let difference = first - second
    if difference == 0 || abs(difference) < configuration.equal * average { return .equal }
    var prefersFirst = difference > 0
    if let rationality = configuration.rationality {
      prefersFirst = choice < 1 / (1 + Double.exp(-rationality * difference))
    }
    return prefersFirst == (mistake >= configuration.mistakes) ? .first : .second
  }

  /// The stream's position.
  var words: [UInt64] { random.words }

  mutating func restore(_ words: [UInt64]) throws { random = try RandomSource(words: words) }
}
