#if MuJoCo
  import CAllocationCounter
  import Catalog
  import Experiments
  import Foundation
  import Groundwork
  import ReinforcementLearning
  import Testing

  @testable import ManipulationEnvironments

  /// Task files on MuJoCo models: the example that ships, what is refused, and our own scenes.
  @Suite("Own tasks on MuJoCo", .serialized) struct OwnTaskTests {
    private static let examples = "examples/manipulation/"

    /// The plan of two files.
    private func plan(_ model: String = examples + "push.xml", _ task: String = examples + "push.yaml") throws
      -> TabletopPlan
    {
      var configuration = OwnConfiguration()
      (configuration.model, configuration.task) = (ModelFile(model), TaskFile(task))
      return try OwnTask.plan(configuration)
    }

    /// A folder with the example in it, changed.
    private func folder(model: (String) -> String = { $0 }, task: (String) -> String = { $0 }) throws -> String {
      let path = NSTemporaryDirectory() + "own-" + UUID().uuidString
      try Files.makeDirectory(path)
      try Files.writeAtomically(model(try Files.readText(Self.examples + "push.xml", as: .model)), to: path + "/m.xml")
      try Files.writeAtomically(
        task(try Files.readText(Self.examples + "push.yaml", as: .configuration)), to: path + "/t.yaml")
      return path
    }

    /// The one line that refuses the example after a change.
    private func refusal(
      model: (String) -> String = { $0 }, task: (String) -> String = { $0 }
    ) throws -> String {
      let path = try folder(model: model, task: task)
      defer { try? Files.remove(path) }
      do {
        _ = try plan(path + "/m.xml", path + "/t.yaml")
        return ""
      } catch {
        #expect(!"\(error)".contains("\n"))
        return "\(error)".replacing(path + "/", with: "")
      }
    }

    @Test("the example that ships is pushed onto its mark, and its terms add up to the reward")
    func example() throws {
      var environment = OwnTask(plan: try plan())
      var successes = 0
      for seed in 1...5 as ClosedRange<UInt64> {
        environment.reset(seed: seed)
        var isDone = false
        for _ in 0..<100 {
          // Behind the puck as seen from the mark, then through it.
          let (hand, puck, mark) = (environment.base.hand, environment.base.object(0), environment.base.target)
          var way = mark - puck
          way.z = 0
          let direction = way / max(norm(way), 1e-9)
          let offset = hand - puck
          let along = offset.x * direction.x + offset.y * direction.y
          let aside = abs(offset.x * direction.y - offset.y * direction.x)
          let isBehind = along < -0.03 && aside < 0.012
          var target = puck - direction * (isBehind ? 0.045 - min(0.03, norm(way)) : 0.075)
          if norm(way) < 0.015 { target = hand }
          var action = SIMD16<Float>.zero
          for axis in 0..<2 { action[axis] = Float(target[axis] / 0.35) }
          let transition = environment.step(VectorAction(action))
          isDone = isDone || transition.success
          #expect(abs(Float(environment.base.terms.reduce(0, +)) - transition.reward) < 1e-6)
          #expect(transition.reward >= 0 && transition.reward <= 1.0001)
        }
        successes += isDone ? 1 : 0
      }
      #expect(successes >= 4, "\(successes) of 5")
    }

    @Test("a copy goes on bit for bit beside others in the same pool", arguments: ["Lever", "Shelves", "Stack"])
    func copies(_ name: String) throws {
      var configuration = SceneConfiguration()
      configuration.name = name
      var original = SceneTask(plan: try SceneTask.plan(configuration))
      original.reset(seed: 3)
      var random = RandomSource(seed: 5)
      for _ in 0..<30 { _ = original.step(original.expertAction()) }
      var (copy, other) = (original, original)
      other.reset(seed: 9)
      for _ in 0..<600 {
        let action = VectorAction.wild(&random)
        let first = original.step(action)
        _ = other.step(.wild(&random))
        _ = other.sketch()
        #expect(copy.step(action) == first)
        guard copy.base.state == original.base.state && copy.base.view == original.base.view else {
          Issue.record("the states part")
          return
        }
      }
    }

    @Test(
      "the experts of our scenes do their tasks",
      arguments: ["Lever", "Stack", "Shelves 0", "Shelves 1", "Shelves 2", "Shelves 3"])
    func experts(_ scene: String) throws {
      var configuration = SceneConfiguration()
      let words = scene.split(separator: " ")
      configuration.name = String(words[0])
      if words.count > 1 { configuration.shelf = Int(words[1])! }
      var environment = SceneTask(plan: try SceneTask.plan(configuration))
      for seed in 0..<10 as Range<UInt64> {
        environment.reset(seed: seed)
        var last = false
        for _ in 0..<environment.base.plan.timeLimit { last = environment.step(environment.expertAction()).success }
        #expect(last, "\(scene), seed \(seed)")
      }
    }

    @Test("a latched door stays shut until its latch is lifted")
    func latch() throws {
      var configuration = SceneConfiguration()
      configuration.name = "Shelves"
      var environment = SceneTask(plan: try SceneTask.plan(configuration))
      environment.reset(seed: 1)
      for _ in 0..<60 { _ = environment.step(VectorAction(.zero)) }
      #expect(abs(environment.base.joint(1)) < 0.01 && abs(environment.base.joint(3)) < 0.01)
      for _ in 0..<60 { _ = environment.step(environment.expertAction()) }
      #expect(environment.base.joint(1) > 1 && abs(environment.base.joint(3)) < 0.01)
    }

    @Test("what is wrong with a task file or a model is told in one line with its place")
    func refusals() throws {
      #expect(try refusal() == "")
      for (old, new, expected) in [
        ("horizon: 100", "horizon: 100\nspeed: 3", "t.yaml', line 18, speed: there is no field 'speed'"),
        ("substeps: 8", "substeps: 0", "substeps: 0 is not what it may be"),
        ("joints: [along, across]", "joints: [along, acros]", "joints.1: there is no joint 'acros'. Did you mean 'across'?"),
        ("{body: pusher}", "{body: pushed}", "hand.body: there is no body 'pushed'"),
        ("{body: pusher}", "{mocap: pusher}", "'pusher' is no mocap body"),
        ("site: mark", "site: spot", "goal.site: there is no site 'spot'"),
        ("{name: near", "{nam: near", "reward.0.nam: there is no field 'nam'"),
        ("distance(puck, goal) <", "distanc(puck, goal) <", "there is no function 'distanc'"),
        ("distance(puck, goal) <", "distance(puck, gool) <", "there is no object, site or body 'gool'"),
        ("< 0.04", "<", "it ends too early"),
        ("high: [0.25", "high: [0.05", "goal.low: it lies above high"),
        ("joints: [along, across]", "joints: [along, along]", "one name"),
      ] {
        let told = try refusal(task: { $0.replacing(old, with: new) })
        #expect(told.contains(expected), "\(told)")
      }
      let deep = String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500)
      let told = try refusal(task: { $0.replacing("\"distance(puck, goal) < 0.04\"", with: "\"\(deep)\"") })
      #expect(told.contains("more than 40 brackets"), "\(told)")
      for (old, new, expected) in [
        ("<option", "<optoin", "m.xml' is no model that MuJoCo \(Engine.version) reads"),
        ("damping=\"5\"", "damping=\"5\" novelty=\"1\"", "unrecognized attribute: 'novelty'"),
        ("ctrlrange=\"-.35 .35\"", "ctrllimited=\"false\"", "has no ctrlrange"),
        ("<freejoint/>", "", "start.puck: its body has no free joint"),
      ] {
        let told = try refusal(model: { $0.replacing(old, with: new) })
        #expect(told.contains(expected), "\(told)")
      }
      let error = #expect(throws: UserError.self) { try plan("nowhere/m.xml") }
      #expect(error.map { "\($0)".contains("nowhere/m.xml") } == true)
      #expect(throws: UserError.self) { try plan("Stak") }
      #expect(throws: UserError.self) { try plan("/dev/zero") }
    }

    /// The example's bytes with a few of them lost, changed or repeated.
    private static func damaged(_ text: [UInt8], _ random: inout RandomSource) -> String {
      var bytes = text
      let count = random.integer(in: 1..<4)
      for _ in 0..<count {
        let place = random.integer(in: 0..<bytes.count)
        let kind = random.integer(in: 0..<3)
        if kind == 0 {
          bytes.remove(at: place)
        } else if kind == 1 {
          bytes[place] = UInt8(random.integer(in: 32..<127))
        } else {
          let other = text[random.integer(in: 0..<text.count)]
          bytes.insert(other, at: place)
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// Why a task file is refused; empty where it is read. Values that are read are reckoned.
    private static func refusal(of text: String, _ names: TaskNames) -> String {
      do throws(UserError) {
        let task = try TaskDescription(text, name: "t")
        var texts = task.terms.map { $0.value }
        texts.append(task.success)
        texts += task.cell
        for text in texts {
          let value = try TaskExpression(text, names).value(names.physics)
          guard value.isFinite else { return "no number" }
        }
        return ""
      } catch {
        return error.description
      }
    }

    @Test("damaged task files are refused and never trap")
    func damage() throws {
      let physics = try Physics(loading: Self.examples + "push.xml")
      physics.reset()
      physics.step(1)
      let names = TaskNames(
        places: ["hand": .init(isSite: false, number: 1), "goal": .init(isSite: true, number: 0)], joints: [:],
        physics: physics)
      let text = Array(try Files.readText(Self.examples + "push.yaml", as: .configuration).utf8)
      var random = RandomSource(seed: 11)
      let refusals = (0..<1500).map { _ in Self.refusal(of: Self.damaged(text, &random), names) }
      #expect(refusals.allSatisfy { !$0.contains("\n") && $0 != "no number" })
      let read = refusals.count { $0.isEmpty }
      #expect(read > 50 && read < 1450, "\(read) of 1500 read")
    }

    @Test("run.json knows both files by digest, and refuses one that has changed")
    func changes() throws {
      let path = try folder()
      defer { try? Files.remove(path) }
      let recipe = try Catalog.recipe("manipulation/Own(model=\(path)/m.xml, task=\(path)/t.yaml)")
      #expect(recipe.configuration["task"]?["digest"]?.string?.count == 32)
      #expect(recipe.configuration["model"]?["path"]?.string?.hasPrefix("/") == true)
      _ = try Catalog.environment("manipulation/Own").recipe(changes: recipe.configuration)
      let text = try Files.readText(path + "/t.yaml", as: .configuration)
      try Files.writeAtomically(text.replacing("0.04", with: "0.05"), to: path + "/t.yaml")
      let error = #expect(throws: UserError.self) {
        try Catalog.environment("manipulation/Own").recipe(changes: recipe.configuration)
      }
      #expect(error.map { "\($0)".contains("is not what was recorded") } == true)
    }

    @Test("a file that a model includes is part of its digest")
    func includes() throws {
      let path = try folder(model: { $0.replacing("<worldbody>", with: "<include file=\"more.xml\"/>\n<worldbody>") })
      defer { try? Files.remove(path) }
      let more = "<mujoco><visual><map znear=\"0.02\"/></visual></mujoco>"
      try Files.writeAtomically(more, to: path + "/more.xml")
      let before = ModelFile(path + "/m.xml")
      #expect(!before.digest.isEmpty)
      _ = try plan(path + "/m.xml", path + "/t.yaml")
      try Files.writeAtomically(more.replacing("0.02", with: "0.03"), to: path + "/more.xml")
      #expect(ModelFile(path + "/m.xml").digest != before.digest)
    }

    @Test("expressions are reckoned as they are written")
    func expressions() throws {
      let physics = try Physics(loading: Self.examples + "push.xml")
      physics.reset()
      physics.step(40)
      let names = TaskNames(places: [:], joints: [:], physics: physics)
      func value(_ text: String) throws -> Double { try TaskExpression(text, names).value(physics) }
      for (text, expected) in [
        ("1 + 2 * 3", 7.0), ("(1 + 2) * -3", -9), ("1 - 2 - 3", -4), ("8 / 2 / 2", 2), ("1 / 0", 0),
        ("2 < 3 and not 3 < 2", 1), ("1 > 2 or 2 >= 2", 1), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3),
        ("floor(-1.5)", -2), ("abs(-2) + sqrt(9)", 5), ("tolerance(0.04, 0, 0.05)", 1),
        ("tolerance(0.06, 0, 0.05)", 0), ("x(mark)", 0.2), ("distance(pusher, pusher)", 0),
        ("touching(puck, world)", 1), ("touching(puck, pusher)", 0), ("1e-3 * 1e3", 1),
      ] { #expect(abs(try value(text) - expected) < 1e-6, "\(text)") }
      #expect(abs(try value("tolerance(0.15, 0, 0.05, 0.1)") - 0.1) < 1e-12)
    }

    @Test(
      "the groups of tasks are those of the benchmarks", .needsModels,
      arguments: ["MT10", "MT25", "MT50", "ML10", "ML25", "ML45"])
    func groups(_ name: String) throws {
      let suite = try Suite(reading: "suites/\(name).yaml")
      let tasks = try #require(MetaWorldBenchmark.tasks(of: name)).map { "metaworld/\(MetaWorldTask.all[$0].name)-v3" }
      #expect(suite.tasks.map(\.environment) == tasks)
      #expect(suite.settings.contains("environment.benchmark=\(name)"))
      #expect(suite.settings.contains("environment.goalHidden=true") == name.hasPrefix("ML"))
    }
  }
#endif
