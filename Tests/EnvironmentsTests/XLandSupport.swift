@testable import Environments
@testable import XLandEnvironments
import Groundwork
import ReinforcementLearning

/// The three things of the pictures: a, b and what rules make.
let redBall = XLand.Cell(.ball, .red)
let blueKey = XLand.Cell(.key, .blue)
let greenStar = XLand.Cell(.star, .green)

extension XLand {
  private static let legend: [(Character, Cell)] = [
    (".", .floor), ("#", .wall), ("a", redBall), ("b", blueKey), ("c", greenStar), ("G", Cell(.goal, .green)),
    ("L", Cell(.lockedDoor, .blue)), ("+", Cell(.closedDoor, .blue)), ("'", Cell(.openDoor, .blue)),
  ]
  private static let arrows: [Character] = ["^", ">", "v", "<"]

  /// A room with that inside, in which nothing is drawn; the agent stands on floor.
  init(_ picture: [String], _ rules: [Rule] = [], goal: Goal = Goal(.none), carried: Cell = .empty, trials: Int = 1) {
    var configuration = Configuration(layout: .R1, size: picture.count + 2)
    configuration.ruleset = Ruleset(goal: goal, rules: rules)
    configuration.trials = trials
    self.init(plan: Plan(configuration))
    self.carried = carried
    for (row, line) in picture.enumerated() {
      for (column, character) in line.enumerated() {
        if let direction = XLand.arrows.firstIndex(of: character) {
          position = (row + 1, column + 1)
          self.direction = direction
        } else {
          self[row + 1, column + 1] = XLand.legend.first { $0.0 == character }!.1
        }
      }
    }
  }

  /// What lies inside the room and where the agent looks.
  var picture: [String] {
    (1..<size - 1).map { row in
      String(
        (1..<size - 1).map { column in
          if position == (row, column) { return XLand.arrows[direction] }
          return XLand.legend.first { $0.1 == self[row, column] }?.0 ?? "?"
        })
    }
  }

  /// A field's bytes.
  func bytes(_ name: String) -> [UInt8] {
    let specification = XLand.specification(of: plan)
    let rollout = Rollout(
      specification: specification, signals: specification.signals.map(\.name), slots: 1, steps: 1)
    var row = rollout.row(time: 0, slot: 0)
    observe(into: &row)
    let place = rollout.layout.place(name)!
    return Array(
      UnsafeRawBufferPointer(
        start: rollout.observation(time: 0, slot: 0) + place.offset, count: place.field.count * place.field.element.size
      ))
  }

  /// A field of one whole number.
  func number(_ name: String) -> Int {
    Int(bytes(name).reversed().reduce(Int32(0)) { $0 << 8 | Int32($1) })
  }

  func text(_ name: String) -> String { String(decoding: bytes(name).prefix { $0 != 0 }, as: UTF8.self) }
}
