public import Groundwork

/// A declared benchmark: tasks, reward designs, agents, seeds and budgets in a YAML file, `suites/NAME.yaml`.
///
///     summary: one line                      # for `forage list suites`
///     tasks:                                 # ids, or mappings
///       - control/CartPole
///       - {environment: control/Pendulum, steps: 300k, scale: [-1500, -150], set: {environment.timeLimit: 100}}
///     rewards: [environment]                 # default: the environment's own
///     agents: [ppo, 'ppo(epochs=8)']         # default: ppo
///     seeds: 10                              # 1 to 1000, default 5
///     firstSeed: 101                         # default 1
///     steps: 200k                            # of tasks that name none; default: the run's
///     set: {run.evaluations: 10}             # settings of all runs; those of a task go over them
///
/// Every refusal names the file, the line and the key.
public struct Suite: Sendable, Hashable {
  /// One environment with its budget.
  public struct Task: Sendable, Hashable {
    /// As `--env` takes it.
    public var environment: String
    /// Its own budget; nil for the suite's.
    public var steps: Int?
    /// The values of what it is judged by that score 0 and 1; nil for those that the measure declares.
    public var scale: [Double]?
    /// Each as `--set` takes it.
    public var settings: [String] = []
  }

  /// The file's name without `.yaml`.
  public let name: String
  /// Where it was read from.
  public let path: String
  /// A digest of the file's bytes.
  public let digest: String
  /// One line; empty where the file has none.
  public private(set) var summary = ""
  /// At least one.
  public private(set) var tasks: [Task] = []
  /// As `--reward` takes them; empty for the environment's own.
  public private(set) var rewards: [String] = []
  /// As `--agent` takes them; empty for the default.
  public private(set) var agents: [String] = []
  /// Nil for the usual number.
  public private(set) var seeds: Int?
  /// Nil for the usual one.
  public private(set) var firstSeed: UInt64?
  /// Nil for the run's default.
  public private(set) var steps: Int?
  /// Of all runs, each as `--set` takes it.
  public private(set) var settings: [String] = []
  /// By path: `tasks.0.steps`.
  private let lines: [String: Int]

  /// The most tasks.
  public static let mostTasks = 64

  /// Reads a suite.
  ///
  /// - Throws: `UserError` with file, line and key for what is no suite.
  public init(reading path: String) throws(UserError) {
    let text = try Files.readText(path, as: .configuration)
    digest = ByteDigest(text.utf8).description
    self.path = path
    let file = String(path.split(separator: "/").last ?? "")
    name = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
    let document: JSON
    (document, lines) = try YAML.located(text, name: "'\(path)'")
    try read(document)
  }

  /// An error that names the file, the line and the key which caused it.
  ///
  /// - Parameter key: A path in the document.
  public func refusal(at key: String, _ reason: String, fix: String) -> UserError {
    var place = key
    // A default has no line; its mapping has.
    while lines[place] == nil, let dot = place.lastIndex(of: ".") { place = String(place[..<dot]) }
    let line = lines[place].map { ", line \($0)" } ?? ""
    return UserError("'\(path)'\(line), \(key.isEmpty ? "the file" : key): \(reason)", fix: fix)
  }

  /// Adds file, line and key to an error that they caused.
  public func locating<Result>(_ key: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as UserError {
      throw refusal(at: key, error.reason, fix: error.fix)
    }
  }

  // MARK: Reading

  private static let keys = ["summary", "tasks", "rewards", "agents", "seeds", "firstSeed", "steps", "set"]
  private static let taskKeys = ["environment", "steps", "scale", "set"]

