import Groundwork
import Labels
import RealModule
import ReinforcementLearning

/// Answers which of two clips is better, or how good one is, by what the environment paid in them, with the errors that
/// people make.
///
/// Source: Lee et al. 2021, "B-Pref: Benchmarking Preference-Based Reinforcement Learning"; its errors carried over to
/// ratings are ours. As there, `skip` and `equal` look at plain returns, whatever the memory. There returns are not
/// negative; here the share of an average clip's return that they name is counted from the least return of a clip where
/// that is below 0, so that it means the same wherever a reward's zero lies.
struct SyntheticTeacher: Sendable {
  /// What a clip is worth.
  struct Worth: Sendable {
    /// As the teacher remembers it: the later steps of a short memory weigh more.
    var remembered: Double
    /// The sum of what its steps are worth.
    var whole: Double

    init(remembered: Double, whole: Double) { (self.remembered, self.whole) = (remembered, whole) }

    /// To a perfect memory.
    init(_ whole: Double) { self.init(remembered: whole, whole: whole) }
  }

  private let configuration: PreferenceReward.Configuration
  private var random: RandomSource

  init(_ configuration: PreferenceReward.Configuration, seed: UInt64) {
    self.configuration = configuration
    random = RandomSource(seed: seed, purpose: .preferenceTeacher, index: 0)
  }

  /// What the file of labels calls it.
  static let teacher = Teacher(.synthetic, "the environment's rewards")

  /// Which of two clips is better.
  ///
  /// - Parameter scale: Mean and least worth of a clip (`ClipPool.scale`).
  mutating func answer(_ first: Worth, _ second: Worth, scale: (mean: Double, least: Double)) -> Answer {
    // Drawn whatever comes, so that one answer's way does not move the next one's.
    let (choice, mistake) = (random.uniform(), random.uniform())
    if isPoor(max(first.whole, second.whole), scale) { return .skipped }
    let difference = first.remembered - second.remembered
    if difference == 0 || abs(first.whole - second.whole) < configuration.equal * average(scale) { return .equal }
    var prefersFirst = difference > 0
    if let rationality = configuration.rationality {
      prefersFirst = choice < 1 / (1 + Double.exp(-rationality * difference))
    }
    return prefersFirst == (mistake >= configuration.mistakes) ? .first : .second
  }

  /// How good a clip is: levels cut the range of what clips were worth so far into equal widths, 1 the worst.
  ///
  /// With bounded rationality P(level <= k) = sigmoid(beta (bound_k - worth)), the likelihood that networks learn by; a
  /// mistake is the level as far from the other end.
  ///
  /// - Parameters:
  ///   - clip: What it is worth.
  ///   - range: The least and the largest worth of a clip so far, as it is remembered.
  mutating func rating(
    _ clip: Worth, in range: ClosedRange<Double>, scale: (mean: Double, least: Double)
  ) -> Answer {
    let (choice, mistake) = (random.uniform(), random.uniform())
    if isPoor(clip.whole, scale) { return .skipped }
    let worth = clip.remembered
    let levels = configuration.levels
    let width = (range.upperBound - range.lowerBound) / Double(levels)
    var level: Int
    if let rationality = configuration.rationality {
      level = 1
      while level < levels,
        choice >= 1 / (1 + Double.exp(-rationality * (range.lowerBound + Double(level) * width - worth)))
      {
        level += 1
      }
    } else {
      // Where every clip was worth the same there is nothing but a middle.
      level = width > 0 ? 1 + Int((worth - range.lowerBound) / width) : (levels + 1) / 2
      level = min(levels, max(1, level))
    }
    if mistake < configuration.mistakes { level = levels + 1 - level }
    return .number(Double(level))
  }

  /// An average clip's worth, from the least of a clip where that is below 0.
  private func average(_ scale: (mean: Double, least: Double)) -> Double { max(0, scale.mean - scale.least) }

  private func isPoor(_ whole: Double, _ scale: (mean: Double, least: Double)) -> Bool {
    configuration.skip > 0 && whole - scale.least < configuration.skip * average(scale)
  }

  /// The stream's position.
  var words: [UInt64] { random.words }

  mutating func restore(_ words: [UInt64]) throws { random = try RandomSource(words: words) }
}
