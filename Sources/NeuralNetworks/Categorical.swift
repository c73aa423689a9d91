public import RealModule

/// A categorical distribution over the actions of one row of logits, held as log-probabilities in place.
///
/// A view: it owns no memory and is valid as long as the row. An action that is not legal has log-probability
/// minus infinity, probability zero and gradient zero.
@frozen
public struct Categorical<Scalar: NetworkScalar> {
  /// `[actions]`, natural logarithms.
  public let logProbabilities: UnsafeMutablePointer<Scalar>
  /// The number of actions, at least 1, the illegal ones included.
  public let count: Int

  /// Takes a row that already holds log-probabilities; that they add up to one is not checked.
  @inlinable
  public init(logProbabilities: UnsafeMutableBufferPointer<Scalar>) {
    precondition(!logProbabilities.isEmpty, "a distribution over no actions")
    self.logProbabilities = logProbabilities.baseAddress!
    count = logProbabilities.count
  }

  /// Turns a row of logits into log-probabilities where it stands: a log-softmax.
  ///
  /// The largest logit is taken out before the exponential, so that no logit is too large for it.
  ///
  /// - Parameters:
  ///   - logits: `[actions]`, overwritten.
  ///   - legal: `[actions]`; at least one must be true. All are legal when it is nil.
  @inlinable
  public init(logits: UnsafeMutableBufferPointer<Scalar>, legal: UnsafePointer<Bool>? = nil) {
    self.init(logProbabilities: logits)
    let row = logProbabilities
    if let legal {
      for index in 0..<count where !legal[index] { row[index] = -.infinity }
    }
    var largest = row[0]
    for index in 1..<count where row[index] > largest { largest = row[index] }
    precondition(largest != -.infinity, "no action is legal")
    var total: Scalar = 0
    for index in 0..<count { total += .exp(row[index] - largest) }
    let shift = largest + .log(total)
    for index in 0..<count { row[index] -= shift }
  }

  /// Row `row` of a network's output `[rows, count]`, turned into log-probabilities where it stands.
  ///
  /// - Parameters:
  ///   - logits: `[rows, count]`, of which one row is overwritten.
  ///   - row: From 0, below the number of rows.
  ///   - count: Actions.
  ///   - legal: `[count]`, of this row alone; nil: all are.
  @inlinable
  public init(
    logits: UnsafeMutableBufferPointer<Scalar>, row: Int, count: Int, legal: UnsafePointer<Bool>? = nil
  ) {
    precondition(row >= 0 && (row + 1) * count <= logits.count, "row \(row) is not in the logits")
    self.init(logits: UnsafeMutableBufferPointer(start: logits.baseAddress! + row * count, count: count), legal: legal)
  }

  /// In nats, at most 0; minus infinity for an illegal action. The action is not checked against `count`.
  @inlinable
  public func logProbability(of action: Int) -> Scalar { logProbabilities[action] }

  /// In 0...1; exactly 0 for an illegal action. The action is not checked against `count`.
  @inlinable
  public func probability(of action: Int) -> Scalar { .exp(logProbabilities[action]) }

  /// The action at which the cumulative probability passes `uniform`, a draw in [0, 1).
  ///
  /// Never an action of probability zero: where rounding leaves the sum below `uniform`, it is the last possible one.
  /// O(actions).
  @inlinable
  public func sample(_ uniform: Scalar) -> Int {
    var passed: Scalar = 0
    var last = 0
    for index in 0..<count {
      let probability = Scalar.exp(logProbabilities[index])
      guard probability > 0 else { continue }
      passed += probability
      last = index
      if uniform < passed { return index }
    }
    return last  // rounding left the sum below one
  }

  /// The most probable action, the first of several.
  @inlinable
  public var mode: Int {
    var best = 0
    for index in 1..<count where logProbabilities[index] > logProbabilities[best] { best = index }
    return best
  }

  /// In nats, at least 0 and at most the logarithm of the number of legal actions.
  @inlinable
  public var entropy: Scalar {
    var sum: Scalar = 0
    for index in 0..<count {
      let logProbability = logProbabilities[index]
      if logProbability > -.infinity { sum -= .exp(logProbability) * logProbability }
    }
    return sum
  }

  /// The divergence of `other` from this distribution, KL(self ‖ other), in nats.
  ///
  /// It is infinite where `other` forbids what this one plays; both have the same number of actions. O(actions).
  @inlinable
  public func divergence(to other: Categorical) -> Scalar {
    var sum: Scalar = 0
    for index in 0..<count where logProbabilities[index] > -.infinity {
      sum += .exp(logProbabilities[index]) * (logProbabilities[index] - other.logProbabilities[index])
    }
    return sum
  }

  /// Writes the gradient of `a · log p(action) + b · entropy` with respect to the logits:
  /// `a (1[i = action] - pᵢ) - b pᵢ (log pᵢ + entropy)`.
  ///
  /// - Parameters:
  ///   - action: The action that was taken.
  ///   - logProbabilityWeight: `a`
  ///   - entropyWeight: `b`
  ///   - gradient: `[actions]`
  /// - Returns: The entropy, for which the probabilities are computed anyway; in nats.
  @inlinable @discardableResult
  public func writeGradient(
    action: Int, logProbabilityWeight: Scalar, entropyWeight: Scalar, into gradient: UnsafeMutablePointer<Scalar>
  ) -> Scalar {
    var sum: Scalar = 0
    for index in 0..<count {
      let logProbability = logProbabilities[index]
      gradient[index] = 0
      guard logProbability > -.infinity else { continue }
      gradient[index] = .exp(logProbability)
      sum -= gradient[index] * logProbability
    }
    let entropy = entropyWeight == 0 ? 0 : sum
    for index in 0..<count where logProbabilities[index] > -.infinity {
      let probability = gradient[index]
      gradient[index] =
        logProbabilityWeight * ((index == action ? 1 : 0) - probability)
        - entropyWeight * probability * (logProbabilities[index] + entropy)
    }
    return sum
  }
}
