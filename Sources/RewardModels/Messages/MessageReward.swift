public import Groundwork
public import LanguageModels
import RealModule
public import ReinforcementLearning

/// Pays for messages that a teacher calls helpful: 1 where a message first appears in an episode, 1 / 2^power at its
/// second time, and so on.
///
/// A message is judged once in a run, whatever it is paid how often. What is new waits in a bounded queue and is
/// asked about when the collection ends; the answer is taken in when `latency` more have ended, at steps that the
/// configuration determines, so that a resumed or repeated run takes the same answers in at the same steps. A message
/// that nobody has judged yet pays nothing; one whose answer cannot be read stays unknown, is counted, and is never
/// taken for a bad one.
///
/// **Configuration.** `messages(labels=scripted, goal=get through the doors)`.
///
/// **Component.** `messages`: 0...1.
///
/// Source: Zheng et al. 2024 (ONI, classification of messages with counts); Klissarov et al. 2023 (Motif).
public struct MessageReward: RewardModel {
  /// Who judges, by what goal, and how often a message is paid.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Who judges a message.
    public enum Labels: String, Codable, CaseIterable, Sendable {
      /// Words that go with the goal, with errors where they are asked for.
      case scripted
      /// A file of messages and what was said of them.
      case recorded
      /// The language model of `model`, by how much likelier it thinks `good` than `bad`.
      case model
      /// Nobody: every message is good, so that counts alone are left. A control.
      case count
      /// A coin for each message. A control.
      case random
    }

    /// Who judges.
    public var labels = Labels.scripted
    /// What the messages should lead to, in a sentence; of it scripted labels look for the words that they know.
    public var goal = "get through the doors and pick up what is wanted"
    /// The field of text that holds messages; empty for `event`, `messageText` or `message`, the first that is there.
    public var field = ""
    /// beta: a message that appears for the n-th time in an episode pays 1 / n^beta; 0...10.
    public var power = 3.0
    /// eta: how probable `good` must be for a message to pay, 0...1; of labels that are not probabilities any from
    /// above 0 does.
    public var threshold = 0.5
    /// The path of recorded labels, or their text: a line `message<tab>good`, `bad` or `unknown` each.
    public var file = LabelText()
    /// Collections that a question is out: the answer is taken in after so many more have ended, 1...1000; 0 for 50
    /// of a model, which is asked beside the training, and 1 of other labels.
    public var latency = 0
    /// Messages that may wait to be asked about, 1...65536; a new one that finds the queue full is asked about when it
    /// comes again.
    public var queue = 1024
    /// Messages that are asked about after a collection, at most, 1...65536.
    public var questions = 100
    /// Share of scripted labels that are the other way round, 0...1; the same message always has the same one.
    public var errorRate = 0.0
    /// Share of scripted answers that cannot be read, 0...1.
    public var unreadableRate = 0.0
    /// The language model of `labels=model`. Left as it is it is the one that the program grants, where there is one,
    /// else the one in this program, which knows nothing of games.
    public var model = LanguageModelSettings()

    /// Scripted labels for doors and things.
    public init() {}

