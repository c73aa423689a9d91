import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// What is to be compared, of what a person asked for: a new comparison, or one that gets more seeds, arms and
/// environments.
struct ComparisonPlanning {
  /// Remarks on reward designs, each once, in order.
  private(set) var remarks: [String] = []

  /// Every arm in every environment. Each cell is planned here, so that an unknown id or setting is refused before the
  /// first run begins.
  ///
  /// - Parameters:
  ///   - old: The comparison that is added to: its arms, environments and runs stay as they are.
  ///   - seeds: All of them, those that are there included.
  /// - Throws: `UserError` for what cannot be planned, or an arm or environment that is named twice.
  mutating func description(
    of request: ComparisonRequest, seeds: [UInt64], command: String, addingTo old: ComparisonDescription? = nil
  ) throws -> ComparisonDescription {
    let keys = Set(request.arms.flatMap { $0.settings ?? [] }.map { String($0.prefix { $0 != "=" }) }).sorted()
    let hasOneReward = Set(request.arms.map(\.reward)).count == 1
    let hasAgents = Set(request.arms.map(\.agent)).count > 1
    let (oldEnvironments, oldArms) = (old?.environments.count ?? 0, old?.arms.count ?? 0)
    var cells: [RunDescription] = []
    var names = old?.environments ?? []
    var arms = old?.arms ?? []
    for (row, environment) in request.environments.enumerated() {
      for (column, arm) in request.arms.enumerated() {
        if let old, row < oldEnvironments, column < oldArms {
          cells.append(old.cells[row * oldArms + column])
          continue
        }
        let plan = try Catalog.plan(
          request.configuration(environment: environment, arm: arm),
          assignments: (request.settings(ofEnvironment: row) + request.assignments + (arm.settings ?? [])).map {
            try SettingAssignment(parsing: $0)
          })
        var description = plan.description
        if let first = seeds.first { description.run.seed = first }
        if let old {
          try ComparisonPlanning.refuseChanged(
            description, beside: old, row: row < oldEnvironments ? row : nil, column: column < oldArms ? column : nil)
        }
        cells.append(description)
        for remark in plan.remarks where !remarks.contains(remark) { remarks.append(remark) }
        if row == 0 {
          let agent = hasAgents ? [arm.agent] : []
          if let settings = arm.settings {
            // What all arms have in common does not tell them apart.
            let design = hasOneReward ? [] : [plan.reward.text]
            arms.append((agent + design + [SettingSweep.label(settings, among: keys)]).joined(separator: ": "))
          } else {
            arms.append((agent + [plan.reward.text]).joined(separator: ": "))
          }
        }
      }
      if row >= oldEnvironments {
        names.append(try Catalog.environmentName(environment, id: cells[row * request.arms.count].environment.id))
      }
    }
    for (kind, names) in [("arm", arms), ("environment", names)] {
      if let place = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
        // Where one agent is named twice, the arms' names leave out what is twice.
        let twice = kind == "arm" && !hasAgents ? "\(request.arms[place].agent): \(names[place])" : names[place]
        let isThere = old.map { $0.arms.contains(names[place]) || $0.environments.contains(names[place]) } ?? false
        throw UserError(
          isThere ? "the \(kind) '\(twice)' is there already" : "the \(kind) '\(twice)' is named twice",
          fix: "Leave \(isThere ? "it" : "one of them") out")
      }
    }
    let width = arms.count
    try ComparisonPlanning.refuseTwins("arms", arms) { arm in
      stride(from: arm, to: cells.count, by: width).map { cells[$0] }
    }
    try ComparisonPlanning.refuseTwins("environments", names) { Array(cells[$0 * width..<($0 + 1) * width]) }
    var description = ComparisonDescription(
      command: command, arms: arms, environments: names, seeds: seeds, cells: cells, request: request)
    if let old { (description.forage, description.suite) = (old.forage, old.suite) }
    return description
  }

  /// Refuses to add to a comparison what is read of a file, or of a run, that says something else now than it did when
  /// the comparison was begun: arms would differ by more than their names tell.
  ///
  /// - Parameters:
  ///   - row: The environment's number in the old comparison; nil for one that is added.
  ///   - column: The arm's.
  private static func refuseChanged(
    _ new: RunDescription, beside old: ComparisonDescription, row: Int?, column: Int?
  ) throws(UserError) {
    func refusal(_ what: String) -> UserError {
      UserError(
        "\(what) is no longer what the comparison was begun with",
        fix: "Restore it, or begin a new comparison (--out)")
    }
    let width = old.arms.count
    if let row {
      var (there, here) = (old.cells[row * width].environment.configuration, new.environment.configuration)
      // What is shown of a task may differ between arms.
      (there["frameStack"], here["frameStack"]) = (nil, nil)
      if there != here { throw refusal("what '\(old.environments[row])' reads of a file") }
    }
    if let column {
      for (there, here) in zip(old.cells[column].reward.terms, new.reward.terms) where there.id == here.id {
        for key in ["digest", "file"] where there.configuration[key] != here.configuration[key] {
          throw refusal("the file of '\(here.id)' in the arm '\(old.arms[column])'")
        }
      }
    }
    for cell in old.cells {
      if let from = new.run.from, cell.run.from == from, cell.initial != new.initial {
        throw refusal("what '\(from)' has learnt")
      }
      if new.agent.id == cell.agent.id, let path = new.agent.configuration["demonstrations"],
        path == cell.agent.configuration["demonstrations"], new.demonstrations?.digest != cell.demonstrations?.digest
      {
        throw refusal("what \(path.text()) holds of demonstrations")
      }
    }
  }

  /// Refuses what differs in name alone: the same written in two ways, which would count twice, or a setting that was
  /// swept in vain since something else goes over it.
  private static func refuseTwins(
    _ kind: String, _ names: [String], cells: (Int) -> [RunDescription]
  ) throws(UserError) {
    func described(_ place: Int) -> [JSON] {
      // A design's text is what was typed; its terms are what it is, in whatever order.
      cells(place).map { cell in
        var cell = cell
        cell.reward.text = ""
        cell.reward.terms.sort { JSON(encoding: $0).text() < JSON(encoding: $1).text() }
        return JSON(encoding: cell)
      }
    }
    var seen: [[JSON]: String] = [:]
    for (place, name) in names.enumerated() {
      if let twin = seen.updateValue(name, forKey: described(place)) {
        throw UserError(
          "the \(kind) '\(twin)' and '\(name)' are the same",
          fix: "Leave one of them out; settings in parentheses go over --set")
      }
    }
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it stands first.
  func uniqued() -> [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
