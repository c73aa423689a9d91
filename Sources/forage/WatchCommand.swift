import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import Viewer

/// `forage watch`: a run's policy or archive, a replay, or an environment with an agent that needs no training.
///
/// The policy and its reward design stand as the checkpoint has them; nothing of the run is changed by
/// watching.
struct WatchCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch a run's policy or archive, a replay, or an environment with an agent in it.",
    discussion: """
      A run's directory shows its latest policy, a replay's file its episode, an environment's id random \
      actions, or with --agent what that does untrained. The window needs a display; \
      --terminal and --record do not. Of a run that keeps an archive (--agent go-explore), --archive shows \
      how often each place was visited and the best way, --cell the way to a cell.

      Example:
        forage watch runs/first --record first.gif
      """)

  @Argument(
    help: ArgumentHelp("A run's directory, a replay's file or an environment's id.", valueName: "run|replay|env"),
    completion: Completions.watched)
  /// A directory is a run, another file a replay; everything else is an environment's id.
  var subject: String

  /// Nil: random actions.
  @Option(help: "In an environment: an agent as it begins, with settings or without: expert, 'mcts(simulations=100)'.")
  var agent: String?

  /// Works without a display, also through a pipe, where frames are printed one after the other.
  @Flag(help: "Draw with characters in this terminal.")
  var terminal = false

  @Option(help: ArgumentHelp("Draw into a .png, .gif or .mp4 file instead.", valueName: "file"))
  /// The extension says what is made; no display is needed.
  var record: String?

  /// 0 for the state after the reset; of a .png only.
  @Option(help: "The step of the episode that a .png shows; the episode's last when left out.")
  var frame: Int?

  /// The number of the episode that comes first, from 0.
  @Option(help: "The episode to begin with, from 0, as the picture says.")
  var episode = 0

  /// 1 to 240; recordings leave steps out where their format is slower. Nil: as fast as what is simulated, at most 240,
  /// or 8 where it has no clock.
  @Option(help: "Steps a second, 1 to 240; when left out as fast as what is simulated, or 8 where it has no clock.")
  var speed: Double?

  /// 1 to 1000; recordings only, since a window goes on by itself.
  @Option(help: "Episodes to record.")
  var episodes = 1

  /// Nil: a run's evaluation seed, 0 for an environment.
  @Option(help: "Seed of the episodes; a run's are those of its last evaluation when left out.")
  var seed: UInt64?

  /// Nil: the latest checkpoint.
  @Option(help: "A run's checkpoint by its step; the latest when left out.")
  var step: Int?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Changes one setting of an environment; may be repeated.", valueName: "key=value"))
  /// Of an environment that is watched by its id; a run and a replay have their own.
  var assignments: [String] = []

  /// Goes with neither `list` nor `cell`.
  @Flag(help: "Show a run's archive on the environment's map.")
  var archive = false

  /// Goes with neither `archive` nor `cell`.
  @Flag(help: "List the cells of a run's archive.")
  var list = false

  @Option(
    help: ArgumentHelp(
      "Watch the way to a cell of a run's archive, by its number or its place on the map.", valueName: "n|x,y"))
  /// Goes with neither `archive` nor `list`.
  var cell: String?

  /// With `list` only.
  @Flag(help: "Print the list as one JSON document.")
  var json = false

  /// - Throws: `ValidationError`, exit status 1, for options that exclude one another or a speed or number out
  ///   of range.
  func validate() throws {
    let uses = [("--archive", archive), ("--list", list), ("--cell", cell != nil)].filter(\.1).map(\.0)
    if uses.count > 1 { throw ValidationError("\(uses[0]) and \(uses[1]) cannot be had at a time") }
    if json && !list { throw ValidationError("--json goes with --list") }
    if record != nil && terminal { throw ValidationError("--record and --terminal cannot be had at a time") }
    guard (0...1_000_000_000).contains(episode) else {
      throw ValidationError("--episode must lie in 0...1000000000, not \(episode)")
    }
    if frame != nil, record?.lowercased().hasSuffix(".png") != true {
      throw ValidationError("--frame goes with --record and a .png file: a GIF or an MP4 shows all of the episode")
    }
    if let speed, !WatchOptions.speeds.contains(speed) {
      throw ValidationError("--speed must lie in 1...240, not \(speed.written)")
    }
    guard (1...1000).contains(episodes) else {
      throw ValidationError("--episodes must lie in 1...1000, not \(episodes)")
    }
  }

  /// Finds out what the subject is: a run's directory, a file, else an environment's id.
  ///
  /// - Throws: `UserError` when it is none of them; without a display unless `--terminal` or `--record` is
  ///   given.
  func run() throws {
    if agent != nil, Files.exists(subject) {
      throw UserError(
        "--agent acts in an environment, and '\(subject)' is a \(Files.isDirectory(subject) ? "run" : "file")",
        fix: "Leave it out, or name an environment's id")
    }
    if archive || list || cell != nil {
      try showArchive()
    } else if Files.isDirectory(subject) {
      try show(try runSource(RunDirectory(opening: subject)))
    } else if Files.exists(subject) {
      let replay = try Replay(reading: subject)
      try show(ReplaySource(replay, try Catalog.recipe(of: replay)))
    } else {
      let recipe: EnvironmentRecipe
      do {
        recipe = try PlayCommand.recipe(subject, assignments)
      } catch let error as UserError where error.reason.hasPrefix("there is no environment") {
        guard subject.hasSuffix(".json") || subject.split(separator: "/").count > 2 else { throw error }
        throw UserError("there is no run or replay '\(subject)'", fix: "Check the path")
      }
      try show(try source(in: recipe))
    }
  }

  /// An agent as it begins, or random actions.
  ///
  /// - Throws: `UserError` for an agent that there is not, or that cannot act in the environment.
  private func source(in recipe: EnvironmentRecipe) throws -> PolicySource {
    guard let agent else {
      return PolicySource(
        recipe, policy: UniformPolicy(recipe.specification), seed: seed ?? 0, subtitle: "random actions")
    }
    var configuration = RunConfiguration()
    configuration.environment = subject
    configuration.agent = agent
    let plan = try Catalog.plan(configuration, assignments: assignments.map { try SettingAssignment(parsing: $0) })
    let settings = plan.description.run
    return PolicySource(
      plan.environment, policy: try plan.makeAgent().makePolicy(slots: 1, choice: settings.evaluationChoice),
      signals: plan.signals, seed: seed ?? settings.evaluationSeed(1),
      subtitle: "\(plan.description.agent.id), untrained")
  }

  /// Lists the archive, or shows its map, or the way to one cell.
  ///
  /// - Throws: `UserError` when the subject is no run, its agent keeps no archive, or the picture is no map.
  private func showArchive() throws {
    guard Files.isDirectory(subject) else {
      throw UserError(
        "'\(subject)' is no run, and only runs have archives", fix: "Name a run's directory, for example runs/first")
    }
    let viewing = try ArchiveViewing(RunDirectory(opening: subject), step: step)
    if list { return viewing.list(json: json) }
    if let cell { return try show(try viewing.trajectory(try viewing.cell(named: cell))) }
    let map = try viewing.map()
    if let record {
      try Viewer.record(map, to: record)
      LineOutput.result("\(record): 1 frame")
    } else if terminal {
      printInTerminal(map)
    } else {
      var options = WatchOptions()
      options.stepsPerSecond = speed(at: viewing.controlFrequency)
      try watchInWindow(map, options: options) { try viewing.trajectory($0) }
    }
  }

  /// The run's policy with the reward design as it stood at the checkpoint, on the episodes of the last
  /// evaluation.
  private func runSource(_ directory: RunDirectory) throws -> PolicySource {
    let plan = try Catalog.plan(directory.description()).keepingLabels(in: directory.path)
    let checkpoint = try directory.checkpoint(step: step)
    let agent = try plan.makeAgent(restoredFrom: checkpoint)
    let settings = plan.description.run
    var design = try plan.makeRewardDesign()
    try design.restore(from: checkpoint.state.get(prefix: "reward"))
    return PolicySource(
      plan.environment, policy: try agent.makePolicy(slots: 1, choice: settings.evaluationChoice),
      signals: plan.signals,
      design: design,
      seed: seed ?? settings.evaluationSeed(1),
      subtitle: "step \(Format.count(checkpoint.step)): \(plan.description.agent.id), \(plan.reward.text)")
  }

  /// Shows what a source makes, which can then be gone back in.
  ///
  /// - Throws: `UserError` when the source has no such episode.
  private func show(_ source: some EpisodeSource) throws {
    do {
      try show(try EpisodePlayback(source, episode: episode))
    } catch is NoSuchEpisode {
      throw UserError("there is no episode \(episode)", fix: "A replay has one: leave --episode out")
    }
  }

  /// The speed that was asked for, else that of the simulated time.
  private func speed(at frequency: Double?) -> Double {
    speed ?? WatchOptions.speed(at: frequency)
  }

  /// Records, or opens the window or the terminal.
  private func show(_ playback: EpisodePlayback<some EpisodeSource>) throws {
    let speed = speed(at: playback.source.controlFrequency)
    if let record {
      var options = RecordingOptions()
      options.stepsPerSecond = Int(speed.rounded())
      options.episodes = episodes
      options.frame = frame
      let frames = try Viewer.record(playback, to: record, options: options)
      let isPicture = record.lowercased().hasSuffix(".png")
      var first = playback
      let note = try first.frame(at: first.oldestIndex)?.sketch.view.map { ", " + $0.note } ?? ""
      let moment = frame.map { "step \($0) of" } ?? "the last state of"
      LineOutput.result(
        isPicture
          ? "\(record): \(moment) episode \(episode) (--frame N shows another step)\(note)"
          : "\(record): \(frames) frames\(note)")
      return
    }
    var options = WatchOptions()
    options.stepsPerSecond = speed
    if terminal {
      try watchInTerminal(playback, options: options)
    } else {
      try watchInWindow(playback, options: options)
    }
  }
}

