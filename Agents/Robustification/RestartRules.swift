import RealModule
import ReinforcementLearning

/// When an episode that started on a demonstration has succeeded or failed.
///
/// An episode succeeds when its score reaches the demonstration's final one. It fails when its score falls below the
/// lowest that the demonstration had within `lag` steps of the same time, or when it has used up the steps that `slack`
/// and `lag` give it.
///
/// A demonstration that does the task by the environment's own rule is matched by doing it in time, whatever it
/// scores: in a gridworld the reward falls with time, and where actions cost a demonstration's score is lowest just
/// before its end, so that noise alone would keep every episode below.
struct RestartRules {
  let lag: Int
  let slack: Double
  /// The exponent of the extra steps' number.
  let extraStepsExponent: Double

  init(_ configuration: RobustifyConfiguration) {
    lag = configuration.lag
    slack = configuration.slack
    extraStepsExponent = configuration.extraStepsExponent
  }

  /// - Parameters:
  ///   - score: The demonstration's up to the start, and the episode's own.
  ///   - succeeded: Whether the environment said so.
  func hasSucceeded(score: Double, succeeded: Bool, _ demonstration: Demonstration) -> Bool {
    demonstration.succeeds ? succeeded : score >= demonstration.finalScore - 1e-6
  }

  /// - Parameters:
  ///   - start: The step of the demonstration that the episode started at.
  ///   - elapsed: Steps since then.
  func hasFailed(start: Int, elapsed: Int, score: Double, _ demonstration: Demonstration) -> Bool {
    if Double(elapsed) >= slack * Double(demonstration.length - start) + Double(lag) { return true }
    return !demonstration.succeeds
      && score < demonstration.lowestScore(around: start + elapsed, lag: lag) - 1e-6
  }

  /// Steps to play on after a success.
  func extraSteps(_ random: inout RandomSource) -> Int {
    Int(Double.exp(random.uniform() * extraStepsExponent))
  }
}
