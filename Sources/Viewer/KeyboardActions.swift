public import ReinforcementLearning

/// Which key takes which action when a person plays.
///
/// An environment with continuous actions has none: keys cannot give numbers.
public struct KeyboardActions: Sendable, Hashable {
  /// A key and the action that it takes.
  public struct Binding: Sendable, Hashable {
    /// The key; no two bindings have the same.
    public var key: Key
    /// The action's name in the environment's specification.
    public var action: String

    /// A binding; whether there is such an action is not checked.
    public init(_ key: Key, _ action: String) {
      self.key = key
      self.action = action
    }
  }

  /// In the order of the help screen.
  public var bindings: [Binding]
  /// Actions that are typed, a letter and then a digit: the squares of a board, `a1` to `f6`.
  public private(set) var typed: [String] = []

  /// Bindings of one's own, without actions that are typed.
  public init(_ bindings: [Binding]) { self.bindings = bindings }

  /// A key for every action by its name: arrows for directions, the space bar for what one does most, the
  /// action's own letters for the rest, then digits.
  ///
  /// Escape, backspace, tab and `?` are never taken: they steer the viewer. More actions than there are keys
  /// leave the last ones without one. More than a dozen names of a letter and a digit are squares, which are typed.
  ///
  /// - Parameter names: The actions' names in the order of the specification; the same names give the same
  ///   keys.
  public init(names: [String]) {
    let squares = names.filter { name in
      name.count == 2 && name.first!.isLetter && name.first!.isLowercase && name.last!.isNumber
    }
    typed = squares.count > 12 ? squares : []
    let isTyped = Set(typed)
    var keys = [Key?](repeating: nil, count: names.count)
    var taken: Set<Key> = [.escape, .backspace, .tab, .help, .character("?")]
    for name in typed { taken.formUnion(name.map { .character($0) }) }
    func take(_ key: Key, _ index: Int) -> Bool {
      guard keys[index] == nil, !taken.contains(key) else { return false }
      keys[index] = key
      taken.insert(key)
      return true
    }
    let words = names.map { name in name.lowercased().filter { $0.isLetter || $0.isNumber } }
    // Exact words first, so that "turn left" does not lose its arrow to "left".
    for rule in Self.wellKnown {
      for (index, word) in words.enumerated() where rule.words.contains(word) { _ = take(rule.key, index) }
    }
    for (index, word) in words.enumerated() where keys[index] == nil && !isTyped.contains(names[index]) {
      for letter in word where take(.character(letter), index) { break }
    }
    for index in names.indices where keys[index] == nil && !isTyped.contains(names[index]) {
      for other in "1234567890abcdefghijklmnopqrstuvwxyz" where take(.character(other), index) { break }
    }
    bindings = names.indices.compactMap { index in keys[index].map { Binding($0, names[index]) } }
  }

  /// The keys that the environment has of its own, and the arrows for the four directions; by their names where it has
  /// none.
  ///
  /// They may take escape, which then no longer leaves the viewer. Of two actions with one key the first has it.
  ///
  /// - Parameter keys: As many as actions, or none.
  public init(names: [String], keys: [ActionKey]) {
    guard keys.count == names.count else {
      self.init(names: names)
      return
    }
    self.init([])
    var taken: Set<Key> = []
    let arrows: [(name: String, key: Key)] = [("west", .left), ("east", .right), ("north", .up), ("south", .down)]
    for binding in zip(keys, names).map({ Binding(Key($0), $1) }) + arrows.map({ Binding($0.key, $0.name) })
    where names.contains(binding.action) && taken.insert(binding.key).inserted { bindings.append(binding) }
  }

  /// A row for each action with all of its keys.
  var helpLines: [HelpLine] {
    var lines: [HelpLine] = []
    for binding in bindings {
      if let known = lines.firstIndex(where: { $0.meaning == binding.action }) {
        lines[known].keys += "  " + binding.key.name
      } else {
        lines.append(HelpLine(keys: binding.key.name, meaning: binding.action))
      }
    }
    return lines
  }

  /// The action of a key; nil when it has none.
  public func action(for key: Key) -> String? { bindings.first { $0.key == key }?.action }

  /// Whether a key is the first half of an action that is typed.
  func beginsTyped(_ key: Key) -> Character? {
    guard case .character(let letter) = key, typed.contains(where: { $0.first == letter }) else { return nil }
    return letter
  }

  /// The action that a letter and then this key make.
  func action(after letter: Character, _ key: Key) -> String? {
    guard case .character(let digit) = key else { return nil }
    return typed.first { $0 == "\(letter)\(digit)" }
  }

  /// Words as the field's environments use them, punctuation removed. Diagonals are on the keys y, u, b, n, as
  /// roguelikes have had them since Rogue.
  private static let wellKnown: [(key: Key, words: Set<String>)] = [
    (.left, ["left", "turnleft", "west", "moveleft", "movewest", "pushleft"]),
    (.right, ["right", "turnright", "east", "moveright", "moveeast", "pushright"]),
    (.up, ["up", "forward", "moveforward", "north", "moveup", "movenorth"]),
    (.down, ["down", "back", "backward", "movebackward", "south", "movedown", "movesouth"]),
    (.character("y"), ["northwest", "movenorthwest", "upleft"]),
    (.character("u"), ["northeast", "movenortheast", "upright"]),
    (.character("b"), ["southwest", "movesouthwest", "downleft"]),
    (.character("n"), ["southeast", "movesoutheast", "downright"]),
    (.character(" "), ["toggle", "interact", "use", "fire", "do", "jump", "flap"]),
    (.character("."), ["noop", "wait", "stay", "none", "idle", "coast", "rest"]),
    (.character("p"), ["pickup", "pick", "get", "take"]),
    (.character("d"), ["drop", "putdown"]),
    (.character("<"), ["ascend", "upstairs", "climbup", "stairsup"]),
    (.character(">"), ["descend", "downstairs", "climbdown", "stairsdown"]),
    (.enter, ["done", "finish", "end"]),
  ]
}

extension Key {
  /// The key that an environment means.
  init(_ key: ActionKey) {
    switch key {
    case .character(let character): self = .character(character)
    case .control(let letter): self = .control(letter)
    case .alt(let character): self = .alt(character)
    case .enter: self = .enter
    case .escape: self = .escape
    }
  }
}
