import Groundwork
public import ReinforcementLearning

/// Recordings of NLE's and MiniHack's own environments: what each step pays and shows, and where episodes end.
///
/// The first line has the clock; every other line is an episode: `alias`, `seed`, `actions`, `rewards`, `shown`
/// (digests of glyphs, characters and message after the start and after each step that goes on), whether it is
/// `over`, and where they were recorded the settings that differ from the alias's (`configuration`) and the 27 status
/// numbers at the end (`status`).
public enum NetHackTaskTrace {
  /// Checks files whose first line says `nle-tasks`: every step's reward, end and look.
  public static let verifier = TraceVerifier(
    "nle-tasks", summary: "episodes of NLE's and MiniHack's environments", settings: NetHackTrace.Settings(),
    comparison: { _ in "rewards to 0.00005, ends, and glyphs, characters and message by SHA-256" }, verify: verify)

  /// A line of the file after the first.
  private struct Episode: Codable {
    /// The peer's id, `NetHackScore-v0` or `MiniHack-...`, or one of ours.
    var alias: String
    /// Settings of ours; nil for those of the alias.
    var configuration: JSON?
    /// After the last action; nil where they were not recorded.
    var status: [Int]?
    /// Both of the game's seeds.
    var seed: UInt64
    /// Whether the recorded episode ended with the last action.
    var over: Bool
    /// Numbers of the environment's own actions.
    var actions: [Int]
    /// One for each action, as the peer paid them.
    var rewards: [Double]
    /// Digests of what is seen, one more than actions that the episode survived.
    var shown: [String]
  }

  /// The arrays that are digested, in their order.
  private static let fields = ["glyphs", "chars", "message"]

  /// - Throws: `UserError` when the file has no clock, the game is not here, or an alias is unknown.
  private static func verify(_ file: TraceFile, _ settings: NetHackTrace.Settings) throws -> [TracedEpisode] {
    guard let clock = file.header?["clock"]?.integer else {
      throw UserError("'\(file.path)' has no clock in its first line")
    }
    let listings = NetHackFamily.environments
    if listings.isEmpty { throw UserError(NetHackFamily.absence ?? "", fix: "Check it where the game runs") }
    return try file.map { line in
      let episode = try JSON(parsing: line, name: "a line").decoded(as: Episode.self, name: "an episode")
      guard let listing = listings.first(where: { $0.id == episode.alias || $0.aliases.contains(episode.alias) }) else {
        throw UserError("there is no environment '\(episode.alias)'")
      }
      let changes: JSON = [
        "fields": .string((fields + ["blstats"]).joined(separator: ",")), "clock": .integer(clock),
        "library": .string(settings.library),
      ]
      return try check(
        episode, try listing.recipe(changes: (episode.configuration ?? .object([:])).overlaid(with: changes)))
    }
  }

  /// Plays the recorded actions with the environment that has the alias, and finds the first difference.
  private static func check(_ episode: Episode, _ recipe: EnvironmentRecipe) throws -> TracedEpisode {
    let shown = episode.actions.count + (episode.over ? 0 : 1)
    guard episode.rewards.count == episode.actions.count, episode.shown.count >= max(shown, 1) else {
      throw UserError("an episode of \(episode.alias) has fewer rewards or digests than actions")
    }
    let walker = EpisodeWalker(recipe, fields: fields + ["blstats"])
    walker.start(seed: episode.seed)
    var difference: String? = digest(walker) == episode.shown[0] ? nil : "the start looks different"
    var equal = 0
    for (step, action) in episode.actions.enumerated() {
      let transition = try walker.step(CollectionOfOne(Float(action)))
      let isLast = step + 1 == episode.actions.count
      var parts: [String] = []
      // Rewards are floats: a large one is as near as a float can be.
      let recorded = episode.rewards[step]
      if !(abs(Double(transition.reward) - recorded) <= max(0.00005, Double(Float(recorded).ulp))) {
        parts.append("reward \(transition.reward), recorded \(recorded)")
      }
      let isOver = transition.outcome != .running
      if isOver != (isLast && episode.over) { parts.append(isOver ? "the episode is over" : "the episode goes on") }
      if !isOver, !isLast || !episode.over, digest(walker) != episode.shown[step + 1] {
        parts.append("it looks different")
      }
      if isLast, let recorded = episode.status, status(walker) != recorded {
        parts.append("the status is \(status(walker)), recorded \(recorded)")
      }
      if parts.isEmpty {
        equal += 1
      } else {
        difference = difference ?? "step \(step): \(parts.joined(separator: "; "))"
      }
      if isOver { break }
    }
    return TracedEpisode(
      task: recipe.id, name: "seed \(episode.seed)", steps: episode.actions.count, equalSteps: equal,
      difference: difference)
  }

  /// The 27 numbers of the bottom lines.
  private static func status(_ walker: EpisodeWalker) -> [Int] {
    let place = walker.layout.place("blstats")!
    return (0..<place.field.count).map {
      Int((walker.row + place.offset).loadUnaligned(fromByteOffset: $0 * 4, as: Float.self))
    }
  }

  /// The first eight digits of the SHA-256 of the digested fields, one after the other.
  private static func digest(_ walker: EpisodeWalker) -> String {
    let row = walker.row
    var bytes: [UInt8] = []
    for name in fields {
      let place = walker.layout.place(name)!
      bytes += UnsafeRawBufferPointer(start: row + place.offset, count: place.field.count * place.field.element.size)
    }
    return bytes.withUnsafeBytes { SHA256.hexadecimal($0, digits: 8) }
  }
}
