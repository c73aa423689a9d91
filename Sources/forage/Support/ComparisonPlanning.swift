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
    let assignments = try request.assignments.map { try SettingAssignment(parsing: $0) }
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
          request.configuration(environment: environment, arm: arm), assignments: assignments)
        var description = plan.description
        if let first = seeds.first { description.run.seed = first }
        cells.append(description)
        for remark in plan.reward.remarks where !remarks.contains(remark) { remarks.append(remark) }
        if row == 0 { arms.append(hasAgents ? "\(arm.agent): \(plan.reward.text)" : plan.reward.text) }
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
    var description = ComparisonDescription(
      command: command, arms: arms, environments: names, seeds: seeds, cells: cells, request: request)
    if let old { description.forage = old.forage }
    return description
  }
}
