public import Groundwork

/// How a completion is drawn.
public struct Sampling: Codable, Hashable, Sendable {
  /// 0 for the most probable text.
  public var temperature = 1.0
  /// Tokens of an answer, at most.
  public var maximumTokens = 256
  /// Texts that end an answer and are left out of it.
  public var stops: [String] = []
  /// The stream of what is drawn, as far as the back end lets one be chosen.
  public var seed: UInt64 = 0
  /// What an answer must be, in llama.cpp's notation (GBNF); nil for anything. Only servers of llama.cpp's kind follow
  /// one: the embedded model refuses it, others do as they do.
  public var grammar: String?

  /// Temperature 1, 256 tokens, no stops, stream 0.
  public init() {}
}

/// One answer.
public struct Completion: Codable, Hashable, Sendable {
  /// What was answered, without the stop that ended it.
  public var text: String
  /// The sum of its tokens' log-probabilities, in nats; nil where the back end does not say.
  public var logProbability: Double?
  /// Tokens of the prompt, as the back end counts them; 0 where it does not, or says what cannot be: less than 0, or
  /// more than 2^32.
  public let promptTokens: Int
  /// Tokens of the answer, the same.
  public let answerTokens: Int
  /// Whether it was cut at `maximumTokens`.
  public var isCut: Bool

  /// An answer; back ends that do not count leave the tokens at 0.
  public init(
    _ text: String, logProbability: Double? = nil, promptTokens: Int = 0, answerTokens: Int = 0, isCut: Bool = false
  ) {
    self.text = text
    self.logProbability = logProbability
    self.promptTokens = Completion.counted(promptTokens) ?? 0
    self.answerTokens = Completion.counted(answerTokens) ?? 0
    self.isCut = isCut
  }

  /// A count of tokens that is believed: 0 to 2^32; nil for what is none.
  static func counted(_ tokens: Int?) -> Int? { tokens.flatMap { (0...1 << 32).contains($0) ? $0 : nil } }

  /// One that was recorded.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try fields.decode(String.self, forKey: .text),
      logProbability: try fields.decodeIfPresent(Double.self, forKey: .logProbability),
      promptTokens: try fields.decode(Int.self, forKey: .promptTokens),
      answerTokens: try fields.decode(Int.self, forKey: .answerTokens),
      isCut: try fields.decode(Bool.self, forKey: .isCut))
  }
}

/// What a server was asked and answered.
public struct LanguageModelUsage: Hashable, Sendable {
  /// Requests that were answered, those included whose answers tell their tokens and cannot be used.
  public var requests = 0
  /// Attempts that failed and were repeated.
  public var retries = 0
  /// Tokens of prompts, as the server counts them.
  public var promptTokens = 0
  /// Tokens of answers, as the server counts them.
  public var answerTokens = 0
  /// Answers that did not say how many tokens they and their prompts have, or said what cannot be: what is not known of
  /// them is in no sum.
  public var uncounted = 0
  /// What the tokens cost, by the prices in the model's settings.
  public var cost = 0.0

  /// Nothing.
  public init() {}

  /// What two servers were asked and answered.
  public static func + (a: LanguageModelUsage, b: LanguageModelUsage) -> LanguageModelUsage {
    var sum = a
    sum.requests += b.requests
    sum.retries += b.retries
    sum.promptTokens += b.promptTokens
    sum.answerTokens += b.answerTokens
    sum.uncounted += b.uncounted
    sum.cost += b.cost
    return sum
  }

  /// For a person, in a line; nil where nothing was asked.
  public var line: String? {
    guard requests > 0 else { return nil }
    // Answers of small models cost less than a cent's hundredth.
    let price = cost > 0 ? ", \((cost * 1e6).rounded() / 1e6) by the prices in the settings" : ""
    let known =
      uncounted < requests || promptTokens + answerTokens > 0
      ? ": \(promptTokens) tokens of prompts, \(answerTokens) of answers\(price)" : ""
    let unknown = uncounted > 0 ? "; \(uncounted) of \(requests) answers did not say how many tokens" : ""
    return "the language model's server answered \(requests) requests\(known)\(unknown)"
  }
}

