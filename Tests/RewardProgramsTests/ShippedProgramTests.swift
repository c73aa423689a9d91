import Foundation
import Groundwork
import ReinforcementLearning
import RewardPrograms
import Testing

@testable import Catalog

/// The programs that ship, as a newcomer uses them.
@Suite("Reward programs: those that ship") struct ShippedProgramTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("examples/rewards").path

  /// File and environment; those of families that are not installed are left out.
  static let programs = [
    ("doorkey", "gridworld/DoorKey-8x8"), ("keycorridor", "gridworld/KeyCorridorS3R3"),
    ("pendulum", "control/Pendulum"), ("staircase", "nethack/Staircase"), ("reach", "metaworld/reach-v3"),
  ].filter { program in Catalog.environments.contains { $0.id == program.1 } }

  @Test("each passes its check, and its text says how it is used", arguments: programs)
  func check(name: String, id: String) throws {
    let path = "\(ShippedProgramTests.folder)/\(name).reward"
    let check = try ProgramCheck(path: path, in: Catalog.recipe(id))
    #expect(!check.isConstant && check.steps == 1000)
    #expect(check.components.contains { $0.paid > 0.05 })
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("program(file=examples/rewards/\(name).reward)"))
    #expect(text.contains("otential-based"))
  }

  @Test("every file is checked here")
  func all() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: ShippedProgramTests.folder)
    #expect(files.sorted() == ["doorkey", "keycorridor", "pendulum", "reach", "staircase"].map { $0 + ".reward" })
  }

  @Test(
    "a way there and back adds up to nothing but its time, where time has a price",
    arguments: programs.filter { $0.0 == "doorkey" || $0.0 == "keycorridor" })
  func telescopes(name: String, id: String) throws {
    let steps = try ProgramSteps(id, steps: 400, slots: 2)
    let text = try String(contentsOfFile: "\(ShippedProgramTests.folder)/\(name).reward", encoding: .utf8)
    let values = try steps.values(of: text)
    let names = try steps.compile(text).components.map(\.name)
    // The sum over steps between two visits of one state is 0: the same row, byte for byte.
    let rollout = steps.rollout
    var found = 0
    for slot in 0..<rollout.slots {
      var seen: [[UInt8]: [Float]] = [:]
      var sums = [Float](repeating: 0, count: values.count)
      for time in 0..<rollout.steps {
        func bytes(_ row: UnsafeRawPointer) -> [UInt8] {
          // All but the event, which is of the step before, and the cells that were stood on.
          ["image", "direction", "position", "carried", "openDoors", "distance"].flatMap { name in
            let place = rollout.layout.place(name)!
            let count = place.field.count * place.field.element.size
            return Array(UnsafeRawBufferPointer(start: row + place.offset, count: count))
          }
        }
        let key = bytes(rollout.observation(time: time, slot: slot))
        if let before = seen[key] {
          found += 1
          for component in values.indices where names[component] != "time" {
            #expect(abs(sums[component] - before[component]) < 1e-4)
          }
        } else {
          seen[key] = sums
        }
        for component in values.indices { sums[component] += values[component][time * rollout.slots + slot] }
        if rollout.outcome(time: time, slot: slot) != .running { seen = [:] }
      }
    }
    #expect(found > 100)
  }

  @Test("the claims' programs are those of the files", arguments: ["doorkey", "keycorridor", "pendulum"])
  func claims(name: String) throws {
    let text = try String(contentsOfFile: "\(ShippedProgramTests.folder)/\(name).reward", encoding: .utf8)
    let programs = [
      "doorkey": Claims.doorKeyProgram, "keycorridor": Claims.keyCorridorProgram, "pendulum": Claims.pendulumProgram,
    ]
    let embedded = try #require(programs[name])
    #expect(
      text.split(separator: "\n").filter { !$0.hasPrefix("#") } == embedded.split(separator: "\n"))
  }
}