/// `forage play`: a person at the keyboard.
///
/// Nothing is learnt or saved. A square of a board is typed, a letter and then a digit.
struct PlayCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Play an environment with the keyboard.",
    discussion: """
      The window, or the terminal, says which key does what (press ?).

      Example:
        forage play gridworld/DoorKey-8x8 --terminal
      """)

  @Argument(help: ArgumentHelp("The environment's id.", valueName: "env"), completion: Completions.environments)
  /// An environment with discrete actions, its settings in parentheses.
  var environment: String

  /// Plays in the terminal, where keys are read one by one.
  @Flag(help: "Draw with characters in this terminal.")
  var terminal = false

  /// Episodes follow one another as the slots of a batch with that seed do.
  @Option(help: "Seed of the episodes.")
  var seed: UInt64 = 0

  /// The number of the episode that comes first, from 0.
  @Option(help: "The episode to begin with, from 0, as the picture says.")
  var episode = 0

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Changes one setting of the environment; may be repeated.", valueName: "key=value"))
  /// Changes to the environment's configuration.
  var assignments: [String] = []

  /// Plays until the person leaves; nothing is saved.
  ///
  /// - Throws: `UserError` when actions are continuous, or there is no display and no `--terminal`.
  func run() throws {
    guard (0...1_000_000_000).contains(episode) else {
      throw ValidationError("--episode must lie in 0...1000000000, not \(episode)")
    }
    let recipe = try PlayCommand.recipe(environment, assignments)
    guard case .discrete(let names) = recipe.specification.actions else {
      throw UserError(
        "'\(recipe.id)' has continuous actions, which keys cannot give",
        fix: "Watch it with `forage watch \(recipe.id)`")
    }
    let options = WatchOptions(keyboard: KeyboardActions(names: names, keys: recipe.specification.keys))
    let playback = try EpisodePlayback(PlayerSource(recipe, seed: seed), episode: episode)
    if terminal {
      try watchInTerminal(playback, options: options)
    } else {
      try watchInWindow(playback, options: options)
    }
  }

  /// An environment with `--set` assignments, whose keys may begin with `environment.`.
  static func recipe(_ text: String, _ assignments: [String]) throws -> EnvironmentRecipe {
    try Catalog.recipe(text, assignments: assignments.map { try SettingAssignment(parsing: $0) })
  }
}
