#if MuJoCo
  import CAllocationCounter
  import Catalog
  import Foundation
  import Groundwork
  import ReinforcementLearning
  import Testing

  @testable import ManipulationEnvironments

  /// Whether engine and models are here; tests that need them are skipped with one line where they are not.
  let hasModels = ManipulationFamily.absence == nil

  extension Trait where Self == ConditionTrait {
    static var needsModels: Self { .enabled(if: hasModels, "needs MuJoCo's models: scripts/mujoco installs them") }
  }

  /// A value that is reset.
  func makeTask(_ name: String, seed: UInt64 = 1) throws -> MetaWorld {
    var configuration = MetaWorldConfiguration()
    configuration.name = name
    var environment = MetaWorld(plan: try MetaWorldPlan(configuration))
    environment.reset(seed: seed)
    return environment
  }

  extension VectorAction {
    /// Four numbers, some beyond the bounds.
    static func wild(_ random: inout RandomSource) -> VectorAction {
      var values = SIMD16<Float>.zero
      for index in 0..<4 { values[index] = Float(random.uniform(-1.5, 1.5)) }
      return VectorAction(values)
    }
  }

  @Suite("MetaWorld", .needsModels, .serialized) struct MetaWorldTests {
    @Test("models that were changed, or lack a file, are known by their digest; their pictures are not part of it")
    func changedModels() throws {
      let copy = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: copy) }
      try FileManager.default.copyItem(atPath: Engine.folder + "/robotics-1.4.2", toPath: copy.path)
      #expect(Engine.digest(of: copy.path) == Engine.packages["robotics-1.4.2"])
      try Data("another".utf8).write(to: copy.appendingPathComponent("textures/block.png"))
      #expect(Engine.digest(of: copy.path) == Engine.packages["robotics-1.4.2"])
      let model = copy.appendingPathComponent("fetch/push.xml")
      let text = try String(contentsOf: model, encoding: .utf8)
      try text.replacing("0.025", with: "0.026").write(to: model, atomically: true, encoding: .utf8)
      #expect(Engine.digest(of: copy.path) != Engine.packages["robotics-1.4.2"])
      try text.write(to: model, atomically: true, encoding: .utf8)
      #expect(Engine.digest(of: copy.path) == Engine.packages["robotics-1.4.2"])
      try FileManager.default.removeItem(at: copy.appendingPathComponent("stls"))
      #expect(Engine.digest(of: copy.path) != Engine.packages["robotics-1.4.2"])
    }

    @Test("no id plays another task", arguments: [
      "metaworld/push-v3(name=reach)", "fetch/Push(name=Reach)", "fetch/Push(isDense=true)",
      "manipulation/Stack(name=Lever)",
    ])
    func fixed(_ text: String) throws {
      let error = #expect(throws: UserError.self) { try Catalog.recipe(text) }
      #expect(error?.reason.contains("is always") == true)
      let listing = try Catalog.listing(text)
      #expect(try !listing.outline().contains { $0.key == "name" || $0.key == "isDense" })
    }

    @Test("demonstrations with another view of the goal or another limit are refused, of other vectors taken")
    func demonstrations() throws {
      let recipe = try Catalog.recipe("metaworld/reach-v3")
      for (settings, key) in [("goalHidden=true", "goalHidden"), ("timeLimit=300", "timeLimit"), ("task=3", "")] {
        let other = try Catalog.recipe("metaworld/reach-v3(\(settings))")
        let replay = try Replay(of: other, seed: 1, actions: Array(repeating: 0.1, count: 40))
        do {
          let rollout = try replay.rollout(in: recipe, name: "demonstration 1 of 1")
          #expect(key.isEmpty && rollout.steps == 10)
        } catch let error as UserError {
          #expect(!key.isEmpty && error.reason.contains("recorded with environment.\(key)="), "\(error)")
        }
      }
    }

    @Test("fifty recorded episodes of the Python package repeat: resets, observations, rewards, infos, success")
    func recorded() throws {
      let path = "Tests/ManipulationEnvironmentsTests/Fixtures/metaworld.jsonl.gz"
      let report = try Recordings.verify(path).report
      #expect(report.episodes.count == 50 && Set(report.episodes.map(\.task)).count == 50)
      for episode in report.episodes {
        #expect(episode.difference == nil, "\(episode.task): \(episode.difference ?? "")")
        #expect(episode.steps == 24 && episode.equalSteps == 24, "\(episode.task)")
      }
    }

    @Test("a recording that lacks a number, or has no step, is refused")
    func incomplete() throws {
      let text = String(
        decoding: try Gzip.read("Tests/ManipulationEnvironmentsTests/Fixtures/metaworld.jsonl.gz"), as: UTF8.self)
      let lines = text.split(separator: "\n").prefix(2).map(String.init)
      let path = NSTemporaryDirectory() + "recording-\(UUID().uuidString).jsonl"
      defer { try? Files.remove(path) }
      func refusal(_ lines: [String], _ change: (inout [String: JSON]) -> Void = { _ in }) throws -> String {
        var all = [lines[0]]
        if lines.count > 1 {
          var episode = try #require(try JSON(parsing: lines[1], name: "line").object)
          var steps = try #require(episode["steps"]?.object)
          change(&steps)
          episode["steps"] = .object(steps)
          all.append(JSON.object(episode).text())
        }
        try Files.writeAtomically(all.joined(separator: "\n") + "\n", to: path)
        do {
          _ = try Recordings.verify(path)
          return ""
        } catch let error as UserError {
          return error.reason
        }
      }
      #expect(try refusal(lines) == "")
      #expect(try refusal([lines[0]]).hasSuffix("has no step to compare"))
      #expect(
        try refusal(lines) { steps in for name in steps.keys { steps[name] = .array([]) } }
          .hasSuffix("has no step to compare"))
      for change in [
        { $0["grasp_reward"] = nil }, { $0["grasp_reward"] = .array(Array($0["grasp_reward"]!.array!.dropLast())) },
        { $0["grasp_reward"] = .array($0["grasp_reward"]!.array!.map { _ in .null }) },
      ] as [(inout [String: JSON]) -> Void] {
        #expect(try refusal(lines, change).hasSuffix("its 'grasp_reward' has not a number for each of the 24 steps"))
      }
    }

    @Test("the vectors of a benchmark are the package's, bit for bit")
    func vectors() throws {
      // `pickle.loads(metaworld.MT1(name, seed=seed).train_tasks[n].data)["rand_vec"]` of metaworld 3.1.1.
      func number(_ name: String) -> Int { MetaWorldTask.all.firstIndex { $0.name == name }! }
      let pick = try MetaWorldBenchmark.vectors(of: number("pick-place"), in: "MT1", seed: 7)
      #expect(
        pick[0] == [
          0.00022409273198757684, 0.6072051133359762, 0.02, -2.3499834888002225e-05, 0.8679229996120941,
          0.25093475902609386,
        ])
      #expect(
        pick[49] == [
          -0.06887303997200328, 0.6646272009255701, 0.02, 0.046755532992773685, 0.8875335192151078,
          0.15329152901299486,
        ])
      let sweep = try MetaWorldBenchmark.vectors(of: number("sweep-into"), in: "MT1", seed: 3)
      #expect(
        sweep[0] == [
          -0.07488293790723276, 0.6207242878138186, 0.02, -0.00011838031269872712, 0.8399059752421757,
          0.019991366644878942,
        ])
      #expect(sweep[49][0] == 0.07818214632383591 && sweep[49][5] == 0.01993708698796898)
    }

    @Test("episodes take the tasks of make() in its order")
    func order() {
      // `gymnasium.make("Meta-World/MT1", env_name=..., seed=42)` chooses these.
      #expect(MetaWorldBenchmark.order(seed: 42, episodes: 5) == [4, 38, 32, 21, 21])
    }

    @Test("what the environment pays stands apart from the lines about the state, which people judge by")
    func payments() throws {
      var task = try makeTask("reach")
      var random = RandomSource(seed: 5)
      _ = task.step(.wild(&random))
      let sketch = task.sketch()
      #expect(sketch.captions.count == 1 && !sketch.captions[0].contains("reward"))
      #expect(!sketch.captions[0].contains("goal"), "how near the goal is says what is paid")
      #expect(sketch.payments.count == 1 && sketch.payments[0].contains("   reward "))
    }

    @Test("a copy goes on bit for bit after 600 steps, beside others in the same pool")
    func copies() throws {
      var original = try makeTask("pick-place")
      var random = RandomSource(seed: 5)
      for _ in 0..<40 { _ = original.step(.wild(&random)) }
      var copy = original
      var other = original
      other.reset(seed: 9)
      for _ in 0..<600 {
        let action = VectorAction.wild(&random)
        let first = original.step(action)
        _ = other.step(.wild(&random))
        _ = other.sketch()
        #expect(copy.step(action) == first)
        guard copy.state == original.state && copy.view == original.view else {
          Issue.record("the states part")
          return
        }
      }
      #expect(copy.state == original.state && copy.notes == original.notes)
    }

    @Test("the terms of a reward add up to it in every task")
    func terms() throws {
      for task in MetaWorldTask.all.filter({ $0.name.count % 3 == 0 }) {
        var environment = try makeTask(task.name)
        for _ in 0..<60 {
          let transition = environment.step(environment.expertAction())
          #expect(abs(Float(environment.payment.terms.sum()) - transition.reward) < 1e-5, "\(task.name)")
          for index in task.terms.count..<4 { #expect(environment.payment.terms[index] == 0) }
        }
      }
    }

    @Test("an action that is no number truncates as a fault and leaves the state as it was")
    func faults() throws {
      var environment = try makeTask("reach")
      let before = environment.state
      let transition = environment.step(VectorAction(SIMD16(repeating: .nan)))
      #expect(transition == Transition(reward: 0, outcome: .truncated))
      #expect(environment.isBroken && environment.state == before)
      #expect(environment.step(VectorAction(.zero)).outcome == .running && !environment.isBroken)
    }

    @Test("a simulation that becomes unstable is cut, and the next episode is sound")
    func instability() throws {
      var environment = try makeTask("reach")
      var broken = environment
      // A velocity that no positions follow from.
      let velocities = 1 + 16
      broken.state[velocities + 3] = 1e20
      // The engine's counts are the same after the second as after the first.
      for _ in 0..<3 { #expect(broken.step(VectorAction(.zero)).outcome == .truncated && broken.isBroken) }
      var again = environment
      let action = VectorAction(.zero)
      #expect(again.step(action) == environment.step(action) && again.state == environment.state)
      broken.reset(seed: 1)
      #expect(broken.step(action) == Transition(reward: broken.payment.total.value.asReward))
      #expect(broken.state == environment.state)
    }

    @Test("vectors that the package would ask for for ever are refused")
    func refusals() throws {
      func refusal(_ change: (inout MetaWorldConfiguration) -> Void) -> String {
        var configuration = MetaWorldConfiguration()
        change(&configuration)
        do {
          _ = try MetaWorldPlan(configuration)
          return ""
        } catch {
          return "\(error)"
        }
      }
      #expect(refusal { $0.randomVector = [0, 0.8, 0.02, 0, 0.85, 0.1] }.contains("nearer than 0.15 m"))
      #expect(refusal { $0.randomVector = [0, 0.8, 0.02] }.contains("takes 6"))
      #expect(refusal { $0.name = "reech" }.contains("'reach'"))
      #expect(refusal { $0.task = 50 }.contains("0 to 49"))
      #expect(refusal { $0.benchmark = "MT11" }.contains("MT1"))
      #expect(refusal { ($0.benchmark, $0.name) = ("MT10", "hammer") }.contains("hammer-v3"))
      #expect(refusal { $0.benchmarkSeed = -1 }.contains("benchmarkSeed"))
      #expect(refusal { ($0.makeSeed, $0.benchmarkSeed) = (5, 4) }.contains("makeSeed is 5"))
      #expect(refusal { ($0.makeSeed, $0.task) = (5, 3) }.contains("only one is played"))
    }

    @Test("make's seed chooses the fifty vectors and their order")
    func makeSeed() throws {
      var configuration = MetaWorldConfiguration()
      (configuration.name, configuration.makeSeed) = ("push", 5)
      let vectors = try MetaWorldBenchmark.vectors(
        of: MetaWorldTask.all.firstIndex { $0.name == "push" }!, in: "MT1", seed: 5)
      let order = MetaWorldBenchmark.order(seed: 5, episodes: 4)
      let plan = try MetaWorldPlan(configuration)
      for episode in 0..<4 { #expect(plan.vector(seed: UInt64(episode)) == vectors[order[episode]]) }
    }

    @Test("a file that is no model is refused in one line")
    func noModel() {
      let error = #expect(throws: UserError.self) { try Physics(loading: "Tests/none.xml") }
      #expect(error.map { !"\($0)".contains("\n") && "\($0)".contains("Tests/none.xml") } == true)
    }
  }

  extension Double {
    fileprivate var asReward: Float { Float(self) }
  }
#endif
