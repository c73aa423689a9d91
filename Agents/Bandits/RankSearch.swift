public import Groundwork
public import ReinforcementLearning
import RealModule

/// How a policy is searched for by rankings.
public struct RankSearchConfiguration: Codable, Hashable, Sendable {
  /// The descent's settings.
  public var descent = RankSearchConfiguration.descent
  /// Episodes of every policy that is ranked, by the sum of their returns, at least 1.
  public var episodes = 2
  /// Steps that an episode may have where the environment sets no limit, at least 1.
  public var longest = 10_000

  private static var descent: RankedDescent.Settings {
    var settings = RankedDescent.Settings()
    settings.radius = 0.1
    return settings
  }

  /// Ten policies a query, two episodes each.
  public init() {}
}

/// Policy search by rankings alone: ZO-RankSGD over the weights of a linear policy. It is told which policies did
/// better, in order, and never what they got.
///
/// Numbered actions are the largest of one linear function an action of all numbers that the policy sees; vectors are
/// linear functions cut to their limits.
///
/// Source: Tang, Rybin and Chang 2024, "Zeroth-order optimization meets human feedback".
public final class RankSearch: Agent {
  /// See `RankSearchConfiguration`.
  public typealias Configuration = RankSearchConfiguration

  private let configuration: Configuration
  private let setting: AgentSetting
  private var search: RankedDescent
  private var random: RandomSource
  private var generation: UInt64 = 0

  /// One player; the environment's own reward is what policies are ranked by.
  public static func requirements(_ configuration: Configuration) -> Requirements {
    Requirements(rewards: .environment)
  }

  /// - Throws: `UserError` for a number outside its range, or an observation without numbers.
  public init(_ configuration: Configuration, in setting: AgentSetting) throws {
    let d = configuration.descent
    try Check.all([
      Check("agent.descent.points", d.points, in: 2...1000),
      Check("agent.descent.ranked", d.ranked, in: 1...max(1, d.points)),
      Check("agent.descent.radius", d.radius, in: 1e-9...1e6),
      Check("agent.descent.lengths", d.lengths, in: 1...64),
      Check("agent.descent.firstLength", d.firstLength, in: 1e-9...1e6),
      Check("agent.episodes", configuration.episodes, in: 1...1000),
      Check("agent.longest", configuration.longest, in: 1...1_000_000),
    ])
    let width = LinearPolicy.inputs(setting.specification)
    guard width > 0 else {
      throw UserError("there are no numbers to see", fix: "Use an environment with numeric fields")
    }
    try SizeLimit.check(
      "a linear policy has", (width + 1) * setting.specification.actions.count, "weights", most: 100_000,
      fix: "Use an environment with a smaller observation")
    self.configuration = configuration
    self.setting = setting
    search = RankedDescent(
      d, at: Array(repeating: 0, count: (width + 1) * setting.specification.actions.count))
    random = RandomSource(seed: setting.seed, purpose: .learning, index: 0)
  }

  /// Steps of the descent until the budget is spent.
  public func train(in session: TrainingSession) throws {
    while !session.isFinished {
      var episodes: [EpisodeRecord] = []
      var steps = 0
      try search.step(random: &random) { points, count in
        let records = try play(points, workers: session.workers)
        episodes += records
        steps += records.reduce(0) { $0 + $1.length }
        let each = configuration.episodes
        let scores = points.indices.map { point in
          records[point * each..<(point + 1) * each].reduce(0) { $0 + $1.environmentReturn }
        }
        // What the oracle says is the order; equal ones in the order in which they were asked about.
        return Array(points.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(count))
      }
      session.count(steps: steps, episodes: episodes)
      try session.endIteration(of: self, metrics: [])
    }
  }

