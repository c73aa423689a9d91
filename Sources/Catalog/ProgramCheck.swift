import Experiments
import Groundwork
public import ReinforcementLearning
public import RewardPrograms

/// What a reward program does in an environment before anything is trained with it.
///
/// A program that pays the same in every step teaches nothing, one that ranks failures over successes teaches the
/// wrong thing: both are cheap to see (the second as in CARD, Sun et al. 2024).
public struct ProgramCheck: Sendable {
  /// How one component was paid in the random steps, its weight applied.
  public struct Component: Sendable {
    /// Without `reward.`.
    public var name: String
    /// What the program multiplies it by.
    public var weight: Double
    /// The least that a step was paid.
    public var lowest: Double
    /// The mean over the steps.
    public var mean: Double
    /// The most that a step was paid.
    public var highest: Double
    /// Share of the steps in which it was not 0.
    public var paid: Double

    init(_ component: CompiledProgram.Component, _ values: [Float]) {
      name = component.name
      weight = component.weight
      let weighted = values.map { Double($0) * component.weight }
      lowest = weighted.min() ?? 0
      highest = weighted.max() ?? 0
      mean = weighted.reduce(0, +) / Double(max(1, weighted.count))
      paid = Double(weighted.count { $0 != 0 }) / Double(max(1, weighted.count))
    }
  }

  /// What replays say: the program's discounted return of each, the sum of what step t is paid times `discount`^t.
  ///
  /// That is what an agent with this discount learns from, and of `shaping(...)` it leaves what the first state's
  /// potential says, and the last one's where an episode was cut off. A plain sum would add up what a potential below 0
  /// pays for waiting.
  public struct Ranking: Sendable {
    /// Replays that end in success.
    public var successes: Int
    /// Those that do not.
    public var failures: Int
    /// Replays of other environments, which were left out.
    public var others: Int
    /// Steps of both together.
    public var steps: Int
    /// Share of the pairs of a success and a failure in which the success was paid more; a tie, up to the rounding of
    /// single precision, is half of one.
    public var share: Double

    /// Replays of a kind below which a few chances decide: a run keeps three by itself.
    public static let fewReplays = 10
    /// Whether it rests on little.
    public var isThin: Bool { min(successes, failures) < Ranking.fewReplays }
  }

  /// The id of the environment.
  public var environment: String
  /// The program, as it reads that environment.
  public var program: CompiledProgram
  /// How many random steps were asked for.
  public var steps: Int
  /// In the program's order.
  public var components: [Component]
  /// Whether the sum of all components, weights applied, was the same in every step.
  public var isConstant: Bool
  /// Nil without replays.
  public var ranking: Ranking?
  /// Whether a component has another weight than 0; otherwise the weights are why it is constant.
  public var pays: Bool { components.contains { $0.weight != 0 } }
  /// What to do where it does not pay.
  public static let weightAdvice = "Give a component a weight other than 0"

  /// What `discount` and `shaping(...)` mean in random play and in replays, and what replays are discounted by: PPO's
  /// default.
  public static let discount = 0.99

  /// Tries a program.
  ///
  /// - Parameters:
  ///   - path: The program's file.
  ///   - replays: A directory of replays, or a run's; nil for none.
  /// - Throws: `UserError` when the file cannot be read or is no program of that environment, a step's payment is not
  ///   finite, or the replays are not both successes and failures of that environment.
  public init(path: String, in recipe: EnvironmentRecipe, replays: String? = nil) throws {
    let text = try Files.readText(path, as: .program)
    try self.init(text: text, name: "'\(path)'", in: recipe)
    if let replays { ranking = try ProgramCheck.rank(text, recipe, replays) }
  }

