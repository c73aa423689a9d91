public import Groundwork
public import ReinforcementLearning

/// Does the actions of recorded episodes in order, whatever comes of them; the last one again and again after that.
///
/// What a demonstration is worth where actions stick: the figure that robustification has to beat.
public struct OpenLoopPolicy: LearningPolicy {
  /// What is played.
  public struct Parameters: ConfigurationPart {
    /// Replay files, runs, comparisons or directories of replays, separated by commas; of a directory of replays those
    /// that succeeded, or the best where none did. Slots take turns with them.
    public var demonstrations = ""

    /// The defaults, which name no demonstration: a run must.
    public init() {}
  }

  /// What is played, and how experience is collected.
  public typealias Configuration = JointConfiguration<Parameters, CollectionSettings>

  private let replays: [Replay]
  /// Actions done in the running episode of each slot.
  private var positions: [Int]

  /// Recorded episodes.
  public static func requirements(_ configuration: Configuration) -> Requirements {
    Requirements(needs: .demonstrations, demonstrations: configuration.demonstrations)
  }

  /// - Parameter choice: Without meaning here: the next action is the recorded one.
  /// - Throws: `UserError` when a replay's actions are not this environment's.
  public init(_ configuration: Configuration, in setting: AgentSetting, slots: Int, choice: ActionChoice) throws {
    let actions = setting.specification.actions
    let replays = setting.demonstrations!
    for replay in replays {
      let fits =
        !actions.isDiscrete
        || replay.actions.allSatisfy { $0 >= 0 && $0 < Float(actions.count) && $0 == $0.rounded() }
      guard replay.width == (actions.isDiscrete ? 1 : actions.count), replay.length > 0, fits else {
        throw UserError(
          "the actions of a replay of '\(replay.environment)' are not this environment's",
          fix: "Name demonstrations of the same environment (--set agent.demonstrations=)")
      }
    }
    self.init(replays, slots: slots)
  }

  /// - Parameter replays: At least one; slots take turns with them, by their number in the run.
  public init(_ replays: [Replay], slots: Int) {
    precondition(!replays.isEmpty, "an open-loop policy has something to play")
    self.replays = replays
    positions = Array(repeating: 0, count: slots)
  }

  /// Writes every slot's next recorded action.
  public mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    for slot in 0..<rollout.slots {
      if rollout.startsEpisode(time: time, slot: slot) { positions[slot] = 0 }
      let replay = replays[(batch.firstSlot + slot) % replays.count]
      let position = min(positions[slot], replay.length - 1)
      rollout.setAction(
        replay.actions[(position * replay.width)..<((position + 1) * replay.width)], time: time, slot: slot)
      positions[slot] += 1
    }
  }

  /// Saves how far each slot's episode is.
  public func save(to state: inout SavedState) { state.set("positions", positions.map { Int64($0) }) }

  /// Puts the slots where they were saved.
  ///
  /// - Throws: `UserError` when the state is of another number of slots.
  public mutating func restore(from state: SavedState) throws {
    positions = try state.get("positions", as: Int64.self, count: positions.count).map { Int($0) }
  }
}