  /// Episodes of every point, by point; all points have the same seeds.
  private func play(_ points: [[Double]], workers: Workers) throws -> [EpisodeRecord] {
    generation += 1
    let each = configuration.episodes
    let slots = points.count * each
    let batch = setting.recipe.makeBatch(slots: slots, seed: setting.seed)
    batch.recording = .actions
    let rollout = batch.makeRollout(steps: 64)
    var policy = LinearPolicy(setting.specification, weights: (0..<slots).map { points[$0 / each] })
    batch.reset(rollout)
    for slot in 0..<slots {
      batch.start(
        slot: slot,
        seed: RandomSource.mixed(setting.seed, generation, UInt64(slot % each)))
    }
    batch.observe(rollout)
    var records = [EpisodeRecord?](repeating: nil, count: slots)
    var unused = RandomSource(seed: 0)
    var steps = 0
    while records.contains(where: { $0 == nil }) && steps < configuration.longest {
      for time in 0..<rollout.steps {
        policy.act(on: rollout, at: time, in: batch.view, random: &unused)
        batch.step(rollout, at: time)
      }
      steps += rollout.steps
      for record in batch.absorb(rollout) where records[record.slot] == nil { records[record.slot] = record }
      rollout.carry()
    }
    guard !records.contains(where: { $0 == nil }) else {
      throw UserError(
        "an episode is longer than \(configuration.longest) steps", fix: "Allow more (--set agent.longest=)")
    }
    return records.map { $0! }
  }

  /// The policy where the search stands.
  public func makePolicy(slots: Int, choice: ActionChoice) throws -> any Policy {
    LinearPolicy(setting.specification, weights: Array(repeating: search.point, count: slots))
  }

  /// Saves where the search stands, its stream and how often it has played.
  public func save(to state: inout SavedState) {
    state.set("point", search.point)
    state.set("direction", search.direction)
    state.set("reach", [search.reach])
    state.set("queries", [Int64(search.queries)])
    state.set("random", random.words)
    state.set("generation", [generation])
  }

  /// Puts the search where it was saved.
  ///
  /// - Throws: `UserError` when the state is of another policy.
  public func restore(from state: SavedState) throws {
    let count = search.point.count
    search = RankedDescent(
      configuration.descent, at: try state.get("point", count: count),
      direction: try state.get("direction", count: count),
      reach: try state.get("reach", as: Double.self, count: 1)[0],
      queries: Int(try state.get("queries", as: Int64.self, count: 1)[0]))
    random = try RandomSource(words: try state.get("random", count: 5))
    generation = try state.get("generation", as: UInt64.self, count: 1)[0]
  }
}

/// Linear functions of what is seen, with weights of its own for every slot.
struct LinearPolicy: Policy {
  private let actions: ActionSpecification
  private let fields: [String]
  private let weights: [[Double]]
  private var inputs: [Double]

  /// The numbers that a policy sees.
  static func inputs(_ specification: Specification) -> Int {
    specification.policyFields.filter { $0.kind != .text }.reduce(0) { $0 + $1.count }
  }

  init(_ specification: Specification, weights: [[Double]]) {
    actions = specification.actions
    fields = specification.policyFields.filter { $0.kind != .text }.map(\.name)
    self.weights = weights
    inputs = Array(repeating: 1, count: LinearPolicy.inputs(specification) + 1)
  }

  mutating func act(on rollout: Rollout, at time: Int, in batch: BatchView, random: inout RandomSource) {
    let places = fields.map { rollout.layout.place($0)! }
    for slot in 0..<rollout.slots {
      let row = rollout.observation(time: time, slot: slot)
      var next = 0
      for place in places {
        for element in 0..<place.field.count {
          inputs[next] = Rollout.read(row, place, at: element)
          next += 1
        }
      }
      let own = weights[slot]
      func value(_ output: Int) -> Double {
        var sum = 0.0
        for input in inputs.indices { sum += own[output * inputs.count + input] * inputs[input] }
        return sum
      }
      let place = time * rollout.slots + slot
      switch actions {
      case .discrete(let names):
        var (best, top) = (0, -Double.infinity)
        for action in names.indices {
          guard rollout.mask(time: time, slot: slot)?[action] ?? true else { continue }
          let value = value(action)
          if value > top { (best, top) = (action, value) }
        }
        rollout.actions.discrete[place] = Int32(best)
      case .continuous(let low, let high):
        for element in low.indices {
          rollout.actions.continuous[place * low.count + element] = min(
            high[element], max(low[element], Float(value(element))))
        }
      }
    }
  }
}
