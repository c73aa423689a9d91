#if MuJoCo
  import Foundation
  import Groundwork
  import ReinforcementLearning
  import Testing

  @testable import ManipulationEnvironments

  @Suite("Recordings of Fetch", .needsModels, .serialized) struct FetchTraceTests {
    /// A recording of one step in `FetchReach-v4`, as the library would tell it.
    private static func recording() throws -> [String: JSON] {
      var configuration = FetchConfiguration()
      configuration.name = "Reach"
      var environment = Fetch(plan: try FetchPlan(configuration))
      environment.reset(seed: 3)
      func array(_ numbers: [Double]) -> JSON { .array(numbers.map { .number($0) }) }
      func place(_ vector: Vector) -> JSON { array([vector.x, vector.y, vector.z]) }
      let reset: JSON = [
        "observation": array(environment.view), "achieved_goal": place(environment.achieved),
        "desired_goal": place(environment.goal),
      ]
      let action = [0.5, -0.25, 1, 0]
      let transition = environment.step(VectorAction(recorded: action))
      return [
        "id": "FetchReach-v4", "seed": 3, "reset": reset,
        "steps": [
          "action": [array(action)], "observation": [array(environment.view)],
          "achieved_goal": [place(environment.achieved)], "reward": array([Double(transition.reward)]),
          "is_success": array([transition.success ? 1 : 0]),
        ],
      ]
    }

    /// Where the recording parts from what is stepped again.
    private static func difference(_ episode: [String: JSON]) throws -> String? {
      let path = FileManager.default.temporaryDirectory.appendingPathComponent("fetch-\(UUID().uuidString).jsonl").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let text = "{\"kind\": \"fetch-traces\"}\n" + JSON.object(episode).text() + "\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try FetchTrace.verifier.verify(try TraceFile(reading: path)).episodes[0].difference
    }

    @Test("every place of a start is compared: the hand's, the goal's, and what is achieved")
    func starts() throws {
      let episode = try Self.recording()
      #expect(try Self.difference(episode) == nil)
      for name in ["observation", "achieved_goal", "desired_goal"] {
        var altered = episode
        var numbers = try #require(episode["reset"]?[name]?.array)
        numbers[1] = 9
        altered["reset"]![name] = .array(numbers)
        let told = try Self.difference(altered)
        #expect(told?.hasPrefix("reset: number 1: ") == true, "\(name): \(told ?? "equal")")
      }
    }
  }
#endif
