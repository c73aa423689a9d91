import RealModule

/// How probable the levels of a rating are, by where a clip's return lies among the levels' bounds.
///
/// The cumulative logit of ordinal regression: P(level <= k) = sigmoid(bound_k - R), bounds ascending, so that what a
/// level means is learnt with the rewards. It is the model of Bradley and Terry where the other clip is a bound.
///
/// Source: McCullagh 1980, "Regression models for ordinal data", the proportional odds model; White et al. 2024,
/// "Rating-based reinforcement learning", for levels in place of comparisons.
struct RatingScale {
  /// Ascending, one less than there are levels.
  let bounds: [Double]

  /// - Parameter parameters: The first bound, then the logarithms of the distances from each to the next: so they stay
  ///   in order whatever an optimizer does to them.
  init(_ parameters: some Collection<Float>) {
    var bounds: [Double] = []
    for value in parameters { bounds.append(bounds.last.map { $0 + Double.exp(Double(value)) } ?? Double(value)) }
    self.bounds = bounds
  }

  /// Bounds at distances of 1 around 0.
  static func start(levels: Int) -> [Float] { [-Float(levels - 2) / 2] + [Float](repeating: 0, count: levels - 2) }

  /// Of all levels, for a clip's return.
  func probabilities(_ value: Double) -> [Double] {
    let below = bounds.map { RatingScale.sigmoid($0 - value) } + [1]
    return below.indices.map { below[$0] - ($0 == 0 ? 0 : below[$0 - 1]) }
  }

  /// The level that is most probable, from 0.
  func level(_ value: Double) -> Int {
    let all = probabilities(value)
    return all.indices.max { all[$0] < all[$1] }!
  }

  /// -log P(level), how it changes with the return, and how with each of the parameters.
  func loss(level: Int, _ value: Double) -> (loss: Double, slope: Double, parameters: [Double]) {
    let low = level == 0 ? -Double.infinity : bounds[level - 1]
    let high = level == bounds.count ? Double.infinity : bounds[level]
    // P = sigmoid(high - R) sigmoid(R - low) (1 - exp(low - high)), whose logarithm does not vanish where P does.
    let loss =
      RatingScale.softplus(value - high) + RatingScale.softplus(low - value)
      - Double.log(onePlus: -Double.exp(low - high))
    let (fromHigh, fromLow) = (RatingScale.sigmoid(value - high), RatingScale.sigmoid(low - value))
    // What the distance of both bounds says by itself.
    let gap = high.isFinite && low.isFinite ? 1 / (Double.exp(high - low) - 1) : 0
    var parameters = [Double](repeating: 0, count: bounds.count)
    if high.isFinite { parameters[level] -= fromHigh + gap }
    if low.isFinite { parameters[level - 1] += fromLow + gap }
    // A bound moves all that follow it: sums from the end on, then by the distance's logarithm.
    for index in parameters.indices.dropLast().reversed() { parameters[index] += parameters[index + 1] }
    for index in parameters.indices.dropFirst() { parameters[index] *= bounds[index] - bounds[index - 1] }
    return (loss, fromHigh - fromLow, parameters)
  }

  private static func sigmoid(_ value: Double) -> Double { 1 / (1 + Double.exp(-value)) }

  /// log(1 + exp(x)), without overflow; 0 at minus infinity.
  private static func softplus(_ value: Double) -> Double {
    value == -.infinity ? 0 : max(0, value) + Double.log(onePlus: Double.exp(-abs(value)))
  }
}
