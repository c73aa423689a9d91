import Groundwork

/// Limits of reward models' settings.
enum RewardCheck {
  /// - Throws: `UserError` when the value is outside.
  static func range<Value: Comparable>(
    _ key: String, _ value: Value, _ range: ClosedRange<Value>, of model: String
  ) throws(UserError) {
    guard range.contains(value) else {
      throw UserError(
        "\(key)=\(value) of the reward '\(model)' is not possible",
        fix: "Use one of \(range.lowerBound)...\(range.upperBound)")
    }
  }
}
