import Groundwork
import LanguageModels
import ReinforcementLearning

/// What is asked of a language model, or of steps from exactly the same state, and what is read of the answers.
struct Imagination {
  /// How much was asked, for the metrics.
  struct Count {
    var queries = 0
    var unreadable = 0
    var promptTokens = 0
    var answerTokens = 0
  }

  let prompts: Prompts
  /// Nil where steps are matched.
  let model: (any LanguageModel)?
  private(set) var count = Count()
  /// Prompts that one question draws until none of them was asked before.
  private static let mostShuffles = 5

  private var configuration: InContextConfiguration { prompts.configuration }
  private var rules: TextRules { prompts.rules }

  init(_ prompts: Prompts, model: (any LanguageModel)?) {
    self.prompts = prompts
    self.model = model
  }

  /// A state and an action in it.
  struct Step {
    var state: TextRules.State
    var action: Int
  }

  /// Whether each step ends its episode; nil where nobody can say.
  mutating func ends(_ steps: [Step], random: inout RandomSource) throws -> [Bool?] {
    guard model != nil else { return steps.map { latest($0)?.isDone } }
    return try ask(
      steps.count, stop: "\n", random: &random,
      prompt: { prompts, index, random in
        prompts.world(.end, steps[index].state, action: steps[index].action, random: &random)
      }, read: { Imagination.end(in: $0) })
  }

  /// The reward of each step, whose end is known; nil where nobody can say.
  mutating func rewards(_ steps: [Step], ends: [Bool], random: inout RandomSource) throws -> [Float?] {
    guard model != nil else { return steps.map { latest($0)?.reward } }
    return try ask(
      steps.count, stop: rules.rewardStop, random: &random,
      prompt: { prompts, index, random in
        prompts.world(
          .reward(isDone: ends[index]), steps[index].state, action: steps[index].action, random: &random)
      }, read: { Imagination.reward(in: $0) })
  }

  /// The state that each step leads to; nil where nobody can say.
  mutating func nextStates(_ steps: [Step], random: inout RandomSource) throws -> [TextRules.State?] {
    guard model != nil else { return steps.map { latest($0)?.next } }
    let rules = rules
    return try ask(
      steps.count, stop: "\n", random: &random,
      prompt: { prompts, index, random in
        prompts.world(.next, steps[index].state, action: steps[index].action, random: &random)
      }, read: { rules.state(ofLine: $0) })
  }

  /// What the policy of the recent episodes does in each state; nil where nobody can say.
  mutating func actions(_ states: [TextRules.State], random: inout RandomSource) throws -> [Int?] {
    guard model != nil else {
      return states.map { state in
        prompts.memory.recent.reversed().lazy.compactMap { $0.last { $0.state == state } }.first?.action
      }
    }
    let firstLines = rules.actions.map { String($0.prefix { $0 != "\n" }) }
    return try ask(
      states.count, stop: "\n", random: &random,
      prompt: { prompts, index, random in prompts.policy(states[index], random: &random) },
      read: { firstLines.firstIndex(of: $0) })
  }

  /// The latest step from exactly that state with that action.
  private func latest(_ step: Step) -> TextStep? {
    prompts.memory.episodes.reversed().lazy.compactMap { episode in
      episode.last { $0.action == step.action && $0.state == step.state }
    }.first
  }

  /// Whether a text says that the episode ended, or that it did not; nil where it says neither.
  static func end(in text: String) -> Bool? {
    // As the examples say it, without their line's end.
    [true, false].first { text.contains(TextRules.line(ofEnd: $0).dropLast()) }
  }

  /// The number after `reward == `; nil where there is none, or one that nothing can be added to.
  static func reward(in text: String) -> Float? {
    guard let start = text.firstRange(of: "reward == ")?.upperBound else { return nil }
    return Float(text[start...].prefix { !$0.isWhitespace }).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Asks for every element, and again with other examples where the answer cannot be read.
  private mutating func ask<Answer>(
    _ elements: Int, stop: String, random: inout RandomSource,
    prompt: (Prompts, Int, inout RandomSource) -> String, read: (String) -> Answer?
  ) throws -> [Answer?] {
    guard let model else { preconditionFailure("there is no model to ask") }
    var answers = [Answer?](repeating: nil, count: elements)
    var asked = [Set<String>](repeating: [], count: elements)
    var waiting = Array(0..<elements)
    var sampling = Sampling()
    sampling.temperature = configuration.temperature
    sampling.maximumTokens = configuration.answerTokens
    sampling.stops = [stop]
    for attempt in 0..<configuration.attempts where !waiting.isEmpty {
      // The same prompt asked again is drawn anew.
      sampling.seed = UInt64(attempt)
      var texts: [String] = []
      for index in waiting {
        var text = prompt(prompts, index, &random)
        var shuffles = 1
        while asked[index].contains(text), shuffles < Imagination.mostShuffles {
          text = prompt(prompts, index, &random)
          shuffles += 1
        }
        asked[index].insert(text)
        texts.append(text)
      }
      let completions = try model.complete(texts, sampling)
      guard completions.count == texts.count else {
        throw UserError.languageModel(
          model.name, failed: "it answered \(completions.count) of \(texts.count) prompts")
      }
      for (index, completion) in zip(waiting, completions) {
        count.queries += 1
        count.promptTokens += completion.promptTokens
        count.answerTokens += completion.answerTokens
        answers[index] = completion.isCut ? nil : read(completion.text)
        if answers[index] == nil { count.unreadable += 1 }
      }
      waiting.removeAll { answers[$0] != nil }
    }
    return answers
  }
}