/// Completes texts and says how probable texts are; calls block until there is an answer.
///
/// A back end need not give the same answer twice, and may be slow. **A run that learns from answers, or acts by them,
/// takes them in at recorded steps**: what was answered is kept with the step at which it was asked and the step from
/// which it counts (`LabelStore`, or a cache of completions), and a resumed or repeated run reads it there instead of
/// asking again. Only so does it end on the same bits.
public protocol LanguageModel: Sendable {
  /// What results call it: the model's name and version.
  var name: String { get }

  /// Refuses a model that can give no answer, as far as that can be known without asking: called before anything is
  /// begun with it.
  ///
  /// - Throws: `UserError` with what is missing.
  func prepare() throws

  /// What somebody else has answered for it in this program, and is paid for; answers out of a recording are not.
  var usage: LanguageModelUsage { get }

  /// How many calls it has use for at once, by as many threads.
  var concurrency: Int { get }

  /// Completes every prompt; the answers are in the prompts' order.
  ///
  /// - Throws: `UserError` when the model cannot be reached or refuses, `StopRequested` when a signal came meanwhile.
  func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion]

  /// The same, for who keeps answers: they may be paid for, and those that came before an error are not lost.
  ///
  /// - Parameters:
  ///   - repetitions: How often each prompt came before in the call that these are the rest of: copies of a prompt that
  ///     are not kept are not to be those that are.
  ///   - whenAnswered: Told of each answer with the number of its prompt, as it comes; called by one thread at a time.
  func complete(
    _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
  ) throws -> [Completion]

  /// The log-probability, in nats, of each option as the continuation of a prompt; not normalised over the options.
  /// A server that tells only the likeliest gives for others the most that they can have: equal scores say nothing.
  ///
  /// - Throws: `UserError` when the model cannot be reached or does not say, `StopRequested` when a signal came.
  func score(_ prompt: String, options: [String]) throws -> [Double]
}

/// A model that tells of each answer as it comes: the plain call is the same with nobody to tell.
public protocol StreamingLanguageModel: LanguageModel {
  /// See `LanguageModel`; here it is what is written.
  func complete(
    _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
  ) throws -> [Completion]
}

extension StreamingLanguageModel {
  /// All of a call, told to nobody.
  public func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion] {
    try complete(prompts, sampling, repetitions: prompts.repetitions, whenAnswered: { _, _ in })
  }
}

extension LanguageModel {
  /// Nothing is known beforehand.
  public func prepare() throws {}
  /// One call at a time: it works on this machine, which has other things to do.
  public var concurrency: Int { 1 }
  /// Nobody else is asked.
  public var usage: LanguageModelUsage { LanguageModelUsage() }

  /// All of them once all are there, as if the call had no more.
  public func complete(
    _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
  ) throws -> [Completion] {
    let answers = try complete(prompts, sampling)
    for (number, answer) in answers.enumerated() { whenAnswered(number, answer) }
    return answers
  }
}

extension UserError {
  /// A model that gave no answer.
  public static func languageModel(_ name: String, failed reason: String) -> UserError {
    UserError(
      "the language model '\(name)' gave no answer: \(reason)",
      fix: "See whether it runs and can be reached, then resume")
  }

  /// An answer that cannot be read.
  public static func languageModel(_ name: String, answered text: String, expected: String) -> UserError {
    let shown = text.count > 60 ? text.prefix(60) + "..." : text[...]
    return UserError(
      "the language model '\(name)' answered '\(shown)' where \(expected) was expected",
      fix: "Ask more strictly, or allow more attempts")
  }
}

extension [String] {
  /// How often each stands among those before it: the numbers of equal prompts of one call.
  public var repetitions: [Int] {
    var counts: [String: Int] = [:]
    return map { text in
      defer { counts[text, default: 0] += 1 }
      return counts[text, default: 0]
    }
  }
}
