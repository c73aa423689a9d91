import RealModule

/// A question of two things, asked in both orders.
public struct OrderedAnswer: Hashable, Sendable {
  /// How probable it is that the first is the answer: the mean over both orders, 0 to 1.
  public var probability: Double
  /// Whether both orders name the same one; where not, the place decided and not the thing.
  public var agrees: Bool

  /// An answer of that probability.
  public init(probability: Double, agrees: Bool) {
    self.probability = probability
    self.agrees = agrees
  }
}

extension LanguageModel {
  /// Asks which of two things is meant, once in each order: small models name a place more often than a thing.
  ///
  /// - Parameters:
  ///   - prompt: The question with the things in the order in which they are given.
  ///   - options: What stands for the thing in the first place and in the second, for example " A" and " B".
  /// - Throws: What `score` throws.
  public func scoreInBothOrders<Thing>(
    _ first: Thing, _ second: Thing, options: (String, String), prompt: (Thing, Thing) -> String
  ) throws -> OrderedAnswer {
    func firstPlace(_ a: Thing, _ b: Thing) throws -> Double {
      let scores = try score(prompt(a, b), options: [options.0, options.1])
      guard scores[0] != scores[1] else { return 0.5 }
      return 1 / (1 + Double.exp(scores[1] - scores[0]))
    }
    let forth = try firstPlace(first, second)
    let back = 1 - (try firstPlace(second, first))
    return OrderedAnswer(probability: (forth + back) / 2, agrees: (forth > 0.5) == (back > 0.5) && forth != 0.5)
  }
}
