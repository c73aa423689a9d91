import ReinforcementLearning

/// Where in a playback the viewer stands and how fast it goes: what window and terminal have in common.
///
/// It has no clock: `advance` is told how many seconds went by.
///
/// Three things move it: time (`advance`), keys (`press`) and whoever records (`seek`). At the end of an
/// episode the last state stands for a second and a half; then the next one begins, if there is one and it is
/// wanted.
struct PlaybackControl<Source: Playback>: TimedControl {
  /// What is played, at the present episode.
  private(set) var playback: Source
  /// Steps from the start of the episode to what is shown.
  private(set) var index = 0
  /// The state that is shown.
  private(set) var frame: PlaybackFrame
  /// The present episode's rewards, those after the shown step included where one went back.
  private(set) var trace = RewardTrace()
  /// Whether time takes steps.
  private(set) var isPlaying: Bool
  /// Whether the keys lie over the picture; time stands meanwhile.
  private(set) var showsHelp = false
  /// Whether the person has left.
  private(set) var hasQuit = false
  /// Steps a second, 1 to 240.
  private(set) var speed: Double
  /// What keys do, which depends on whether a person plays.
  let keys: KeyMap
  /// Where a scene that can be turned is looked at from.
  private(set) var viewpoint = SpatialView.Viewpoint()
  /// Seconds for which an episode's last state stands before the next episode begins.
  private let pauseAtEnd = 1.5
  /// Whether the next episode begins by itself.
  private let advancesEpisodes: Bool
  /// Seconds that went by and are not yet spent on steps.
  private var due = 0.0
  /// The first key of an action that is typed, until its second.
  private var letter: Character?

  /// The steps a second that the keys go through.
  static var speeds: [Double] { [1, 2, 3, 4, 6, 8, 12, 16, 24, 30, 45, 60, 90, 120, 180, 240] }

  /// Stands at the first state; plays unless it is to be paused or a person plays.
  ///
  /// - Parameter hasMouse: Whether a scene may be turned.
  /// - Throws: What the playback throws at its first frame.
  init(_ playback: Source, options: WatchOptions, hasMouse: Bool = false) throws {
    var playback = playback
    guard let first = try playback.frame(at: playback.oldestIndex) else {
      preconditionFailure("a playback has at least its first frame")
    }
    self.playback = playback
    index = playback.oldestIndex
    frame = first
    keys = KeyMap(actions: options.keyboard, hasView: hasMouse && first.sketch.view?.isAvailable == true)
    speed = min(max(options.stepsPerSecond, 1), 240)
    isPlaying = options.keyboard == nil && !options.startsPaused
    advancesEpisodes = options.advancesEpisodes
    trace.record(first)
  }

  /// Whether the shown state ends its episode.
  var isOver: Bool { frame.outcome != .running }

  /// Lets time pass.
  ///
  /// - Returns: Whether anything that is shown changed.
  /// - Parameter seconds: Since the last call; what is due beyond a quarter of a second and two steps is
  ///   dropped.
  mutating func advance(seconds: Double) throws -> Bool {
    guard isPlaying, !showsHelp else { return false }
    due += seconds
    if isOver {
      guard advancesEpisodes, due >= pauseAtEnd else { return false }
      due = 0
      if try !startNextEpisode() { isPlaying = false }
      return true
    }
    var changed = false
    // A slow computer shows fewer states; it does not fall ever further behind.
    due = min(due, max(0.25, 2 / speed))
    while due >= 1 / speed, !isOver {
      due -= 1 / speed
      guard try seek(index + 1) else {
        isPlaying = false
        return true
      }
      changed = true
    }
    if isOver { due = 0 }
    return changed
  }

  /// Does what a key asks for.
  ///
  /// - Returns: Whether the key meant anything.
  mutating func press(_ key: Key) throws -> Bool {
    guard let command = keys.command(for: key, after: letter) else { return false }
    letter = nil
    if showsHelp, command != .quit || key == .escape {
      // Any key that means something closes the help, escape too: nobody who reads it wants to leave.
      showsHelp = false
      if command == .toggleHelp || key == .escape { return true }
    }
    switch command {
    case .quit: hasQuit = true
    case .toggleHelp: showsHelp = true
    case .togglePause:
      if isOver { _ = try startNextEpisode() } else { isPlaying.toggle() }
      due = 0
    case .stepForward:
      isPlaying = false
      _ = try seek(index + 1)
    case .stepBack:
      isPlaying = false
      _ = try seek(index - 1)
    case .faster: speed = Self.speeds.first { $0 > speed } ?? speed
    case .slower: speed = Self.speeds.last { $0 < speed } ?? speed
    case .restart:
      try playback.restart()
      try begin()
    case .nextEpisode: _ = try startNextEpisode()
    case .previousEpisode: if try playback.previousEpisode() { try begin() }
    case .toggleContacts: viewpoint.showsContacts.toggle()
    case .toggleTargets: viewpoint.showsTargets.toggle()
    case .resetView: viewpoint = SpatialView.Viewpoint()
    case .begin(let first): letter = first
    case .perform(let action):
      // After the end any action starts the next episode rather than being lost.
      if isOver {
        _ = try startNextEpisode()
      } else if try playback.perform(action) {
        _ = try seek(index + 1)
      }
    }
    return true
  }

  /// Turns the scene as the mouse is dragged, half a degree a point.
  ///
  /// - Returns: Whether there is a scene that can be turned.
  mutating func turn(right: Double, down: Double) -> Bool {
    guard keys.hasView else { return false }
    viewpoint.turn += right / 2
    viewpoint.tilt = min(max(viewpoint.tilt + down / 2, -90), 90)
    return true
  }

  /// Goes nearer by a tenth a notch of the wheel, or farther.
  ///
  /// - Returns: Whether there is a scene to go nearer to.
  mutating func zoom(notches: Double) -> Bool {
    guard keys.hasView else { return false }
    let factor = notches > 0 ? 1.1 : 1 / 1.1
    for _ in 0..<Int(min(abs(notches), 20)) { viewpoint.zoom = min(max(viewpoint.zoom * factor, 0.1), 20) }
    return true
  }

  /// Shows the state after `target` steps; false when there is none.
  mutating func seek(_ target: Int) throws -> Bool {
    guard target >= playback.oldestIndex, let next = try playback.frame(at: target) else { return false }
    index = target
    frame = next
    trace.record(next)
    return true
  }

  /// Goes to the next episode's first state; false when there is none.
  mutating func startNextEpisode() throws -> Bool {
    guard try playback.nextEpisode() else { return false }
    try begin()
    return true
  }

  /// Forgets the last episode's rewards and shows the first state.
  private mutating func begin() throws {
    trace = RewardTrace()
    due = 0
    _ = try seek(playback.oldestIndex)
  }

  /// Everything that the picture shows.
  var state: PictureState {
    PictureState(
      title: playback.title, subtitle: playback.subtitle, seed: playback.seed, episode: playback.episode,
      index: index, length: playback.length, frame: frame, trace: trace,
      controls: PictureState.Controls(
        speed: speed, isPlaying: isPlaying, isPlayed: keys.actions != nil, hints: keys.hints(after: letter),
        help: showsHelp ? keys.help : []), viewpoint: viewpoint)
  }
}
