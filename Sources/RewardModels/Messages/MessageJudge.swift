import Groundwork
import LanguageModels
import RealModule
import ReinforcementLearning

/// Says of a message whether it is good for a goal.
struct MessageJudge: Sendable {
  private let configuration: MessageReward.Configuration
  private let seed: UInt64
  /// A message that holds all parts of one of them is good for scripted labels; none where no word of the goal is
  /// known.
  private let phrases: [[String]]
  private var recorded: [String: MessageBook.Verdict] = [:]
  private var asker: ModelAsker?
  /// What scripted labels say of messages that a model judged: these are compared after every collection.
  private var saidByWords: [String: Bool] = [:]

  /// - Parameter model: What the program grants, which is asked where the configuration's model is left as it is.
  /// - Throws: `UserError` for a scripted goal without a word that is known, recorded labels that cannot be read, and
  ///   a model with settings that none can have.
  init(_ configuration: MessageReward.Configuration, seed: UInt64, model: (any LanguageModel)?) throws {
    self.configuration = configuration
    self.seed = seed
    switch configuration.labels {
    case .scripted: phrases = try MessageJudge.words(of: configuration.goal)
    case .recorded:
      phrases = []
      recorded = try configuration.file.labels()
    case .model:
      phrases = (try? MessageJudge.words(of: configuration.goal)) ?? []
      let isChosen = configuration.model != LanguageModelSettings()
      let made = try isChosen || model == nil ? configuration.model.make(path: "messages.model.") : nil
      asker = ModelAsker(made ?? model!, options: MessageJudge.options(byChat: isChosen && configuration.model.chat))
    case .count, .random: phrases = []
    }
  }

  /// What is logged of a model beside everybody's: of the messages that it judged the share that scripted labels for
  /// the same goal judge alike, where they know it; and how many it judged a second of its own time.
  mutating func metrics(_ book: MessageBook) -> [Metric] {
    guard let asker else { return [] }
    var metrics: [Metric] = []
    if let speed = asker.answersPerSecond { metrics.append(Metric(.speedLabelsPerSecond, speed)) }
    guard !phrases.isEmpty else { return metrics }
    var (judged, alike) = (0, 0)
    for (text, verdict) in zip(book.texts, book.verdicts) where verdict == .good || verdict == .bad {
      judged += 1
      let isGood = saidByWords[text] ?? isGoodByWords(text)
      saidByWords[text] = isGood
      alike += isGood == (verdict == .good) ? 1 : 0
    }
    if judged > 0 { metrics.append(Metric(.messagesAgreement, Double(alike) / Double(judged))) }
    return metrics
  }

  /// What scripted labels say before their errors.
  private func isGoodByWords(_ message: String) -> Bool {
    phrases.contains { $0.allSatisfy { message.contains($0) } }
  }

  /// What words of a goal stand for in messages of gridworlds and of NetHack.
  private static let topics: [(words: [String], phrases: [[String]])] = [
    (["door"], [["unlocked the"], ["opened the", "door"], ["door opens"], ["succeed in unlocking"], ["WHAMM"]]),
    (["key"], [["picked up the", "key"]]),
    (["pick", "fetch", "carry"], [["picked up the"]]),
    (["goal"], [["reached the goal"]]),
    (["box"], [["opened the", "box"]]),
    (["stair", "staircase", "descend", "deeper"], [["staircase down"], ["stairs down"]]),
    (["explore", "find"], [["You find "], ["door opens"], ["succeed in unlocking"]]),
    (["kill", "fight", "monster"], [["You kill "], ["You destroy "], ["Welcome to experience level"]]),
    (["gold", "money"], [["gold piece"]]),
  ]

  /// A word as goals have it: doors, picked, exploring. Parts of other words are none, as the key in a monkey.
  private static func forms(of word: String) -> Set<String> {
    let stem = word.hasSuffix("e") ? String(word.dropLast()) : word
    var forms: Set<String> = [word, word + "s", word + "es", word + "way", word + "ways", stem + "ing", stem + "ed"]
    if word.hasSuffix("y") { forms.formUnion([word.dropLast() + "ied", word.dropLast() + "ies"]) }
    return forms
  }

  /// The phrases that go with a goal.
  ///
  /// - Throws: `UserError` where no word of it is known.
  static func words(of goal: String) throws(UserError) -> [[String]] {
    let words = Set(goal.lowercased().split { !$0.isLetter }.map(String.init))
    let found = topics.filter { $0.words.contains { !forms(of: $0).isDisjoint(with: words) } }.flatMap(\.phrases)
    guard !found.isEmpty else {
      throw UserError(
        "scripted labels know no word of the goal '\(goal)'",
        fix: "Use some of \(topics.flatMap(\.words).joined(separator: ", ")), or recorded labels")
    }
    return found
  }

