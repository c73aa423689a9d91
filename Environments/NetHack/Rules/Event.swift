/// What a message of the game tells, as far as texts of known kinds tell it.
///
/// A message that tells several things counts for each. The texts are facts of the game's interface, matched as parts.
///
/// The order is that of the signal `events`. `death` has no text: it is how the game ended. What no text of these kinds
/// tells, such as a monster's name, is left to who reads `messageText`.
enum Event: Int, CaseIterable, Sendable {
  case kill, petKill, hit, miss, wasHit, wasMissed, pickUp, eat, drink, read, wall, door, lockedDoor, boulder, stairs,
    swapWithPet,
    found, trap, levelUp, hunger, prayer, death, noise, nothing, refused

  /// Any of these in the message; `pickUp` has a form and not a text.
  private var texts: [StaticString] {
    switch self {
    case .kill: ["You kill ", "You destroy "]
    case .petKill: [" is killed", " is destroyed"]
    case .hit: ["You hit ", "You strike ", "You bite ", "You kick ", "You smite "]
    case .miss: ["You miss "]
    case .wasHit: [" hits!", " bites!", " stings!", " touches you", " kicks!", " butts!", " claws you", " stung!"]
    case .wasMissed: [" misses!", " just misses!", " misses you"]
    case .pickUp, .death: []
    case .eat:
      [
        " tastes okay", " tastes terrible", " tastes just like", "Tastes great", " is delicious", "You finish eating",
        "That satiated your", "Blecch!", "You're finally finished",
      ]
    case .drink:
      [
        "You drink", "You take a sip", "This tastes like", "This makes you feel", "This burns", "refreshing drink",
        "The cool draught",
      ]
    case .read: ["As you read the scroll", "You read "]
    case .wall: ["It's a wall", "solid stone", "It's solid"]
    case .door: ["The door opens", "The door closes", "The door crashes", "You succeed in unlocking", "WHAMM!"]
    case .lockedDoor: ["This door is locked"]
    case .boulder: ["With great effort you move the boulder", "You try to move the boulder", "boulder fills a"]
    case .stairs: ["You climb up the stairs", "There is a staircase"]
    case .swapWithPet: ["You swap places with"]
    case .found: ["You find a ", "You find an "]
    case .trap:
      [
        "You fall into", "You fall through", "You are caught", "You trigger", "KAABLAMM!", "bear trap closes",
        "A trap door opens up under you", "gaping hole under you", "shoots out at you", "You escape a",
      ]
    case .levelUp: ["Welcome to experience level"]
    case .hunger:
      ["You are hungry", "You are beginning to feel hungry", "You are weak", "You faint", "beginning to feel weak"]
    case .prayer: ["You begin praying", "You feel that", "You have a hopeful feeling"]
    case .noise: ["You hear "]
    case .nothing:
      ["You see no ", "There is nothing", "Nothing happens", "You have nothing", "You don't have anything"]
    case .refused: ["Never mind", "Unknown command", "You can't"]
    }
  }

  /// How such a text goes on where it tells of something else.
  private var exceptions: [StaticString] {
    switch self {
    case .hit: ["You kick at ", "You hit your ", "You hit a trap"]
    case .noise: ["You hear nothing"]
    default: []
    }
  }

  /// Texts of an event that begin with the same byte, and those with which it is none.
  private struct Pattern {
    var event: Event
    var text: [UInt8]
    var exceptions: [[UInt8]]
  }

  /// For each byte, the texts that start with it.
  private static let byFirst: [[Pattern]] = {
    var table = [[Pattern]](repeating: [], count: 256)
    for event in allCases {
      let exceptions = event.exceptions.map { $0.withUTF8Buffer { Array($0) } }
      for text in event.texts.map({ $0.withUTF8Buffer { Array($0) } }) {
        let near = exceptions.filter { $0.starts(with: text) }
        table[Int(text[0])].append(Pattern(event: event, text: text, exceptions: near))
      }
    }
    return table
  }()

  /// The event's bit among those of a message.
  var bit: UInt32 { 1 << UInt32(rawValue) }

  /// A bit for each kind of event that a message tells.
  ///
  /// - Parameters:
  ///   - message: Up to its first zero.
  ///   - picksUp: Whether the line of a thing that is carried can tell that it was picked up: not where somebody only
  ///     looked at it, or took it in hand.
  static func events(in message: UnsafeBufferPointer<UInt8>, picksUp: Bool = true) -> UInt32 {
    var found: UInt32 = 0
    var start = 0
    while start < message.count, message[start] != 0 {
      for pattern in byFirst[Int(message[start])] where found & pattern.event.bit == 0 {
        guard has(pattern.text, message, at: start) else { continue }
        guard !pattern.exceptions.contains(where: { has($0, message, at: start) }) else { continue }
        found |= pattern.event.bit
      }
      if picksUp, tellsThing(message, at: start) { found |= pickUp.bit }
      start += 1
    }
    return found
  }

  /// Whether a text stands at that place.
  private static func has(
    _ text: some RandomAccessCollection<UInt8>, _ message: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Bool {
    guard start >= 0, start + text.count <= message.count else { return false }
    var place = start
    for byte in text {
      if message[place] != byte { return false }
      place += 1
    }
    return true
  }

  /// Whether a line of what is carried starts there, letter, dash and name, of a thing that is neither held nor worn:
  /// so the game says what was picked up.
  private static func tellsThing(_ message: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start + 4 < message.count, message[start + 1] == UInt8(ascii: " "), message[start + 2] == UInt8(ascii: "-"),
      message[start + 3] == UInt8(ascii: " ")
    else { return false }
    switch message[start] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "$"),
      UInt8(ascii: "#"):
      break
    default: return false
    }
    // It begins a sentence, or says what was hard to lift.
    let begins = start == 0 || start > 1 && (1...2).allSatisfy { message[start - $0] == UInt8(ascii: " ") }
    guard begins || has("lifting ", message, at: start - 8) else { return false }
    var place = start + 4
    while place < message.count, message[place] != 0 {
      // Its sentence is over.
      if message[place] == UInt8(ascii: " "), message[place - 1] == UInt8(ascii: " ") { return true }
      if message[place] == UInt8(ascii: "("), isInUse(message, at: place) { return false }
      place += 1
    }
    return true
  }

  /// Whether the game says there that a thing is held or worn.
  private static func isInUse(_ message: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    has("(weapon in ", message, at: start) || has("(wielded", message, at: start)
      || has("(being worn", message, at: start) || has("(on left ", message, at: start)
      || has("(on right ", message, at: start) || has("(alternate weapon", message, at: start)
  }

  /// Whether a text stands at that place; allocates nothing.
  private static func has(_ text: StaticString, _ message: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    has(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), message, at: start)
  }
}
