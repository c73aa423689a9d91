import Groundwork
import ReinforcementLearning

/// What a goal is in one environment: the cell's numbers, where they are read, and how they are shown to the network.
///
/// Rows of its specification hold the environment's policy fields, then the goal, then the signals that the cell reads.
/// The environment writes only its own fields, which keep their numbers.
struct GoalSpace {
  let expression: CellExpression
  let encoder: GoalEncoder
  let reader: CellReader
  /// Words of a key.
  let keyWidth: Int
  /// The goal's fields.
  let fields: [Field]
  /// The environment's specification with the goal's fields.
  let specification: Specification
  /// What the cell reads beside the policy's fields.
  let signals: [String]
  let layout: ObservationLayout
  /// Bytes of a row before the goal.
  let rowBytes: Int

  /// - Throws: `UserError` for a cell that cannot be, or is not declared.
  init(_ configuration: PolicyGoExploreConfiguration, _ specification: Specification) throws(UserError) {
    expression =
      configuration.cell.isEmpty
      ? try CellExpression(declaredBy: specification, id: "this environment")
      : try CellExpression(parsing: configuration.cell, specification: specification)
    var encoder = GoalEncoder(expression, specification, input: configuration.goalInput)
    let extended = encoder.extend(specification)
    let signals = expression.fields.filter { specification.field($0)!.role == .signal }
    let layout = ObservationLayout(extended, signals: signals)
    encoder.place(in: layout)
    self.encoder = encoder
    self.specification = extended
    fields = Array(extended.fields.dropFirst(specification.fields.count))
    self.signals = signals
    self.layout = layout
    reader = CellReader(expression, layout: layout)
    keyWidth = expression.count
    rowBytes = encoder.environmentBytes(in: layout)
  }
}
