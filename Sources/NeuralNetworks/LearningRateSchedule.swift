internal import RealModule

/// A learning rate as a function of the part of the training that is done.
public enum LearningRateSchedule: String, Sendable, Hashable, Codable, CaseIterable {
  case constant
  /// Straight down to zero, as PPO anneals.
  case linear
  /// Half a cosine down to zero (Loshchilov and Hutter 2017).
  case cosine

  /// The rate at a point of the training, at least 0 and at most `initial`.
  ///
  /// - Parameters:
  ///   - initial: The rate at the start.
  ///   - progress: From 0 at the start to 1 at the end; values outside are taken as the nearer end.
  public func rate(initial: Float, progress: Double) -> Float {
    let progress = min(1, max(0, progress))
    return switch self {
    case .constant: initial
    case .linear: Float(Double(initial) * (1 - progress))
    case .cosine: Float(Double(initial) * 0.5 * (1 + .cos(.pi * progress)))
    }
  }
}
