import Groundwork
import ReinforcementLearning

/// Every message of a run: its text, what is known of it, and how often it came in the running episodes.
struct MessageBook: Sendable {
  /// What is known of a message.
  enum Verdict: Int8, Sendable {
    /// Waits to be asked about.
    case new
    /// Waits for its answer.
    case asked
    case good, bad
    /// It was asked about, and the answer said neither.
    case unreadable
  }

  /// By number, in the order in which they first came.
  private(set) var texts: [String] = []
  private(set) var verdicts: [Verdict] = []
  /// The collection after which each was asked about.
  private var askedAt: [Int32] = []
  private var keys: [UInt64] = []
  private var numbers: [UInt64: Int] = [:]
  /// Numbers that wait to be asked about, in order.
  private var waiting: [Int] = []
  /// Numbers that wait for answers, in the order of the questions.
  private(set) var open: [Int] = []
  /// By slot: how often each message came in the running episode.
  private var counts: [[Int: Int]] = []
  /// Times that a new message found the queue full.
  private(set) var turnedAway = 0
  /// How many there were so far.
  var collections = 0

  /// The most messages that are told apart; those that come later are turned away.
  private static let most = 1 << 20

  /// Makes room for that many slots; another number than before begins all episodes anew.
  mutating func begin(slots: Int) {
    if counts.count != slots { counts = Array(repeating: [:], count: slots) }
  }

  private func key(_ bytes: UnsafeRawPointer, _ capacity: Int) -> UInt64 { StateHash.key(bytes, [0..<capacity]) }

  /// The number of a message that is known; nil for none, and for one that is not.
  func number(_ bytes: UnsafeRawPointer, _ capacity: Int) -> Int? {
    bytes.load(as: UInt8.self) == 0 ? nil : numbers[key(bytes, capacity)]
  }

  /// The number of a message, which is known from now on; nil for none, and where the queue is full.
  mutating func note(_ bytes: UnsafeRawPointer, _ capacity: Int, queue: Int) -> Int? {
    guard bytes.load(as: UInt8.self) != 0 else { return nil }
    let key = key(bytes, capacity)
    if let known = numbers[key] { return known }
    guard waiting.count < queue, texts.count < MessageBook.most else {
      turnedAway += 1
      return nil
    }
    let text = UnsafeRawBufferPointer(start: bytes, count: capacity).prefix { $0 != 0 }
    add(String(decoding: text, as: UTF8.self), key, .new, askedAt: 0)
    return texts.count - 1
  }

  private mutating func add(_ text: String, _ key: UInt64, _ verdict: Verdict, askedAt time: Int32) {
    numbers[key] = texts.count
    if verdict == .new { waiting.append(texts.count) }
    if verdict == .asked { open.append(texts.count) }
    texts.append(text)
    keys.append(key)
    verdicts.append(verdict)
    askedAt.append(time)
  }

  /// Counts a message in a slot's episode.
  ///
  /// - Returns: How often it came, this time included.
  mutating func count(_ number: Int, in slot: Int) -> Int {
    let times = counts[slot][number, default: 0] + 1
    counts[slot][number] = times
    return times
  }

  mutating func endEpisode(of slot: Int) { counts[slot].removeAll(keepingCapacity: true) }

  /// Those that were asked about at least so many collections ago, in the order of the questions.
  func due(after latency: Int) -> [Int] { open.filter { collections - Int(askedAt[$0]) >= latency } }

  /// Writes down an answer.
  mutating func answer(_ number: Int, _ verdict: Verdict) {
    verdicts[number] = verdict
    open.removeAll { $0 == number }
  }

  /// Takes the first of those that wait.
  mutating func ask(_ count: Int) -> [Int] {
    let asked = Array(waiting.prefix(count))
    waiting.removeFirst(asked.count)
    for number in asked {
      verdicts[number] = .asked
      askedAt[number] = Int32(clamping: collections)
    }
    open += asked
    return asked
  }

  /// How many messages have that verdict.
  func total(_ verdict: Verdict) -> Int { verdicts.count { $0 == verdict } }

  /// `texts` (bytes, with `lengths`), `keys`, `verdicts` and `askedAt` [messages], `numbers` (turned away, collections,
  /// slots), and `counts` [entries, 3]: slot, message, times.
  func save(to state: inout SavedState) {
    state.set("texts", texts.flatMap { Array($0.utf8) })
    state.set("lengths", texts.map { Int32($0.utf8.count) })
    state.set("keys", keys)
    state.set("verdicts", verdicts.map { Int32($0.rawValue) })
    state.set("askedAt", askedAt)
    state.set("numbers", [UInt64(turnedAway), UInt64(collections), UInt64(counts.count)])
    // Sorted: the order of a dictionary differs from run to run.
    let entries: [Int32] = counts.enumerated().flatMap { slot, counts in
      counts.sorted { $0.key < $1.key }.flatMap { [Int32(slot), Int32($0.key), Int32(clamping: $0.value)] }
    }
    state.set("counts", entries)
  }

  /// - Throws: `UserError` when an array is missing or does not fit the others.
  mutating func restore(from state: SavedState) throws {
    let lengths: [Int32] = try state.get("lengths")
    let bytes: [UInt8] = try state.get("texts", count: lengths.reduce(0) { $0 + Int(max(0, $1)) })
    let keys: [UInt64] = try state.get("keys", count: lengths.count)
    let verdicts: [Int32] = try state.get("verdicts", count: lengths.count)
    let askedAt: [Int32] = try state.get("askedAt", count: lengths.count)
    let numbers: [UInt64] = try state.get("numbers", count: 3)
    let entries: [Int32] = try state.get("counts")
    let slots = Int(clamping: numbers[2])
    let damaged = UserError("the state of the reward 'messages' is damaged", fix: "Resume from an earlier checkpoint")
    guard entries.count % 3 == 0, slots <= SizeLimit.slots.upperBound, numbers[1] < UInt64(Int32.max) else {
      throw damaged
    }
    self = MessageBook()
    begin(slots: slots)
    turnedAway = Int(clamping: numbers[0])
    collections = Int(numbers[1])
    var start = 0
    for index in lengths.indices {
      let end = start + Int(max(0, lengths[index]))
      guard let verdict = Verdict(rawValue: Int8(clamping: verdicts[index])) else { throw damaged }
      add(String(decoding: bytes[start..<end], as: UTF8.self), keys[index], verdict, askedAt: askedAt[index])
      start = end
    }
    // In the order of the questions.
    open.sort { (askedAt[$0], $0) < (askedAt[$1], $1) }
    for entry in 0..<entries.count / 3 {
      let (slot, number) = (Int(entries[entry * 3]), Int(entries[entry * 3 + 1]))
      guard counts.indices.contains(slot), texts.indices.contains(number) else { throw damaged }
      counts[slot][number] = Int(entries[entry * 3 + 2])
    }
  }
}
