public import RealModule

/// A normal distribution squashed into (-1, 1), its mean and deviation outputs of a network: what SAC acts by.
///
///     u = mean + exp(logDeviation) * noise,  a = tanh(u)
///     log pi(a) = sum( -noise^2 / 2 - log(2 pi) / 2 - logDeviation - log(1 - a^2) )
///
/// A view of one row of outputs, means first and logarithms of deviations after them; it owns no memory. Logarithms are
/// cut to -20...2, beyond which their gradient is zero. Actions within other limits are scaled by the caller, as
/// densities are compared within one environment only.
///
/// Source: Haarnoja et al. 2018, "Soft actor-critic", appendix C; limits of the authors' code.
@frozen
public struct SquashedGaussian<Scalar: NetworkScalar> {
  /// `[count]`
  public let means: UnsafePointer<Scalar>
  /// `[count]`, as the network gave them.
  public let logDeviations: UnsafePointer<Scalar>
  /// Dimensions of the action.
  public let count: Int

  /// Takes a row of `2 * count` outputs, which must outlive it: the means, then the logarithms of the deviations.
  @inlinable public init(_ row: UnsafePointer<Scalar>, count: Int) {
    (means, logDeviations, self.count) = (row, row + count, count)
  }

  @inlinable static var range: ClosedRange<Scalar> { -20...2 }

  @inlinable func logDeviation(_ index: Int) -> Scalar {
    min(Self.range.upperBound, max(Self.range.lowerBound, logDeviations[index]))
  }

  /// The action of zero noise, which an evaluation plays: `tanh(means)`, written to `action: [count]`, within -1...1.
  @inlinable public func mode(into action: UnsafeMutablePointer<Scalar>) {
    for index in 0..<count { action[index] = .tanh(means[index]) }
  }

  /// Writes the action that standard normal `noise: [count]` stands for.
  ///
  /// - Returns: log pi(a).
  @inlinable public func sample(noise: UnsafePointer<Scalar>, into action: UnsafeMutablePointer<Scalar>) -> Scalar {
    var total: Scalar = 0
    for index in 0..<count {
      let logDeviation = logDeviation(index)
      let u = means[index] + .exp(logDeviation) * noise[index]
      action[index] = .tanh(u)
      total += Self.logDensity(u: u, noise: noise[index], logDeviation: logDeviation)
    }
    return total
  }

  /// log pi of an action from elsewhere, `[count]` within (-1, 1); at the edges it is taken a millionth inside.
  @inlinable public func logProbability(of action: UnsafePointer<Scalar>) -> Scalar {
    var total: Scalar = 0
    for index in 0..<count {
      let logDeviation = logDeviation(index)
      let u = Self.unsquashed(action[index])
      total += Self.logDensity(
        u: u, noise: (u - means[index]) * .exp(-logDeviation), logDeviation: logDeviation)
    }
    return total
  }

  /// The gradient by the row's outputs of `logProbabilityWeight * log pi(a(noise)) + actionGradient · a(noise)`,
  /// through the noise (the reparameterisation trick): `[2 * count]`, written.
  @inlinable public func writeGradient(
    noise: UnsafePointer<Scalar>, action: UnsafePointer<Scalar>, logProbabilityWeight: Scalar,
    actionGradient: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<count {
      // d log pi / du is 2 tanh(u), from the squashing alone: the noise stays what it is.
      let slope = logProbabilityWeight * 2 * action[index] + actionGradient[index] * (1 - action[index] * action[index])
      gradient[index] = slope
      gradient[count + index] =
        Self.range.contains(logDeviations[index])
        ? slope * .exp(logDeviations[index]) * noise[index] - logProbabilityWeight : 0
    }
  }

  /// The gradient by the row's outputs of `weight * log pi(action)` for an action from elsewhere (behaviour cloning):
  /// `[2 * count]`, written.
  @inlinable public func writeGradient(
    of action: UnsafePointer<Scalar>, weight: Scalar, into gradient: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<count {
      let logDeviation = logDeviation(index)
      let noise = (Self.unsquashed(action[index]) - means[index]) * .exp(-logDeviation)
      gradient[index] = weight * noise * .exp(-logDeviation)
      gradient[count + index] = Self.range.contains(logDeviations[index]) ? weight * (noise * noise - 1) : 0
    }
  }

  /// `log(1 - tanh(u)^2) = 2 (log 2 - u - log(1 + exp(-2 u)))`, which does not cancel for large `u`.
  @inlinable static func logDensity(u: Scalar, noise: Scalar, logDeviation: Scalar) -> Scalar {
    let softplus = max(0, -2 * u) + Scalar.log(onePlus: .exp(-abs(2 * u)))
    let squash = 2 * (Scalar.log(2) - u - softplus)
    return -noise * noise / 2 - Scalar.log(2 * .pi) / 2 - logDeviation - squash
  }

  @inlinable static func unsquashed(_ action: Scalar) -> Scalar {
    let edge: Scalar = 1 - 1e-6
    let inside = min(edge, max(-edge, action))
    return (Scalar.log(onePlus: inside) - Scalar.log(onePlus: -inside)) / 2
  }
}