    /// Collections that a question is out.
    var delay: Int { latency > 0 ? latency : labels == .model ? 50 : 1 }
  }

  private let configuration: Configuration
  private let field: String
  private var judge: MessageJudge
  private var book = MessageBook()
  /// Steps with a message since the last collection ended, and those of them whose message was judged.
  private var told = (all: 0, judged: 0)

  /// Knows no message yet.
  ///
  /// - Throws: `UserError` as `outline` does.
  public init(_ configuration: Configuration, in setting: RewardSetting) throws {
    self.configuration = configuration
    field = try MessageReward.field(configuration, in: setting.specification)
    judge = try MessageJudge(configuration, seed: setting.seed, model: setting.services.languageModel)
  }

  /// One component, `messages`, and the field of text; it depends on the episode so far.
  ///
  /// - Throws: `UserError` where the environment has no such text, a number is out of its range, a scripted goal has no
  ///   word that is known, recorded labels cannot be read, or no model can have such settings.
  public static func outline(_ c: Configuration, for specification: Specification) throws -> RewardOutline {
    let field = try field(c, in: specification)
    try Check.all([
      Check("messages.power", c.power, in: 0...10, fix: "messages(power=)"),
      Check("messages.threshold", c.threshold, in: 0...1, fix: "messages(threshold=)"),
      Check("messages.latency", c.latency, in: 0...1000, fix: "messages(latency=)"),
      Check("messages.queue", c.queue, in: 1...65_536, fix: "messages(queue=)"),
      Check("messages.questions", c.questions, in: 1...65_536, fix: "messages(questions=)"),
      Check("messages.errorRate", c.errorRate, in: 0...1, fix: "messages(errorRate=)"),
      Check("messages.unreadableRate", c.unreadableRate, in: 0...1, fix: "messages(unreadableRate=)"),
    ])
    // Under all labels, so that their ranges are shown; under others than a model's they are as they were.
    try c.model.check("messages.model.")
    try MessageReward.refuseIdle(c)
    if c.labels == .scripted { _ = try MessageJudge.words(of: c.goal) }
    if c.labels == .recorded { _ = try c.file.labels() }
    if c.labels == .model { _ = try c.model.make(path: "messages.model.") }
    let isSignal = specification.field(field)?.role == .signal
    return RewardOutline([RewardComponent("messages")], signals: isSignal ? [field] : [], relabels: false,
      awaitsAnswers: c.labels == .model)
  }

  /// Refuses settings that say nothing under these labels: whoever set them expects something of them.
  private static func refuseIdle(_ c: Configuration) throws(UserError) {
    let idle: [(setting: String, isSet: Bool, of: Configuration.Labels)] = [
      ("errorRate", c.errorRate != 0, .scripted), ("unreadableRate", c.unreadableRate != 0, .scripted),
      ("file", c.file != LabelText(), .recorded), ("model", c.model != LanguageModelSettings(), .model),
    ]
    for (setting, isSet, labels) in idle where isSet && c.labels != labels {
      throw UserError(
        "messages(\(setting)=) is of labels=\(labels.rawValue), and labels are \(c.labels.rawValue)",
        fix: "Leave it out, or write labels=\(labels.rawValue)")
    }
  }

  private static func field(_ c: Configuration, in specification: Specification) throws(UserError) -> String {
    let texts = specification.fields.filter { $0.kind == .text }.map(\.name)
    guard !texts.isEmpty else {
      throw UserError(
        "this environment has no field of text, so it has no messages",
        fix: "Use an environment that tells what happens: gridworld/... or nethack/...")
    }
    if c.field.isEmpty, let found = ["event", "messageText", "message"].first(where: { texts.contains($0) }) {
      return found
    }
    guard texts.contains(c.field) else {
      throw UserError.unknown(
        "field of text", c.field, among: texts, hint: "There are \(texts.joined(separator: ", ")): messages(field=...)")
    }
    return c.field
  }

  /// Notes each step's message in the order of steps and slots and pays by what is known of it.
  ///
  /// - Parameter scores: A view [steps, slots] for each rollout; component 0 is written.
  /// - Complexity: O(steps * slots), a look-up each; grows with messages that are new.
  public mutating func watch(_ rollouts: [Rollout], into scores: [RewardScores], workers: Workers) {
    book.begin(slots: rollouts.reduce(0) { $0 + $1.slots })
    var first = 0
    for (rollout, score) in zip(rollouts, scores) {
      let place = place(in: rollout.layout)
      let values = score[0]
      for time in 0..<rollout.steps {
        for slot in 0..<rollout.slots {
          let index = time * rollout.slots + slot
          let row = rollout.nextObservation(time: time, slot: slot)
          values[index] = 0
          if let number = book.note(row + place.offset, place.field.count, queue: configuration.queue) {
            let times = book.count(number, in: first + slot)
            values[index] = payment(number, times)
            told.judged += book.verdicts[number] == .good || book.verdicts[number] == .bad ? 1 : 0
          }
          if row.load(fromByteOffset: place.offset, as: UInt8.self) != 0 { told.all += 1 }
          if rollout.outcomes[index] != 0 { book.endEpisode(of: first + slot) }
        }
      }
      first += rollout.slots
    }
  }

  /// Pays episodes from their starts by what is known of their messages now, without noting any.
  ///
  /// - Parameter scores: [transitions]; component 0 is written.
  public func reward(of transitions: Transitions, into scores: RewardScores, workers: Workers) {
    let place = place(in: transitions.layout)
    let values = scores[0]
    var episodes = [Int](repeating: 0, count: transitions.count)
    var counts: [Int: [Int: Int]] = [:]
    for index in 0..<transitions.count {
      episodes[index] = transitions.previous(index).map { episodes[$0] } ?? index
      values[index] = 0
      guard let number = book.number(transitions.after(index) + place.offset, place.field.count) else { continue }
      let times = counts[episodes[index], default: [:]][number, default: 0] + 1
      counts[episodes[index], default: [:]][number] = times
      values[index] = payment(number, times)
    }
  }

  /// Takes in the answers that are due, and asks about what waits.
  ///
  /// - Throws: `UserError` when a model cannot be reached.
  public mutating func learn(
    from rollouts: [Rollout], random: inout RandomSource, workers: Workers
  ) throws -> [Metric] {
    if book.collections == 0 { try judge.prepare() }
    book.collections += 1
    for number in book.due(after: configuration.delay) {
      book.answer(number, try judge.answer(to: book.texts[number]))
    }
    let asked = book.ask(configuration.questions)
    judge.ask(asked.map { book.texts[$0] })
    let steps = rollouts.reduce(0) { $0 + $1.steps * $1.slots }
    defer { told = (0, 0) }
    return [
      Metric(.messagesKnown, Double(book.texts.count)), Metric(.messagesGood, Double(book.total(.good))),
      Metric(.messagesUnreadable, Double(book.total(.unreadable))),
      Metric(.messagesTurnedAway, Double(book.turnedAway)),
      Metric(.messagesAskedShare, Double(asked.count) / Double(max(1, steps))),
      Metric(.messagesJudgedShare, Double(told.judged) / Double(max(1, told.all))),
    ] + judge.metrics(book)
  }

  /// Refuses a model that can give no answer, as far as that can be known without asking.
  public func prepare() throws { try judge.prepare() }

  /// The model of `labels=model`.
  public var languageModel: (any LanguageModel)? { judge.languageModel }

  private func place(in layout: ObservationLayout) -> ObservationLayout.Place {
    guard let place = layout.place(field) else { preconditionFailure("the rows do not hold '\(field)'") }
    return place
  }

  private func payment(_ number: Int, _ times: Int) -> Float {
    guard book.verdicts[number] == .good else { return 0 }
    var divisor = 1.0
    if configuration.power == configuration.power.rounded() {
      for _ in 0..<Int(configuration.power) { divisor *= Double(times) }
      return Float(1 / divisor)
    }
    return Float(1 / Double.pow(Double(times), configuration.power))
  }

  /// Every message with what is known of it, counts of the running episodes, the number of the collection.
  public func save(to state: inout SavedState) { book.save(to: &state) }

  /// What was asked and not yet answered is asked again.
  ///
  /// - Throws: `UserError` when an array is missing or does not fit the others.
  public mutating func restore(from state: SavedState) throws {
    try book.restore(from: state)
    judge.ask(book.open.map { book.texts[$0] })
  }
}
