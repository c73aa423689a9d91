import Groundwork
public import ReinforcementLearning

/// One program that a designer wrote and what came of it: `attempt.json`. Its presence means that it is done.
public struct DesignAttempt: Codable, Hashable, Sendable {
  /// One component of the program.
  public struct Component: Codable, Hashable, Sendable {
    /// Without `reward.`.
    public var name: String
    /// The least that a step of random play was paid, the weight applied.
    public var lowest: Double
    /// The mean over the steps of random play.
    public var mean: Double
    /// The most that a step of random play was paid.
    public var highest: Double
    /// Share of the steps of random play in which it was not 0.
    public var paid: Double
    /// Its sum over an episode of training, at the evaluations: the mean of the latest episodes. Evaluations before the
    /// first episode ended are left out.
    public var training: [Double]

    /// What random play was paid; training comes later.
    public init(name: String, lowest: Double, mean: Double, highest: Double, paid: Double) {
      self.name = name
      self.lowest = lowest
      self.mean = mean
      self.highest = highest
      self.paid = paid
      training = []
    }
  }

  /// An evaluation during the training.
  public struct Point: Codable, Hashable, Sendable {
    /// Environment steps of training before it.
    public var step: Int
    /// The mean of what the task is judged by.
    public var mean: Double

    /// A point of a curve.
    public init(step: Int, mean: Double) {
      self.step = step
      self.mean = mean
    }
  }

  /// The format's version.
  public static let version = 2

  /// The version of the format that it was read from or will be written in.
  public var version = DesignAttempt.version
  /// The version of the program that wrote it.
  public var forage = Program.version
  /// A digest of the search and of the answer that it is made of; empty until it is kept.
  public internal(set) var origin = ""
  /// From 1.
  public var iteration: Int
  /// Its number in the iteration, from 1.
  public var candidate: Int
  /// What was made of the answer; nil where there was none in it.
  public var program: String?
  /// Why it was not trained with; nil where it was.
  public var refusal: String?
  /// In the program's order.
  public var components: [Component] = []
  /// What the task is judged by, during training.
  public var curve: [Point] = []
  /// The attempt that had the same program before, whose training counts; nil for none.
  public var sameAs: String?

  /// An attempt that nothing came of yet.
  public init(iteration: Int, candidate: Int) {
    self.iteration = iteration
    self.candidate = candidate
  }

  /// How people call it: `2-3` is the third of the second iteration.
  public var name: String { "\(iteration)-\(candidate)" }

  /// The mean of the evaluations during training; nil where it was not trained with.
  public var score: Double? {
    curve.isEmpty || refusal != nil ? nil : DesignAttempt.mean(of: curve)
  }

  /// The mean of the evaluations of a curve; 0 where there are none.
  public static func mean(of curve: [Point]) -> Double {
    curve.reduce(0) { $0 + $1.mean } / Double(max(1, curve.count))
  }
}

/// What a designer read and wrote, as its server counts it.
public struct DesignTokens: Codable, Hashable, Sendable {
  /// Of the prompts.
  public var prompts: Int
  /// Of the answers.
  public var answers: Int

  /// Those of a prompt and its answer, or of several; none where nobody counted.
  public init(prompts: Int = 0, answers: Int = 0) { (self.prompts, self.answers) = (prompts, answers) }

  /// Those of two together.
  public static func + (a: DesignTokens, b: DesignTokens) -> DesignTokens {
    DesignTokens(prompts: a.prompts + b.prompts, answers: a.answers + b.answers)
  }
}

/// What a search came to: `result.json`.
public struct DesignResult: Codable, Sendable {
  /// The winner's training with a seed that it was not chosen on.
  public struct Confirmation: Codable, Hashable, Sendable {
    /// The seed after the search's.
    public var seed: UInt64
    /// The mean of the evaluations during training.
    public var score: Double
    /// The mean of what the task is judged by, after training.
    public var final: Double

    /// What the second training came to.
    public init(seed: UInt64, score: Double, final: Double) {
      self.seed = seed
      self.score = score
      self.final = final
    }
  }

  /// What was asked for.
  public var design: DesignDescription
  /// What the task is judged by.
  public var measure: Measure
  /// Every one, in order.
  public var attempts: [DesignAttempt]
  /// The number in `attempts` of the best; nil where none was trained with.
  public var winner: Int?
  /// Nil without a winner.
  public var confirmation: Confirmation?
  /// What the designer read and wrote for the answers that are kept, whether a server or a recording gave them; nil
  /// where nobody counted.
  public var tokens: DesignTokens?
  /// What they cost where a server answers, by the prices in the designer's settings; nil where there are none.
  public var cost: Double?

  /// What was searched, before the winner is confirmed.
  public init(design: DesignDescription, measure: Measure, attempts: [DesignAttempt]) {
    self.design = design
    self.measure = measure
    self.attempts = attempts
    winner = DesignResult.best(attempts, by: measure)
  }

  /// The number of the attempt with the best score, of equal ones the first.
  public static func best(_ attempts: [DesignAttempt], by measure: Measure) -> Int? {
    var best: (place: Int, score: Double)?
    for (place, attempt) in attempts.enumerated() {
      guard let score = attempt.score else { continue }
      if let held = best, measure.direction == .higher ? score <= held.score : score >= held.score { continue }
      best = (place, score)
    }
    return best?.place
  }

  /// The attempts that are as good as the winner and came later.
  public var ties: [DesignAttempt] {
    guard let winner else { return [] }
    return attempts[(winner + 1)...].filter { $0.score == attempts[winner].score }
  }

  /// How far the winner was chosen among equals, as a clause; nil where it is the best alone.
  public var tieText: String? {
    let ties = ties
    guard !ties.isEmpty else { return nil }
    let same = ties.count { $0.program == attempts[winner ?? 0].program }
    let others = ties.count == 1 ? "\(ties[0].name) is as good" : "\(ties.count) later ones are as good"
    return same == ties.count ? "\(others), by the same program" : "\(others): the first is taken"
  }

  /// The document of `result.json`, which `--json` prints.
  public var document: String { SealedDocument.text(of: self) }
}
