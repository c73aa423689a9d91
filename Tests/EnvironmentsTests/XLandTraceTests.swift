@testable import Environments
@testable import XLandEnvironments
import Groundwork
import ReinforcementLearning
import Testing

/// The recordings of xminigrid 0.9.3 in `Fixtures/xminigrid-0.9.3.jsonl.gz`, written by the script beside it.
@Suite("XLand plays as XLand-MiniGrid does") struct XLandTraceTests {
  private static func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)!
    }
  }

  private static func cell(_ tile: Int, _ color: Int) -> XLand.Cell {
    XLand.Cell(bits: UInt16(tile) | UInt16(color) << 8)
  }

  private static func numbers(_ document: JSON?) -> [Int] { document?.array?.compactMap(\.integer) ?? [] }

  @Test("grids, agents, hands, goals, rewards and views of 400 episodes are those of xminigrid 0.9.3")
  func recordings() throws {
    let text = String(decoding: try Gzip.read(Fixture.path("Fixtures/xminigrid-0.9.3.jsonl.gz")), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 400)
    var fired = [Int](repeating: 0, count: 12)
    var reached = [Int](repeating: 0, count: 15)
    for (number, line) in lines.enumerated() {
      let document = try JSON(parsing: String(line), name: "the recording")
      let ruleset = try XLand.Ruleset(
        ["goal": document["goal"]!, "rules": document["rules"]!], name: "recording \(number)")
      var configuration = XLand.Configuration(layout: .R1, size: 7)
      configuration.ruleset = ruleset
      #expect(configuration.trialLimit == document["limit"]?.integer)
      var world = try XLand(configuration: configuration)
      var grid = Self.bytes(document["grid"]!.string!)
      for place in 0..<49 {
        world[place / 7, place % 7] = Self.cell(Int(grid[2 * place]), Int(grid[2 * place + 1]))
      }
      let agent = Self.numbers(document["agent"])
      world.position = (agent[0], agent[1])
      world.direction = agent[2]
      world.carried = Self.cell(agent[3], agent[4])
      for (index, step) in document["steps"]!.array!.enumerated() {
        let parts = step.array!
        let before = world.rulesTriggered
        let transition = world.step(XLand.Action(rawValue: UInt8(parts[0].integer!))!)
        let place: Comment = "recording \(number), step \(index)"
        for change in parts[1].array! {
          let change = Self.numbers(change)
          grid[2 * (change[0] * 7 + change[1])] = UInt8(change[2])
          grid[2 * (change[0] * 7 + change[1]) + 1] = UInt8(change[3])
        }
        let found = (0..<49).flatMap { [world[$0 / 7, $0 % 7].tileCode, world[$0 / 7, $0 % 7].colorCode] }
        #expect(found == grid, place)
        let after = Self.numbers(parts[2])
        #expect([world.position.row, world.position.column, world.direction] == Array(after[..<3]), place)
        #expect(world.carried == Self.cell(after[3], after[4]), place)
        #expect(transition.success == (parts[3].integer == 1), place)
        #expect(abs(Double(transition.reward) - parts[4].double!) < 1e-6, place)
        #expect(world.bytes("image") == Self.bytes(parts[5].string!), place)
        reached[Int(ruleset.goal.kind.code)] += transition.success ? 1 : 0
        if world.rulesTriggered > before { fired[Int(ruleset.rules[Int(world.lastRule)].kind.code)] += 1 }
      }
    }
    // The recordings would prove little if little happened in them.
    #expect(fired.dropFirst().allSatisfy { $0 >= 3 }, "rules that fired, by number: \(fired)")
    #expect(reached.dropFirst().allSatisfy { $0 >= 1 }, "goals that were reached, by number: \(reached)")
  }
}
