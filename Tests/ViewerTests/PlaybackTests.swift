import ReinforcementLearning
import Testing

@testable import Viewer

@Suite struct PlaybackTests {
  @Test("a playback gives the same frame again after going on")
  func stepsBack() throws {
    var playback = try EpisodePlayback(SmallGridworld())
    let second = try #require(try playback.frame(at: 2))
    let ninth = try #require(try playback.frame(at: 9))
    #expect(ninth.sketch != second.sketch)
    #expect(try playback.frame(at: 2)?.sketch == second.sketch)
    #expect(try playback.frame(at: 2)?.action == "pickup")
  }

  @Test("who plays is told that a step changed nothing that can be seen")
  func blocked() throws {
    struct Walls: EpisodeSource {
      let title = "walls"
      let subtitle = "you"
      let seed: UInt64 = 1
      var place = 0
      var steps = 0
      mutating func start(episode: Int) throws -> PlaybackFrame? { PlaybackFrame(sketch: Sketch(width: 1, height: 1)) }
      mutating func step(_ action: String?) throws -> PlaybackFrame? {
        steps += 1
        if action == "right" { place = min(1, place + 1) }
        return PlaybackFrame(sketch: Sketch(width: Float(1 + place), height: 1), step: steps, action: action)
      }
    }
    var playback = try EpisodePlayback(Walls())
    for action in ["right", "right"] { #expect(try playback.perform(action)) }
    #expect(try playback.frame(at: 1)?.captions == [])
    #expect(try playback.frame(at: 2)?.captions == ["'right' changed nothing that can be seen"])
    // A program that acts is not told so.
    #expect(try playback.frame(at: 3)?.captions == [])
  }

  @Test("a playback ends where its episode ends")
  func ends() throws {
    var playback = try EpisodePlayback(SmallGridworld())
    #expect(try playback.frame(at: 13)?.outcome == .terminated)
    #expect(try playback.frame(at: 14) == nil)
  }

  @Test("a full playback forgets its oldest frames and says so")
  func forgets() throws {
    var playback = try EpisodePlayback(SmallGridworld(), capacity: 4)
    #expect(try playback.frame(at: 8)?.step == 8)
    #expect(playback.oldestIndex > 0)
    #expect(try playback.frame(at: 0) == nil)
    #expect(try playback.frame(at: playback.oldestIndex)?.step == playback.oldestIndex)
  }

  @Test("episodes change their seed, and there is none before the first or after the last")
  func changesEpisodes() throws {
    var playback = try EpisodePlayback(SmallGridworld())
    #expect(try !playback.previousEpisode())
    #expect(playback.seed == 42)
    #expect(try playback.nextEpisode() && playback.seed == 43)
    #expect(try playback.nextEpisode() && playback.seed == 44)
    #expect(try !playback.nextEpisode() && playback.seed == 44)
    #expect(try playback.previousEpisode() && playback.seed == 43)
  }

  @Test("a playback that begins with an episode that is not there is refused")
  func refusesMissingEpisode() {
    #expect(throws: NoSuchEpisode.self) { try EpisodePlayback(SmallGridworld(), episode: 7) }
  }

  @Test("time takes as many steps as the speed says")
  func keepsPace() throws {
    var options = WatchOptions()
    options.stepsPerSecond = 4
    var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: options)
    #expect(try !control.advance(seconds: 0.2))
    #expect(try control.advance(seconds: 0.06))
    #expect(control.index == 1)
    #expect(try control.advance(seconds: 0.5))
    #expect(control.index == 3)
  }

  @Test("the next episode begins a while after the last state, and after the last episode it pauses")
  func goesOn() throws {
    var options = WatchOptions()
    options.stepsPerSecond = 240
    var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: options)
    for _ in 0..<20 { _ = try control.advance(seconds: 0.01) }
    #expect(control.isOver && control.state.episode == 0)
    #expect(try !control.advance(seconds: 1))
    #expect(try control.advance(seconds: 1))
    #expect(control.state.episode == 1 && control.index == 0)
    for _ in 0..<400 { _ = try control.advance(seconds: 0.1) }
    #expect(control.state.episode == 2 && control.isOver && !control.isPlaying)
  }

  @Test("keys pause, step, change speed, restart, and change the episode")
  func obeysKeys() throws {
    var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: WatchOptions())
    func press(_ keys: Key...) throws { for key in keys { _ = try control.press(key) } }
    try press(.right, .right, .character("."))
    #expect(control.index == 3 && !control.isPlaying)
    try press(.left, .character(","), .left, .left)
    #expect(control.index == 0)
    try press(.up, .character("+"))
    #expect(control.speed == 16)
    for _ in 0..<40 { try press(.down) }
    #expect(control.speed == 1)
    for _ in 0..<40 { try press(.up) }
    #expect(control.speed == 240)
    try press(.right, .character("n"))
    #expect(control.state.episode == 1 && control.index == 0)
    try press(.character("p"), .right, .character("r"))
    #expect(control.state.episode == 0 && control.index == 0)
    try press(.character(" "))
    #expect(control.isPlaying)
    try press(.character("q"))
    #expect(control.hasQuit)
  }

  @Test("escape closes the help before it leaves")
  func escapeClosesHelp() throws {
    var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: WatchOptions())
    _ = try control.press(.character("h"))
    #expect(control.showsHelp)
    _ = try control.press(.escape)
    #expect(!control.showsHelp && !control.hasQuit)
    _ = try control.press(.escape)
    #expect(control.hasQuit)
  }

  @Test("in playing, a step is taken when its key is pressed and not before")
  func plays() throws {
    let keyboard = KeyboardActions(names: ["left", "right", "forward", "pickup", "drop", "toggle", "done"])
    var control = try PlaybackControl(
      EpisodePlayback(SmallGridworld(isPlayed: true)), options: WatchOptions(keyboard: keyboard))
    _ = try control.advance(seconds: 5)
    #expect(control.index == 0)
    for key in [Key.up, .character("p"), .left, .up, .up, .character(" ")] { _ = try control.press(key) }
    #expect(control.index == 6 && control.frame.action == "toggle")
    for key in [Key.up, .up, .up, .right, .up, .up, .up] { _ = try control.press(key) }
    #expect(control.isOver && control.frame.success)
    _ = try control.press(.up)
    #expect(control.index == 0 && control.state.episode == 1)
  }

  @Test("the trace keeps each step once, its extremes and its sums")
  func traces() throws {
    var control = try PlaybackControl(EpisodePlayback(SmallGridworld()), options: WatchOptions())
    for key in [Key.right, .right, .left, .left, .right, .right, .right] { _ = try control.press(key) }
    let trace = control.trace
    #expect(trace.lanes.map(\.name) == ["environment", "novelty", "program"])
    #expect(trace.lanes[2].values == [0.1, -0.05, -0.05])
    #expect(trace.lanes[2].low == -0.05 && trace.lanes[2].high == 0.1)
    #expect(abs(trace.lanes[2].sum(2) - 0.05) < 1e-6)
    #expect(trace.lanes[2].value(at: 0) == nil)
  }
}