  /// Who is asked; nil where labels come from elsewhere.
  var languageModel: (any LanguageModel)? { asker?.model }

  /// Refuses a model that can give no answer, as far as that can be known without asking.
  func prepare() throws { try asker?.prepare() }

  /// Begins to ask about messages, where that takes time.
  func ask(_ messages: [String]) {
    guard let asker, !messages.isEmpty else { return }
    asker.ask(messages.map(prompt))
  }

  /// The verdict on a message that was asked about; waits for it.
  ///
  /// - Throws: `UserError` when a model cannot be reached.
  func answer(to message: String) throws -> MessageBook.Verdict {
    switch configuration.labels {
    case .count: return .good
    case .random: return draw("coin", message) < 0.5 ? .good : .bad
    case .recorded: return recorded[message] ?? .unreadable
    case .scripted:
      if draw("unreadable", message) < configuration.unreadableRate { return .unreadable }
      return isGoodByWords(message) == (draw("error", message) >= configuration.errorRate) ? .good : .bad
    case .model:
      guard let scores = try asker?.answer(to: prompt(message)), scores.count == 2, scores.allSatisfy({ !$0.isNaN }),
        scores[0] != scores[1]
      else { return .unreadable }
      return 1 / (1 + Double.exp(scores[1] - scores[0])) > configuration.threshold ? .good : .bad
    }
  }

  /// A number in 0..<1 for a purpose and a message.
  private func draw(_ purpose: String, _ message: String) -> Double {
    Double(StableDigest.of("\(seed) \(purpose) \(message)") >> 11) * 0x1p-53
  }

  /// What a model is asked to go on from, with `good` or `bad`.
  private func prompt(_ message: String) -> String {
    """
    A player of a game reads messages. What the player wants: \(configuration.goal).
    A message is good when it tells that the player comes nearer to that, and bad when it does not.
    "You wait and nothing happens." is bad
    "You have done what you wanted." is good
    "\(message)" is
    """
  }

  /// What may follow, the first for a good one; by chat an answer begins without a space.
  private static func options(byChat: Bool) -> [String] { byChat ? ["good", "bad"] : [" good", " bad"] }
}

/// Recorded labels, read from their file when a configuration is decoded, and written as text.
public struct LabelText: Codable, Hashable, Sendable {
  /// The text; the path where the file could not be read.
  public let text: String
  private let name: String
  private let failure: UserError?

  /// None.
  public init() {
    text = ""
    name = "the labels"
    failure = UserError("no labels are named", fix: "Name their file: messages(labels=recorded,file=my.labels)")
  }

  private init(text: String, name: String, failure: UserError?) {
    self.text = text
    self.name = name
    self.failure = failure
  }

  /// A text, or a path where there is one line only; nothing where it is empty.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer().decode(String.self)
    guard !value.isEmpty else {
      self.init()
      return
    }
    guard !value.contains(where: { $0.isNewline }) else {
      self.init(text: value, name: "the labels", failure: nil)
      return
    }
    do throws(UserError) {
      let read = try Files.readText(value, as: .labels)
      // A text of one line would be taken for a path when it is read again.
      self.init(text: read.contains { $0.isNewline } ? read : read + "\n", name: "'\(value)'", failure: nil)
    } catch {
      self.init(text: value, name: "'\(value)'", failure: error)
    }
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// The verdicts by message.
  ///
  /// - Throws: `UserError` with the line that is none, or says of a message what an earlier one does not.
  func labels() throws(UserError) -> [String: MessageBook.Verdict] {
    if let failure { throw failure }
    var labels: [String: MessageBook.Verdict] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine).enumerated() {
      guard !line.isEmpty, line.first != "#" else { continue }
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      let verdicts: [Substring: MessageBook.Verdict] = ["good": .good, "bad": .bad, "unknown": .unreadable]
      guard parts.count == 2, let verdict = verdicts[parts[1]] else {
        throw UserError(
          "\(name), line \(index + 1): this is no label", fix: "Write the message, a tab, and good, bad or unknown")
      }
      let message = String(parts[0])
      guard !message.isEmpty else {
        throw UserError("\(name), line \(index + 1): the message is empty", fix: "Write it before the tab")
      }
      guard labels[message] == nil || labels[message] == verdict else {
        throw UserError("\(name), line \(index + 1): the message has another label in an earlier line", fix: "Keep one")
      }
      labels[message] = verdict
    }
    guard !labels.isEmpty else {
      throw UserError(
        "\(name): there is no label in it", fix: "Write the message, a tab, and good, bad or unknown in each line")
    }
    return labels
  }

  /// By the text.
  public static func == (a: LabelText, b: LabelText) -> Bool { a.text == b.text }
  /// By the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