  private mutating func read(_ document: JSON) throws(UserError) {
    let members = try mapping(document, "", keys: Suite.keys)
    summary = try text(members["summary"], "summary") ?? ""
    rewards = try texts(members["rewards"], "rewards")
    agents = try texts(members["agents"], "agents")
    seeds = try whole(members["seeds"], "seeds", in: 1...1000)
    firstSeed = try whole(members["firstSeed"], "firstSeed", in: 0...(Int.max - 1000)).map { UInt64($0) }
    steps = try stepCount(members["steps"], "steps")
    settings = try self.settings(members["set"], "set")
    guard let list = members["tasks"]?.array, !list.isEmpty else {
      throw refusal(at: "tasks", "a suite has a list of tasks", fix: "Write tasks: [control/CartPole]")
    }
    guard list.count <= Suite.mostTasks else {
      throw refusal(at: "tasks", "there are \(list.count) tasks", fix: "Use at most \(Suite.mostTasks)")
    }
    try refuseTwice(agents, "agents")
    try refuseTwice(rewards, "rewards")
    for (number, entry) in list.enumerated() {
      let key = "tasks.\(number)"
      if let id = entry.string {
        tasks.append(Task(environment: id))
      } else {
        let members = try mapping(entry, key, keys: Suite.taskKeys)
        guard let environment = try text(members["environment"], key + ".environment") else {
          throw refusal(at: key, "a task has an environment", fix: "Write {environment: control/CartPole}")
        }
        tasks.append(
          Task(
            environment: environment, steps: try stepCount(members["steps"], key + ".steps"),
            scale: try scale(members["scale"], key + ".scale"),
            settings: try self.settings(members["set"], key + ".set")))
      }
      let environment = tasks[number].environment
      if tasks[..<number].contains(where: { $0.environment == environment }) {
        throw refusal(
          at: key, "there is a task '\(environment)' already",
          fix: "Leave one out, or tell them apart by settings in the name: "
            + "'\(environment.prefix { $0 != "(" })(timeLimit=50)'")
      }
    }
  }

  /// - Throws: `UserError` for what a list has twice.
  private func refuseTwice(_ list: [String], _ key: String) throws(UserError) {
    guard let place = list.indices.first(where: { list[..<$0].contains(list[$0]) }) else { return }
    throw refusal(at: "\(key).\(place)", "'\(list[place])' is there already", fix: "Leave one of them out")
  }

  private func mapping(_ value: JSON, _ key: String, keys: [String]) throws(UserError) -> [String: JSON] {
    guard let members = value.object else {
      throw refusal(at: key, "it is not a mapping", fix: "Its keys are \(keys.joined(separator: ", "))")
    }
    for name in members.keys.sorted() where !keys.contains(name) {
      let unknown = UserError.unknown(
        "key", name, among: keys, hint: "Those that there are: \(keys.joined(separator: ", "))")
      throw refusal(at: key.isEmpty ? name : "\(key).\(name)", unknown.reason, fix: unknown.fix)
    }
    return members
  }

  private func text(_ value: JSON?, _ key: String) throws(UserError) -> String? {
    guard let value else { return nil }
    guard let text = value.string else { throw refusal(at: key, "\(value.text()) is not a text", fix: "Write a text") }
    return text
  }

  private func texts(_ value: JSON?, _ key: String) throws(UserError) -> [String] {
    guard let value else { return [] }
    guard let list = value.array, !list.isEmpty else {
      throw refusal(at: key, "\(value.text()) is not a list of texts", fix: "Write \(key): [..., ...]")
    }
    var texts: [String] = []
    for (number, element) in list.enumerated() { texts.append(try text(element, "\(key).\(number)")!) }
    return texts
  }

  private func whole(_ value: JSON?, _ key: String, in range: ClosedRange<Int>) throws(UserError) -> Int? {
    guard let value else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw refusal(
        at: key, "\(value.text()) is not what it may be",
        fix: "Use a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func stepCount(_ value: JSON?, _ key: String) throws(UserError) -> Int? {
    guard let value else { return nil }
    do {
      return try StepCount(parsing: value.string ?? value.text()).value
    } catch {
      throw refusal(at: key, error.reason, fix: error.fix)
    }
  }

  private func scale(_ value: JSON?, _ key: String) throws(UserError) -> [Double]? {
    guard let value else { return nil }
    let ends = value.array?.compactMap(\.double) ?? []
    guard ends.count == 2, value.array?.count == 2, ends.allSatisfy(\.isFinite), ends[0] != ends[1] else {
      throw refusal(
        at: key, "\(value.text()) are not the values that score 0 and 1", fix: "Write two numbers: [-1500, -150]")
    }
    return ends
  }

  /// A mapping of keys to values, as texts of `--set`.
  private func settings(_ value: JSON?, _ key: String) throws(UserError) -> [String] {
    guard let value else { return [] }
    guard let members = value.object else {
      throw refusal(at: key, "\(value.text()) is not a mapping", fix: "Write {agent.epochs: 4}")
    }
    return members.keys.sorted().map { "\($0)=\(members[$0]!.string ?? members[$0]!.text())" }
  }
}

/// The suite that a comparison is of, as `comparison.json` records it.
public struct SuiteRecord: Codable, Hashable, Sendable {
  /// The suite's name.
  public var name: String
  /// Of the file's bytes when the comparison was begun.
  public var digest: String
  /// What was said on the command line in place of what the suite declares, or was added later: `--seeds 2`.
  public var changes: [String]
  /// By task the values that score 0 and 1; nil for a measure's own.
  public var scales: [[Double]?]
  /// How many seeds it declares, and from which on; nil in files that do not say so.
  public var seeds: Int?
  /// The first of them.
  public var firstSeed: UInt64?

  /// A suite with changes.
  public init(_ suite: Suite, changes: [String], seeds: Int, firstSeed: UInt64) {
    name = suite.name
    digest = suite.digest
    self.changes = changes
    scales = suite.tasks.map(\.scale)
    self.seeds = seeds
    self.firstSeed = firstSeed
  }

  /// Takes in what was added to the comparison, which has those seeds now.
  public mutating func add(_ more: [String], seeds all: [UInt64]) {
    func isOfSeeds(_ change: String) -> Bool { change.hasPrefix("--seeds ") || change.hasPrefix("--first-seed ") }
    guard let seeds, let firstSeed, let first = all.min() else { return changes += more }
    changes = (changes + more).filter { !isOfSeeds($0) }
    if all.count != seeds { changes.append("--seeds \(all.count)") }
    if first != firstSeed { changes.append("--first-seed \(first)") }
  }

  /// What a report says.
  public var note: String {
    let origin = "Suite \(name) (digest \(digest.prefix(8)))"
    return changes.isEmpty
      ? "\(origin), as it is declared."
      : "\(origin), not as it is declared: \(changes.joined(separator: ", "))."
  }
}
