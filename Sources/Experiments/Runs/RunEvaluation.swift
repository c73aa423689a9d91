public import Groundwork
public import ReinforcementLearning

/// The evaluation of one policy with intervals over its episodes: `evaluation.json`, and what `forage evaluate`
/// prints.
///
/// The intervals say how well these episodes measure this policy. They are not the intervals of a comparison,
/// which are over runs.
public struct RunEvaluation: Codable, Hashable, Sendable {
  /// What one measure of the task came to.
  public struct Figure: Codable, Hashable, Sendable {
    /// What is measured.
    public var measure: Measure
    /// Over the episodes.
    public var mean: Double
    /// The ends of its 95 % interval, Wilson's for a rate and otherwise the bootstrap's; nil for a single episode.
    public var low: Double?
    /// The upper end; see `low`.
    public var high: Double?
    /// One element an episode.
    public var values: [Double]
    /// The mean curve inside the episode; nil for a measure without one.
    public var curve: [Point]?
  }

  /// A point of a curve inside the episode.
  public struct Point: Codable, Hashable, Sendable {
    /// Steps of the episode.
    public var step: Int
    /// Over the episodes that lasted so long.
    public var mean: Double
  }

  /// The format's version; a file of another one is refused.
  public static let version = 3

  /// The version of the format that it was read from or will be written in.
  public var version = RunEvaluation.version
  /// What tells the run that it is the last evaluation of from others; nil where it is of no run's file.
  public internal(set) var run: String?
  /// Environment steps of training before it.
  public var step: Int
  /// Seed of the evaluation's episodes.
  public var seed: UInt64
  /// How the policy acted.
  public var choice: ActionChoice
  /// How many it is over.
  public var episodes: Int
  /// In the specification's order: the first is what the task is judged by.
  public var measures: [Figure]

  /// The figure that the task is judged by.
  public var judged: Figure { measures[0] }

  /// Figures of an evaluation, with 95 % intervals over its episodes (10,000 bootstrap replicates drawn from `seed`).
  ///
  /// - Parameters:
  ///   - step: Environment steps of training before it.
  ///   - seed: What the evaluation's episodes were drawn from.
  public init(_ evaluation: Evaluation, step: Int, seed: UInt64, choice: ActionChoice) {
    self.step = step
    self.seed = seed
    self.choice = choice
    let episodes = evaluation.episodes.count
    self.episodes = episodes
    var random = RandomSource(seed: seed, purpose: .evaluationIntervals, index: 0)
    let means = evaluation.means
    measures = evaluation.measures.enumerated().map { index, measure in
      let values = evaluation.values(ofMeasure: index)
      let interval =
        measure.isRate
        ? SuccessRate.wilsonInterval(successes: values.reduce(0, +), trials: episodes)
        : Bootstrap(replicates: 10_000).mean(of: values, random: &random).interval
      let curve = evaluation.meanCurve(ofMeasure: index).map { Point(step: $0.step, mean: $0.mean) }
      return Figure(
        measure: measure, mean: means[index], low: interval?.low, high: interval?.high, values: values,
        curve: curve.isEmpty ? nil : curve)
    }
  }

  /// The figure of the measure of that name, nil where the task has none.
  public subscript(name: String) -> Figure? { measures.first { $0.measure.name == name } }

  /// Reads an `evaluation.json`.
  ///
  /// - Throws: `UserError` when it cannot be read, a byte of it has changed, or it holds no measure.
  public init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(
      path, kind: "an evaluation", version: RunEvaluation.version, as: .evaluation,
      fix: "Remove it, and `forage train --resume` makes it again")
    self = try document.decoded(name: "'\(path)'")
    guard !measures.isEmpty else {
      throw UserError("'\(path)' holds no measure of the task", fix: "Evaluate the run anew")
    }
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `UserError` when it cannot be written.
  public func write(to path: String) throws(UserError) {
    try Files.writeAtomically(SealedDocument.text(of: self), to: path)
  }
}
