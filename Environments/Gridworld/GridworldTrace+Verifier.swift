import Groundwork
public import ReinforcementLearning

extension GridworldTrace {
  /// What can be set about the check.
  struct CheckSettings: Codable, Sendable {
    /// Only the episodes of this level, by any of its ids; all when empty.
    var level = ""
    /// By how much a reward may differ, from 0.
    var rewardTolerance: Float = 0
  }

  /// Recordings of MiniGrid and BabyAI, an episode a line. Files without a header are of this kind when a line has
  /// images and a mission.
  public static let verifier = TraceVerifier(
    "minigrid-traces", summary: "MiniGrid and BabyAI, an episode a line", settings: CheckSettings(),
    isHeaderless: { $0["images"] != nil && $0["mission"] != nil },
    comparison: { settings in
      "level, agent, mission, time limit and every image, direction, flag and reward; "
        + (settings.rewardTolerance > 0
          ? "rewards within \(settings.rewardTolerance), all else to the last bit"
          : "all to the last bit, rewards as 32-bit numbers")
    },
    verify: { file, settings in
      guard settings.rewardTolerance >= 0, settings.rewardTolerance.isFinite else {
        throw UserError("rewardTolerance cannot be \(settings.rewardTolerance)", fix: "Use a number from 0")
      }
      var wanted: GridworldLevel?
      if !settings.level.isEmpty {
        wanted = level(settings.level)
        guard wanted != nil else {
          throw UserError.unknown(
            "gridworld level", settings.level, among: Gridworld.levels.flatMap { [$0.id] + $0.aliases })
        }
      }
      let episodes = try file.map { bytes -> TracedEpisode? in
        let trace = try GridworldTrace(line: bytes)
        if let wanted, level(trace.id)?.id != wanted.id { return nil }
        let result = try trace.verify(rewardTolerance: settings.rewardTolerance)
        return TracedEpisode(
          task: result.id, name: "seed \(result.seed)", steps: result.steps, equalSteps: result.equalSteps,
          difference: result.difference)
      }.compactMap { $0 }
      guard !episodes.isEmpty || settings.level.isEmpty else {
        throw UserError(
          "'\(file.path)' has no episode of '\(settings.level)'", fix: "Leave --set level= out to check all")
      }
      return episodes
    })

  /// The level of that id, with its family or without.
  private static func level(_ name: String) -> GridworldLevel? {
    Gridworld.level(named: name.hasPrefix("gridworld/") ? String(name.dropFirst(10)) : name)
  }
}
