import Groundwork
import RealModule

/// A language model that needs nothing: it continues a text by the lines before, and knows nothing else.
///
/// The next token is predicted from the earlier lines that follow a line of the same kind and begin alike. Where they
/// disagree, rules compete: copy what followed the same text; copy a number of the lines before, or a sum of two, with
/// the change that it had in other examples; go by one field of the example, or by two together, and leave the others
/// out of account; go by the example that is nearest in one number, or by which of two numbers is larger. Every rule is
/// judged by how well it predicts each earlier example from the others, and all of them vote with the probability that
/// this gives them: a mixture of experts over fields, as in prediction by partial matching over contexts.
///
/// It is no model of language: it answers nothing that the prompt does not show examples of, and what is not cut into
/// lines of a few kinds is only copied. What it says depends on the prompt, the sampling and its seed alone.
///
/// - Complexity: O(bytes of the prompt), and for each token that examples disagree on O(rules x examples); some ten to
///   some hundred microseconds a line.
public struct EmbeddedLanguageModel: LanguageModel {
  /// What results call it; the number changes with what it predicts, and another seed than 0 is another model.
  public var name: String { seed == 0 ? "embedded-1" : "embedded-1 seed \(seed)" }
  /// The stream of all that it draws; the sampling's own seed counts beside it.
  public let seed: UInt64
  private let cache = LineCache()

  /// A model that draws by that seed.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// Continues every prompt until a stop, or until nothing before is like what comes next.
  ///
  /// - Throws: `UserError` for a grammar.
  public func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion] {
    guard sampling.grammar == nil else {
      throw UserError("the embedded language model follows no grammar", fix: "Ask a server (model.backEnd=http)")
    }
    return prompts.map { complete($0, sampling) }
  }

  private func complete(_ prompt: String, _ sampling: Sampling) -> Completion {
    var continuation = Continuation(cache.lines(of: prompt))
    var draws = TextHash.add(sampling.seed, to: TextHash.add(seed, to: continuation.promptHash))
    var text = ""
    var logProbability = 0.0
    var count = 0
    let longestStop = sampling.stops.map(\.utf8.count).max() ?? 0
    while count < sampling.maximumTokens {
      let options = continuation.next()
      guard !options.isEmpty else { break }
      draws = TextHash.add(0x5851_f42d_4c95_7f2d, to: draws)
      let chosen = choose(options, sampling.temperature, StableDigest.of("\(draws)"))
      count += 1
      logProbability += .log(options[chosen].probability)
      let token = options[chosen].token
      text += token.text
      // Only what the last token may have completed is looked at.
      let seen = text.utf8.count - token.text.utf8.count - longestStop
      let tail = text.utf8.index(text.startIndex, offsetBy: max(0, seen))
      if let stop = TextToken.firstStop(sampling.stops, in: text[tail...]) {
        return Completion(
          String(text[..<stop]), logProbability: logProbability, promptTokens: continuation.promptTokens,
          answerTokens: count)
      }
      continuation.append(token)
    }
    return Completion(
      text, logProbability: logProbability, promptTokens: continuation.promptTokens, answerTokens: count,
      isCut: count == sampling.maximumTokens)
  }

  private func choose(_ options: [Continuation.Option], _ temperature: Double, _ draw: UInt64) -> Int {
    var best = 0
    for index in options.indices where options[index].probability > options[best].probability { best = index }
    guard temperature > 0, options.count > 1 else { return best }
    let top = options[best].probability
    let weights = options.map { Double.exp(.log($0.probability / top) / temperature) }
    var rest = Double(draw >> 11) * 0x1p-53 * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return best
  }

  /// The sum of the log-probabilities of an option's tokens; one that no earlier line suggests costs
  /// `Continuation.surprise`.
  public func score(_ prompt: String, options: [String]) throws -> [Double] {
    let lines = cache.lines(of: prompt)
    return options.map { option in
      var continuation = Continuation(lines)
      var sum = 0.0
      for token in TextToken.tokens(of: ArraySlice(Array(option.utf8))) {
        let options = continuation.next()
        let found = options.first { $0.token.hash == token.hash }
        sum += found.map { max(.log($0.probability), Continuation.surprise) } ?? Continuation.surprise
        continuation.append(token)
      }
      return sum
    }
  }
}

extension TextToken {
  /// Where the first of the stops begins.
  static func firstStop(_ stops: [String], in text: Substring) -> String.Index? {
    stops.compactMap { stop in stop.isEmpty ? nil : text.firstRange(of: stop)?.lowerBound }.min()
  }
}
