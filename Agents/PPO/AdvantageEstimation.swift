/// Generalised advantage estimation over one rollout and one reward component.
///
///     delta_t = r_t + gamma * V(s_{t+1}) - V(s_t)
///     A_t     = delta_t + gamma * lambda * A_{t+1}
///
/// A terminated episode has nothing after it: V(s_{t+1}) is 0 and the sum starts anew. A truncated one is cut but
/// its value goes on: V of its final observation is bootstrapped, and the sum starts anew. A component that is not
/// episodic (RND's) ignores episode ends: its return runs on into the next episode.
///
/// Source: Schulman et al. 2016, equation 16; Pardo et al. 2018 on time limits; Burda et al. 2019 for the
/// non-episodic return.
public struct AdvantageEstimation {
  /// gamma
  public var discount: Float
  /// lambda
  public var gaeLambda: Float
  /// Whether the return ends with the episode; RND's does not.
  public var isEpisodic: Bool
  /// When false, a truncation counts as a termination, as in CleanRL's `ppo.py`.
  public var bootstrapsTruncation: Bool

  /// An estimator with those constants, 0 to 1 each.
  public init(discount: Float, gaeLambda: Float, isEpisodic: Bool = true, bootstrapsTruncation: Bool = true) {
    self.discount = discount
    self.gaeLambda = gaeLambda
    self.isEpisodic = isEpisodic
    self.bootstrapsTruncation = bootstrapsTruncation
  }

  /// - Parameters:
  ///   - rewards: `[steps, slots]`
  ///   - values: V of every observation, `[steps + 1, slots]`, the element of row `i` at `i * stride`.
  ///   - finalValue: V of the final observation of the episode that ended at `[time, slot]`.
  ///   - outcomes: `[steps, slots]`, 0 running, 1 terminated, 2 truncated.
  ///   - advantages: `[steps, slots]`, written.
  public func estimate(
    steps: Int, slots: Int, rewards: UnsafePointer<Float>, values: UnsafePointer<Float>, stride: Int = 1,
    finalValue: (_ time: Int, _ slot: Int) -> Float, outcomes: UnsafePointer<UInt8>,
    advantages: UnsafeMutablePointer<Float>
  ) {
    let decay = discount * gaeLambda
    for slot in 0..<slots {
      var advantage: Float = 0
      for time in (0..<steps).reversed() {
        let index = time * slots + slot
        var next = values[(index + slots) * stride]
        if isEpisodic && outcomes[index] != 0 {
          let bootstraps = outcomes[index] == 2 && bootstrapsTruncation
          next = bootstraps ? finalValue(time, slot) : 0
          advantage = 0
        }
        let delta = rewards[index] + discount * next - values[index * stride]
        advantage = delta + decay * advantage
        advantages[index] = advantage
      }
    }
  }
}
