public import ReinforcementLearning

/// Does what the environment's own expert does (`Scripted`), and never learns: demonstrations, and what a task can be
/// done with at best. It sees what policies do not see, so results say that it was granted the expert.
public struct ExpertPolicy: LearningPolicy {
  /// There is nothing else to set.
  public typealias Configuration = CollectionSettings

  private let expert: Expert

  /// An environment with an expert.
  public static func requirements(_ configuration: Configuration) -> Requirements { Requirements(needs: .expert) }

  /// - Parameter choice: Without meaning here: an expert takes one action.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) {
    guard let expert = setting.expert else { preconditionFailure("no expert was granted") }
    self.expert = expert
  }

  /// Asks the expert of every slot.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    for slot in 0..<rollout.slots {
      expert.writeAction(of: slot, in: batch, to: rollout.actions, at: time * rollout.slots + slot)
    }
  }
}
