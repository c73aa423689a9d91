/// What a message of the game tells, as far as texts of known kinds tell it.
///
/// A message that tells several things counts for each. The texts are facts of the game's interface, matched as parts.
///
/// The order is that of the signal `events`. What no text of these kinds tells, such as a monster's name, is
/// left to who reads `messageText`.
enum Event: Int, CaseIterable, Sendable {
  case kill, petKill, hit, miss, wasHit, wasMissed, pickUp, eat, drink, read, wall, door, lockedDoor, boulder, stairs,
    swapWithPet,
    found, trap, levelUp, hunger, prayer, death, noise, nothing, refused

  /// Any of these in the message.
  private var texts: [StaticString] {
    switch self {
    case .kill: ["You kill ", "You destroy "]
    case .petKill: [" is killed", " is destroyed"]
    case .hit: ["You hit ", "You strike ", "You bite ", "You kick ", "You smite "]
    case .miss: ["You miss "]
    case .wasHit: [" hits!", " bites!", " stings!", " touches you", " kicks!", " butts!", " claws you", " stung!"]
    case .wasMissed: [" misses!", " just misses!", " misses you"]
    case .pickUp: [" - ", "gold piece"]
    case .eat:
      [
        "This tastes", " is delicious", "You finish eating", "That satiated your", "Blecch!", "tastes terrible",
        "You're finally finished",
      ]
    case .drink: ["You drink", "This tastes like", "The potion"]
    case .read: ["As you read the scroll", "You read "]
    case .wall: ["It's a wall", "solid stone", "It's solid"]
    case .door: ["The door opens", "The door closes", "The door crashes", "You succeed in unlocking", "WHAMM!"]
    case .lockedDoor: ["This door is locked"]
    case .boulder: ["With great effort you move the boulder", "You try to move the boulder", "boulder fills a"]
    case .stairs: ["You climb up the stairs", "There is a staircase", "You can't go "]
    case .swapWithPet: ["You swap places with", "You stop.  "]
    case .found: ["You find "]
    case .trap: ["You fall into", "You are caught", "land mine", "a trap door", "You escape a", "bear trap"]
    case .levelUp: ["Welcome to experience level"]
    case .hunger:
      ["You are hungry", "You are beginning to feel hungry", "You are weak", "You faint", "beginning to feel weak"]
    case .prayer: ["You begin praying", "You feel that", "You feel a hopeful feeling"]
    case .death: ["You die", "DYWYPI", "Do you want your possessions identified", "You were "]
    case .noise: ["You hear "]
    case .nothing:
      ["You see no ", "There is nothing", "Nothing happens", "You have nothing", "You don't have anything"]
    case .refused: ["Never mind", "Unknown command", "You can't"]
    }
  }

  /// Every text with its event and its first byte.
  private static let patterns: [(event: Event, first: UInt8, text: [UInt8])] = allCases.flatMap { event in
    event.texts.map { text in
      let bytes = text.withUTF8Buffer { Array($0) }
      return (event, bytes[0], bytes)
    }
  }

  /// For each byte, the patterns that start with it.
  private static let byFirst: [[Int]] = {
    var table = [[Int]](repeating: [], count: 256)
    for (index, pattern) in patterns.enumerated() { table[Int(pattern.first)].append(index) }
    return table
  }()

  /// A bit for each kind of event that a message tells.
  ///
  /// - Parameter message: Up to its first zero.
  static func events(in message: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var found: UInt32 = 0
    var start = 0
    while start < message.count, message[start] != 0 {
      for index in byFirst[Int(message[start])] {
        let pattern = patterns[index]
        guard start + pattern.text.count <= message.count else { continue }
        var length = 0
        while length < pattern.text.count, message[start + length] == pattern.text[length] { length += 1 }
        if length == pattern.text.count { found |= 1 << UInt32(pattern.event.rawValue) }
      }
      start += 1
    }
    return found
  }
}
