import Groundwork
import ReinforcementLearning

/// What a picture of the archive needs beside the archive: where each cell lies on the map, and on which page.
///
/// A place is the field `position`, or else the first one or two numbers of the cell. A page is a level of progress.
struct ArchivePicture {
  private let position: Field?
  private let level: Field?
  /// Numbers of the key that give the place where there is no `position`.
  private let keyAxes: Int

  var fields: [String] { [position, level].compactMap { $0?.name } }

  /// - Throws: `UserError` when the field of the levels does not exist.
  init(_ configuration: GoExploreConfiguration, _ specification: Specification, _ expression: CellExpression?)
    throws(UserError)
  {
    let position = specification.field("position")
    self.position = position.flatMap { $0.kind == .text || $0.count > 2 ? nil : $0 }
    keyAxes = min(2, expression?.count ?? 0)
    if configuration.level.isEmpty {
      level = specification.field("subgoals")
    } else {
      guard let field = specification.field(configuration.level), field.kind != .text else {
        let names = specification.fields.filter { $0.kind != .text }.map(\.name)
        throw UserError.unknown("field", configuration.level, among: names, hint: "agent.level is one of \(names.joined(separator: ", "))")
      }
      level = field
    }
  }

  /// Writes `positions` [cells, 2] and `levels` [cells]; of the cell of ended episodes zeros.
  func save(_ archive: Archive, _ states: SnapshotArena, to state: inout SavedState) {
    var positions: [Float] = [0, 0]
    var levels: [Int32] = [0]
    let row = UnsafeMutableRawPointer.allocate(byteCount: states.layout.rowBytes, alignment: 64)
    row.initializeMemory(as: UInt8.self, repeating: 0, count: states.layout.rowBytes)
    defer { row.deallocate() }
    let positionPlace = position.flatMap { states.layout.place($0.name) }
    let levelPlace = level.flatMap { states.layout.place($0.name) }
    for cell in 1..<max(1, archive.count) {
      states.observe(cell, into: row)
      for axis in 0..<2 {
        if let positionPlace {
          positions.append(axis < positionPlace.field.count ? Float(Rollout.read(row, positionPlace, at: axis)) : 0)
        } else {
          positions.append(axis < keyAxes ? Float(archive.table[cell][axis]) : 0)
        }
      }
      levels.append(levelPlace.map { CellReader.bin(Rollout.read(row, $0), 1) } ?? 0)
    }
    state.set("positions", positions, shape: [archive.count, 2])
    state.set("levels", levels)
    state.texts["positions"] = position?.name ?? ""
    state.texts["levels"] = level?.name ?? ""
  }
}