  /// Tries a program's text on random play; see `init(path:in:replays:)`.
  ///
  /// - Parameter name: What errors call it.
  public init(text: String, name: String, in recipe: EnvironmentRecipe) throws {
    program = try CompiledProgram(
      RewardProgram(parsing: text, name: name), for: recipe.specification, discount: ProgramCheck.discount)
    environment = recipe.id
    let workers = Workers(count: 1)
    let seed = RandomSource.seed(1, purpose: .programCheck, index: 0)
    let collector = try Collector(
      recipe: recipe, slots: 4, batches: 1, steps: 250, signals: program.signals, recording: .none, seed: seed)
    var policies = [UniformPolicy(recipe.specification)]
    _ = try collector.collect(&policies, workers: workers)
    let transitions = Transitions(collector.rollouts[0])
    steps = transitions.count
    let scores = RewardScores(components: program.components.count, count: steps)
    try program.evaluate(transitions, into: scores, workers: workers)
    let count = program.components.count
    components = program.components.enumerated().map { Component($1, Array(scores[$0])) }
    scores.weigh(by: program.components.map { RewardComponent($0.name, weight: $0.weight) }, into: scores)
    let sums = (0..<transitions.count).map { step in (0..<count).reduce(Float(0)) { $0 + scores[$1][step] } }
    guard sums.allSatisfy(\.isFinite) else {
      throw UserError(
        "\(name): the sum of all components is not a finite number in one of the steps",
        fix: "Write smaller ones: single precision ends at 3.4e38")
    }
    isConstant = sums.allSatisfy { $0 == sums[0] }
  }

  /// What a replay was paid.
  private struct Payment {
    /// Its discounted return.
    var sum = 0.0
    /// The same of the payments without their signs: what rounding is measured by.
    var size = 0.0

    init(_ replay: Replay) {
      for component in replay.components {
        var factor = 1.0
        for value in component.values {
          sum += factor * Double(value)
          size += factor * abs(Double(value))
          factor *= ProgramCheck.discount
        }
      }
    }

    /// Whether rounding alone may part them: shaping that is written out is rounded otherwise than `shaping(...)`.
    func ties(_ other: Payment) -> Bool { abs(sum - other.sum) <= 1e-5 * max(size, other.size) }
  }

  private static func rank(_ text: String, _ recipe: EnvironmentRecipe, _ path: String) throws -> Ranking {
    let all = try replays(below: path)
    let own = all.filter { $0.environment == recipe.id }
    var (successes, failures): ([Payment], [Payment]) = ([], [])
    for replay in own {
      let played = try Catalog.recipe(of: replay)
      let listing = try RewardDesignRecipe.listing("program", among: Catalog.rewards)
      let program = try listing.recipe(
        changes: ["file": .string(text + "\n"), "discount": .number(discount)], for: played.specification)
      let design = try RewardDesignRecipe(text: "program", terms: [.init(weight: 1, recipe: program)])
        .makeDesign(for: played, seed: 1)
      let scored = try Replay(of: played, seed: replay.seed, actions: replay.actions, scoredBy: design, origin: [:])
      let payment = Payment(scored)
      if scored.success { successes.append(payment) } else { failures.append(payment) }
    }
    guard !successes.isEmpty, !failures.isEmpty else {
      throw UserError(
        "'\(path)' holds \(successes.count) successes and \(failures.count) failures of \(recipe.id), "
          + "so nothing can be ranked",
        fix: "Name replays of both, for example of a run that is half trained")
    }
    var share = 0.0
    for success in successes {
      for failure in failures { share += success.ties(failure) ? 0.5 : success.sum > failure.sum ? 1 : 0 }
    }
    return Ranking(
      successes: successes.count, failures: failures.count, others: all.count - own.count,
      steps: own.reduce(0) { $0 + $1.length },
      share: share / Double(successes.count * failures.count))
  }

  /// The most replays that are ranked.
  private static let mostReplays = 10_000

  /// The replays of a file, a directory, a run or the runs in a directory, failures too, each file once.
  private static func replays(below path: String) throws -> [Replay] {
    guard Files.exists(path) else { throw UserError("'\(path)' does not exist", fix: "Name a directory of replays") }
    guard Files.isDirectory(path) else { return [try Replay(reading: path)] }
    var known: Set<Files.Identity> = []
    // A link to a replay beside it would give it the weight of two; of one that leads nowhere the reader complains.
    let files = ReplayFiles.groups(below: path).joined().filter { file in
      Files.identity(file).map { known.insert($0).inserted } ?? true
    }
    try SizeLimit.check("'\(path)' holds", files.count, "replays", most: mostReplays, fix: "Name a part of them")
    return try files.map { try Replay(reading: $0) }
  }
}
