/// A key of the keyboard, the same whether a window or a terminal received it.
///
/// Keys that a terminal cannot tell apart (the keypad) are not in it; others are ignored.
public enum Key: Sendable, Hashable {
  /// A printing key by what it prints; the space bar is `" "`.
  case character(Character)
  /// A lower-case letter with the control key; some have keys of their own, such as tab.
  case control(Character)
  /// A printing key with the alt key.
  case alt(Character)
  case left, right, up, down
  case enter, tab, backspace, escape, help

  /// How the help screen names it.
  public var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let letter): "ctrl-\(letter)"
    case .alt(let character): "alt-\(character)"
    case .left: "←"
    case .right: "→"
    case .up: "↑"
    case .down: "↓"
    case .enter: "enter"
    case .tab: "tab"
    case .backspace: "backspace"
    case .escape: "esc"
    case .help: "F1"
    }
  }
}

/// What a key makes the viewer do.
///
/// A key means the same in a window and in a terminal.
enum Command: Hashable {
  case togglePause, stepForward, stepBack, faster, slower, restart, nextEpisode, previousEpisode, toggleHelp, quit
  case toggleContacts, toggleTargets, resetView
  /// Takes a step, when a person plays.
  case perform(String)
  /// The first key of an action that is typed.
  case begin(Character)
}

/// One row of the help screen.
struct HelpLine: Hashable {
  /// The keys' names, two spaces apart.
  var keys: String
  /// What they do, in lower case.
  var meaning: String
}

/// Which key does what: in watching all keys steer the playback, in playing most of them are actions.
///
/// Watching: space, arrows, `r`, `n`, `p`, `h`, `q`. Playing: whatever the environment's actions leave free,
/// and backspace, tab, escape and `?`, which they never take.
struct KeyMap {
  /// nil when watching.
  var actions: KeyboardActions?
  /// Whether what is watched is a scene that can be turned.
  var hasView = false

  /// What the key does; nil for nothing.
  ///
  /// - Parameter letter: The first half of an action that was begun.
  func command(for key: Key, after letter: Character? = nil) -> Command? {
    if let letter, let action = actions?.action(after: letter, key) { return .perform(action) }
    if let letter = actions?.beginsTyped(key) { return .begin(letter) }
    if let action = actions?.action(for: key) { return .perform(action) }
    switch key {
    case .escape: return .quit
    case .help, .character("?"): return .toggleHelp
    default: return actions == nil ? watching(key) : playing(key)
    }
  }

  /// The keys of a playback that goes by itself.
  private func watching(_ key: Key) -> Command? {
    switch key {
    case .character(" "): .togglePause
    case .right, .character("."): .stepForward
    case .left, .character(","): .stepBack
    case .up, .character("+"), .character("="): .faster
    case .down, .character("-"): .slower
    case .character("r"): .restart
    case .character("n"): .nextEpisode
    case .character("p"): .previousEpisode
    case .character("h"): .toggleHelp
    case .character("q"): .quit
    case .character("c") where hasView: .toggleContacts
    case .character("t") where hasView: .toggleTargets
    case .character("v") where hasView: .resetView
    default: nil
    }
  }

  /// What is left of the keyboard while a person plays: the environment's actions come first.
  private func playing(_ key: Key) -> Command? {
    switch key {
    case .backspace: .restart
    case .tab: .nextEpisode
    // In a terminal it interrupts before it is read.
    case .control("c"): .quit
    // Free letters keep their meaning from watching.
    case .character("h"): .toggleHelp
    case .character("q"): .quit
    default: nil
    }
  }

  /// The rows of the help screen.
  var help: [HelpLine] {
    guard let actions else {
      return [
        HelpLine(keys: "space", meaning: "pause or play"),
        HelpLine(keys: "→  .", meaning: "one step forward"),
        HelpLine(keys: "←  ,", meaning: "one step back"),
        HelpLine(keys: "↑  +", meaning: "faster"),
        HelpLine(keys: "↓  -", meaning: "slower"),
        HelpLine(keys: "r", meaning: "restart the episode"),
        HelpLine(keys: "n", meaning: "next episode"),
        HelpLine(keys: "p", meaning: "previous episode"),
        HelpLine(keys: "h  ?", meaning: "this help"),
        HelpLine(keys: "q  esc", meaning: "quit"),
      ] + sceneLines
    }
    // Where there are more actions than room, the last ones are not shown.
    return typedLines(actions) + [
      HelpLine(keys: "backspace", meaning: "restart the episode"),
      HelpLine(keys: "tab", meaning: "next episode"),
      HelpLine(keys: "?  F1", meaning: "this help"),
      HelpLine(keys: quitKey, meaning: "quit"),
    ] + actions.helpLines
  }

  /// Escape, unless it is an action.
  private var quitKey: String { actions?.action(for: .escape) == nil ? Key.escape.name : Key.control("c").name }

  /// The rows for a scene that can be turned.
  private var sceneLines: [HelpLine] {
    guard hasView else { return [] }
    return [
      HelpLine(keys: "drag", meaning: "turn the scene"), HelpLine(keys: "wheel", meaning: "nearer or farther"),
      HelpLine(keys: "v", meaning: "the scene's own view"), HelpLine(keys: "c", meaning: "contacts"),
      HelpLine(keys: "t", meaning: "targets"),
    ]
  }

  /// The same in the words of the hint line.
  private var sceneHints: [HelpLine] {
    guard hasView else { return [] }
    return [
      HelpLine(keys: "mouse", meaning: "turn, nearer"), HelpLine(keys: "c", meaning: "contacts"),
      HelpLine(keys: "t", meaning: "targets"), HelpLine(keys: "v", meaning: "own view"),
    ]
  }

  /// A row for the actions that are typed, by the first and last of them.
  private func typedLines(_ actions: KeyboardActions) -> [HelpLine] {
    guard let first = actions.typed.first, let last = actions.typed.last else { return [] }
    return [HelpLine(keys: "\(first)…\(last)", meaning: "the letter, then the digit")]
  }

  /// The keys of the hint line at the bottom, most needed first.
  ///
  /// - Parameter letter: The first half of an action that was begun.
  func hints(after letter: Character? = nil) -> [HelpLine] {
    guard let actions else {
      return [
        HelpLine(keys: "h", meaning: "help"), HelpLine(keys: "space", meaning: "pause"),
      ] + sceneHints + [
        HelpLine(keys: "←→", meaning: "step"), HelpLine(keys: "↑↓", meaning: "speed"),
        HelpLine(keys: "n", meaning: "next"), HelpLine(keys: "r", meaning: "restart"),
        HelpLine(keys: "q", meaning: "quit"),
      ]
    }
    let begun = letter.map { [HelpLine(keys: "\($0)…", meaning: "now the digit")] }
    return [HelpLine(keys: "?", meaning: "help")] + (begun ?? typedLines(actions))
      + actions.bindings.prefix(6).map { HelpLine(keys: $0.key.name, meaning: $0.action) }
      + [HelpLine(keys: quitKey, meaning: "quit")]
  }
}
