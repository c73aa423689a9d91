import Groundwork
import RealModule

/// A language model for tests: rules instead of a network, with knobs for what goes wrong with real ones.
///
/// What it says depends on the prompt, the sampling and its seed alone, not on the order of calls or on threads.
public struct ScriptedLanguageModel: LanguageModel {
  /// What is answered to prompts that contain a text.
  public struct Rule: Sendable {
    /// A part of the prompt, matched as it stands.
    public var pattern: String
    /// One is drawn; the first at temperature 0.
    public var answers: [String]

    /// - Precondition: There is at least one answer.
    public init(_ pattern: String, _ answers: String...) {
      precondition(!answers.isEmpty, "a rule has an answer")
      self.pattern = pattern
      self.answers = answers
    }
  }

  /// What results call it.
  public let name: String
  /// The first whose pattern the prompt contains counts.
  public var rules: [Rule]
  /// The answer to everything else.
  public var otherwise: String
  /// The share of prompts that are answered with the answer of another rule; of scores, those that favour another
  /// option.
  public var errorRate = 0.0
  /// The share of scores in which all options are equal.
  public var tieRate = 0.0
  /// The share of prompts that are answered with text that nobody can read.
  public var garbleRate = 0.0
  /// The share of calls that fail.
  public var failureRate = 0.0
  /// The stream of all that is drawn; the sampling's own seed counts beside it.
  public var seed: UInt64

  /// A model that never errs; the rates are set on the value.
  public init(_ name: String = "script", rules: [Rule], otherwise: String = "", seed: UInt64 = 0) {
    self.name = name
    self.rules = rules
    self.otherwise = otherwise
    self.seed = seed
  }

  /// Answers each prompt by the first rule that fits, with the errors that the rates ask for; a word counts as
  /// a token.
  ///
  /// - Throws: `UserError` for the share of calls that `failureRate` says.
  public func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion] {
    let key = "\(sampling.seed) \(sampling.temperature)"
    guard draw("fail", key + prompts.joined(separator: "\u{0}")) >= failureRate else {
      throw UserError.languageModel(name, failed: "the script says so")
    }
    return prompts.map { prompt in
      var text = answer(to: prompt, key: key, isSampled: sampling.temperature > 0)
      if draw("garble", key + prompt) < garbleRate { text = "\u{FFFD} as a model I " + String(text.reversed()) }
      for stop in sampling.stops where !stop.isEmpty {
        text = text.split(separator: stop, omittingEmptySubsequences: false).first.map(String.init) ?? ""
      }
      // A word counts as a token.
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      let isCut = words.count > sampling.maximumTokens
      if isCut { text = words.prefix(sampling.maximumTokens).joined(separator: " ") }
      return Completion(
        text, promptTokens: prompt.split(separator: " ").count, answerTokens: min(words.count, sampling.maximumTokens),
        isCut: isCut)
    }
  }

  /// Nine tenths for the option that the rules answer, the rest shared out to the others.
  public func score(_ prompt: String, options: [String]) throws -> [Double] {
    guard draw("fail", prompt) >= failureRate else { throw UserError.languageModel(name, failed: "the script says so") }
    let count = Double(options.count)
    guard draw("tie", prompt) >= tieRate,
      var best = options.firstIndex(of: answer(to: prompt, key: "", isSampled: false)),
      options.count > 1
    else { return options.map { _ in -Double.log(count) } }
    if draw("favour", prompt) < errorRate {
      best = (best + 1 + Int(draw("which", prompt) * (count - 1))) % options.count
    }
    return options.indices.map { $0 == best ? .log(0.9) : .log(0.1 / (count - 1)) }
  }

  /// The answer before stops and garbling; the key tells samplings apart, an empty one is a score's.
  private func answer(to prompt: String, key: String, isSampled: Bool) -> String {
    var rule = rules.firstIndex { prompt.contains($0.pattern) }
    // Scores have their own errors: an answer there is an option.
    if !key.isEmpty, rules.count > 1, let right = rule, draw("err", key + prompt) < errorRate {
      rule = (right + 1 + Int(draw("other", key + prompt) * Double(rules.count - 1))) % rules.count
    }
    guard let rule else { return otherwise }
    let answers = rules[rule].answers
    return isSampled ? answers[Int(draw("answer", key + prompt) * Double(answers.count))] : answers[0]
  }

  /// A number in 0..<1 for a purpose and a text.
  private func draw(_ purpose: String, _ text: String) -> Double {
    Double(StableDigest.of("\(seed) \(purpose) \(text)") >> 11) * 0x1p-53
  }
}
