/// What came out of a claim.
public enum ClaimVerdict: String, Codable, Hashable, Sendable, CaseIterable {
  /// The interval lies wholly where the claim says.
  case held
  /// It lies wholly on the other side: a finding, no failure.
  case notHeld = "not held"
  /// It does not decide: more seeds may.
  case undecided

  /// Of a claim of several parts: held when all are, not held when one is not.
  public init(of parts: [ClaimVerdict]) {
    self = parts.contains(.notHeld) ? .notHeld : parts.allSatisfy { $0 == .held } ? .held : .undecided
  }
}

/// What must come out: a figure and the side on which its interval must lie.
public struct ClaimCriterion: Hashable, Sendable {
  /// Where the figure's interval must lie.
  public enum Rule: Hashable, Sendable {
    /// Wholly above; not held when wholly below.
    case above(Double)
    /// Wholly below; not held when wholly above.
    case below(Double)
    /// Wholly within so much of 0, as a claim that something changes nothing needs: not being told from 0 is not
    /// enough. Not held when wholly outside.
    case within(Double)
    /// The rate of something that never happens: not held when it happened once; held when it did not and the
    /// interval's upper end is at most that.
    case never(atMost: Double)
  }

  /// The figure's name.
  public let figure: String
  /// Where that figure's interval must lie.
  public let rule: Rule

  /// A criterion of the figure with that name, which the claim must have.
  public init(_ figure: String, _ rule: Rule) {
    self.figure = figure
    self.rule = rule
  }
}

extension ClaimCriterion.Rule {
  /// What the figure must be, in words: goes on from the figure's name.
  public var text: String {
    switch self {
    case .above(let bound): "above \(ClaimCriterion.number(bound))"
    case .below(let bound): "below \(ClaimCriterion.number(bound))"
    case .within(let margin): "within \(ClaimCriterion.number(margin)) of 0"
    case .never(let most): "0 (to \(ClaimCriterion.number(most)))"
    }
  }

  /// What a figure decides. An interval that touches a bound is on neither side of it.
  ///
  /// Undecided without an interval, except for what must never happen and did.
  public func verdict(_ estimate: Estimate) -> ClaimVerdict {
    if case .never = self, estimate.value > 0 { return .notHeld }
    guard estimate.value.isFinite, let interval = estimate.interval, interval.low.isFinite, interval.high.isFinite
    else { return .undecided }
    switch self {
    case .above(let bound): return interval.low > bound ? .held : interval.high < bound ? .notHeld : .undecided
    case .below(let bound): return interval.high < bound ? .held : interval.low > bound ? .notHeld : .undecided
    case .within(let margin):
      if interval.low > -margin && interval.high < margin { return .held }
      return interval.low > margin || interval.high < -margin ? .notHeld : .undecided
    case .never(let most): return interval.high <= most ? .held : .undecided
    }
  }
}

extension ClaimCriterion {
  /// A bound as it was declared: 1, 0.02, 0.0001.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
    var digits = 1
    while digits < 9, abs(value * power(digits) - (value * power(digits)).rounded()) > 1e-6 { digits += 1 }
    return NumberText.fixed(value, digits)
  }

  private static func power(_ digits: Int) -> Double { (0..<digits).reduce(1.0) { power, _ in power * 10 } }
}
