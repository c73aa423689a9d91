public import RealModule

/// A Gaussian over a vector of independent numbers, with means from a network and standard deviations that do not
/// depend on the state: the policy for continuous actions.
///
/// A view of one row: it owns no memory.
@frozen
public struct DiagonalGaussian<Scalar: NetworkScalar> {
  /// `[dimensions]`
  public let means: UnsafePointer<Scalar>
  /// `[dimensions]`, the natural logarithms of the standard deviations.
  public let logDeviations: UnsafePointer<Scalar>
  /// Dimensions of the action, at least 1.
  public let count: Int

  /// Takes two rows of the same length, which must outlive it; nothing is copied or clipped.
  ///
  /// - Parameters:
  ///   - means: `[dimensions]`, as a rule a row of the network's output.
  ///   - logDeviations: `[dimensions]`, as a rule a block of parameters that all rows share.
  @inlinable
  public init(means: UnsafeBufferPointer<Scalar>, logDeviations: UnsafeBufferPointer<Scalar>) {
    precondition(
      !means.isEmpty && means.count == logDeviations.count,
      "\(means.count) means with \(logDeviations.count) log deviations")
    self.means = means.baseAddress!
    self.logDeviations = logDeviations.baseAddress!
    count = means.count
  }

  /// Writes `mean + deviation · noise` for standard normal draws `noise: [dimensions]`.
  ///
  /// `action: [dimensions]` is unbounded: within an environment's limits it is cut by whoever hands it over.
  @inlinable
  public func sample(noise: UnsafePointer<Scalar>, into action: UnsafeMutablePointer<Scalar>) {
    for index in 0..<count { action[index] = means[index] + .exp(logDeviations[index]) * noise[index] }
  }

  /// The logarithm of the density of `action: [dimensions]`, summed over the dimensions; it may be above zero.
  @inlinable
  public func logProbability(of action: UnsafePointer<Scalar>) -> Scalar {
    let halfLogTwoPi = Scalar.log(2 * .pi) / 2
    var sum: Scalar = 0
    for index in 0..<count {
      let distance = (action[index] - means[index]) * .exp(-logDeviations[index])
      sum -= distance * distance / 2 + logDeviations[index] + halfLogTwoPi
    }
    return sum
  }

  /// In nats, summed over the dimensions: `log σ + (log 2π + 1) / 2` each, so below zero where σ is small.
  @inlinable
  public var entropy: Scalar {
    let constant = (Scalar.log(2 * .pi) + 1) / 2
    var sum: Scalar = 0
    for index in 0..<count { sum += logDeviations[index] + constant }
    return sum
  }

  /// KL(self ‖ other), in nats, summed over the dimensions.
  ///
  /// At least 0 up to rounding; both have the same number of dimensions.
  @inlinable
  public func divergence(to other: DiagonalGaussian) -> Scalar {
    var sum: Scalar = 0
    for index in 0..<count {
      let ratio = Scalar.exp(2 * (logDeviations[index] - other.logDeviations[index]))
      let distance = (means[index] - other.means[index]) * .exp(-other.logDeviations[index])
      sum += (ratio + distance * distance - 1) / 2 + other.logDeviations[index] - logDeviations[index]
    }
    return sum
  }

  /// The gradient of `a · log p(action) + b · entropy`: written for the means, `a (x - μ) / σ²`; added for the log
  /// deviations, which all rows share, `a (((x - μ) / σ)² - 1) + b`.
  ///
  /// - Parameters:
  ///   - action: `[dimensions]`, `x`: as it was sampled, before any cut.
  ///   - logProbabilityWeight: `a`
  ///   - entropyWeight: `b`
  ///   - meanGradient: `[dimensions]`, of one row.
  ///   - deviationGradient: `[dimensions]`, the sum over all rows.
  @inlinable
  public func writeGradient(
    action: UnsafePointer<Scalar>, logProbabilityWeight: Scalar, entropyWeight: Scalar,
    means meanGradient: UnsafeMutablePointer<Scalar>, addingTo deviationGradient: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<count {
      let inverse = Scalar.exp(-logDeviations[index])
      let distance = (action[index] - means[index]) * inverse
      meanGradient[index] = logProbabilityWeight * distance * inverse
      deviationGradient[index] += logProbabilityWeight * (distance * distance - 1) + entropyWeight
    }
  }
}
