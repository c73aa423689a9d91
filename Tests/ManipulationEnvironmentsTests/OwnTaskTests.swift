#if MuJoCo
  import CAllocationCounter
  import Catalog
  import Experiments
  import Foundation
  import Groundwork
  import ReinforcementLearning
  import Testing

  @testable import ManipulationEnvironments

  extension SceneTask {
    /// One of our scenes; with the usual shelf where none is named.
    init(scene: String, shelf: Int? = nil) throws {
      var configuration = SceneConfiguration()
      configuration.name = scene
      if let shelf { configuration.shelf = shelf }
      self.init(plan: try SceneTask.plan(configuration))
    }
  }

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

    @Test("the terms of the reward stand apart from the lines about the state, which people judge by")
    func payments() throws {
      var task = try SceneTask(scene: "Lever")
      task.reset(seed: 3)
      let sketch = task.sketch()
      #expect(sketch.captions == ["Lever"] && sketch.payments.count == 1 && sketch.payments[0].hasPrefix("reach "))
    }

    @Test("a copy goes on bit for bit beside others in the same pool", arguments: ["Lever", "Shelves", "Stack"])
    func copies(_ name: String) throws {
      var original = try SceneTask(scene: name)
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
      let words = scene.split(separator: " ")
      var environment = try SceneTask(scene: String(words[0]), shelf: words.count > 1 ? Int(words[1])! : nil)
      for seed in 0..<10 as Range<UInt64> {
        environment.reset(seed: seed)
        var last = false
        for _ in 0..<environment.base.plan.timeLimit { last = environment.step(environment.expertAction()).success }
        #expect(last, "\(scene), seed \(seed)")
      }
    }

    @Test("a shelf is refused where there is none")
    func shelves() throws {
      let error = #expect(throws: UserError.self) { try SceneTask(scene: "Lever", shelf: 3) }
      #expect(error?.reason == "'manipulation/Lever' has no shelves")
    }

    @Test("a latched door stays shut until its latch is lifted")
    func latch() throws {
      var environment = try SceneTask(scene: "Shelves")
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
        (
          "joints: [along, across]", "joints: [across, {name: j, body: along, joint: across}]",
          "joints.1: it has a body and a joint"
        ),
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
        ("ctrlrange=\"-.35 .35\"", "ctrlrange=\"-1 1e11\"", "is -1.0 to 100000000000.0"),
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
          _ = try TaskExpression(text, names).value(names.physics)
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
      #expect(refusals.allSatisfy { !$0.contains("\n") })
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
        ("1 + 2 * 3", 7.0), ("(1 + 2) * -3", -9), ("1 - 2 - 3", -4), ("8 / 2 / 2", 2),
        ("2 < 3 and not 3 < 2", 1), ("1 > 2 or 2 >= 2", 1), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3),
        ("floor(-1.5)", -2), ("abs(-2) + sqrt(9)", 5), ("tolerance(0.04, 0, 0.05)", 1),
        ("tolerance(0.06, 0, 0.05)", 0), ("x(mark)", 0.2), ("distance(pusher, pusher)", 0),
        ("touching(puck, world)", 1), ("touching(puck, pusher)", 0), ("1e-3 * 1e3", 1),
      ] { #expect(abs(try value(text) - expected) < 1e-6, "\(text)") }
      #expect(abs(try value("tolerance(0.15, 0, 0.05, 0.1)") - 0.1) < 1e-12)
      // What is no number stays none, whatever is said of it.
      let none = "sqrt(0 - 1 - x(mark))"
      for text in [
        none, "\(none) < 3", "not \(none)", "\(none) and 1", "0 or \(none)", "min(\(none), 3)", "max(3, \(none))",
        "tolerance(\(none), 0, 1)", "tolerance(1, 3 * x(mark), x(mark))", "tolerance(1, 0, 2, 0 - x(mark))",
        "x(mark) / (x(mark) - x(mark))", "1 / (1 / (x(mark) - x(mark)))", "1 / (x(mark) - x(mark)) < 3",
      ] { #expect(try !value(text).isFinite, "\(text)") }
    }

    @Test("what sites touch is not asked: their bodies would answer")
    func touchingSites() throws {
      for name in ["goal", "mark"] {
        let success = "\"touching(puck, \(name))\""
        let told = try refusal(task: { $0.replacing("\"distance(puck, goal) < 0.04\"", with: success) })
        #expect(told.contains("'\(name)' is a site, of the body 'world'") && told.contains("success"), "\(told)")
      }
    }

    @Test("an expression that is no number in any state, or a cell that is the same in all, is refused")
    func constants() throws {
      for (text, expected) in [
        ("1 / 0", "is never a number"), ("x(puck) / (1 - 1)", "is never a number"),
        ("sqrt(-1) < 2", "is never a number"), ("min(1 / 0, x(puck))", "is never a number"),
        ("tolerance(x(puck), 2, 1)", "a tolerance from 2 to 1"),
        ("tolerance(x(puck), 0, 1, 0)", "margin of 0.0"), ("tolerance(x(puck), 0, 1, -0.1)", "margin of -0.1"),
      ] {
        let told = try refusal(task: { $0.replacing("\"distance(puck, goal) < 0.04\"", with: "\"\(text)\"") })
        #expect(told.contains(expected) && told.contains("success"), "\(text): \(told)")
      }
      let cell = "[\"10 + 20 * x(puck)\", \"10 + 20 * y(puck)\", \"10 + 20 * x(hand)\", \"10 + 20 * y(hand)\"]"
      let told = try refusal(task: { $0.replacing(cell, with: "[\"1000\"]") })
      #expect(told.contains("cell.0: \"1000\" is the same everywhere"), "\(told)")
    }

    @Test("hands that never move, and starts inside of what does not, are refused")
    func places() throws {
      for (old, new, expected) in [
        ("{body: pusher}", "{body: world}", "hand: 'world' never moves"),
        ("objects: [puck]", "objects: [puck, world]", "objects.1: 'world' is all there is"),
        ("low: [-0.05, -0.1, 0.016]", "low: [-0.05, -0.1, -0.02]", "'puck' is "),
        ("low: [-0.05, -0.1, 0.016]", "low: [nan, 0, 0]", "start.puck.low: [\"nan\",0,0] is no place"),
        ("puck: {low: [-0.05, -0.1, 0.016], ", "puck: {", "start.puck.low: it is missing"),
        ("summary: push a puck onto a mark", "summary: \(String(repeating: "x", count: 2001))", "has 2001 bytes"),
        ("summary: push a puck onto a mark", "summary: [1]", "summary: [1] is no text"),
      ] {
        let told = try refusal(task: { $0.replacing(old, with: new) })
        #expect(told.contains(expected), "\(told)")
      }
    }

    @Test("an expression that is no number in an episode ends it as a fault, which is counted")
    func faults() throws {
      let path = try folder(task: {
        $0.replacing("tolerance(distance(puck, goal), 0, 0.03, 0.2)", with: "1 / (x(puck) - x(puck))")
      })
      defer { try? Files.remove(path) }
      let recipe = try Catalog.recipe("manipulation/Own(model=\(path)/m.xml, task=\(path)/t.yaml)")
      let evaluation = try Evaluation.run(recipe, episodes: 4, seed: 1, workers: Workers(count: 1)) { _ in
        UniformPolicy(recipe.specification)
      }
      #expect(evaluation.measures.last?.name == "fault" && evaluation.means.last == 1 && evaluation.meanReturn == 0)
      #expect(evaluation.lengths.allSatisfy { $0 == 1 })
      // One that only comes up later leaves the state as it was before the step.
      let later = try folder(task: {
        $0.replacing("\"distance(puck, goal) < 0.04\"", with: "\"sqrt(0.001 - joint(along)) < 1\"")
      })
      defer { try? Files.remove(later) }
      var environment = OwnTask(plan: try plan(later + "/m.xml", later + "/t.yaml"))
      environment.reset(seed: 1)
      var (transition, before) = (Transition(reward: 0), environment.base)
      for _ in 0..<100 where transition.outcome == .running {
        before = environment.base
        transition = environment.step(VectorAction(SIMD16(repeating: 1)))
      }
      #expect(transition.outcome == .truncated && transition.reward == 0)
      #expect(environment.base.state == before.state && environment.base.view == before.view)
      #expect(environment.base.cell == before.cell && environment.base.isBroken)
      environment.reset(seed: 2)
      #expect(!environment.base.isBroken)
    }

    /// A model of a free ball, and what else is said of it.
    private func ball(_ rest: String, geom: String = "", bodies: String = "") -> String {
      "<mujoco>\(rest)<worldbody>\(bodies)<body><freejoint/><geom size=\".1\" \(geom)/></body></worldbody></mujoco>"
    }

    @Test("a model that asks for more memory or time than there is, or has no sound numbers, is refused in time")
    func hostileModels() throws {
      let path = NSTemporaryDirectory() + "own-" + UUID().uuidString
      try Files.makeDirectory(path)
      defer { try? Files.remove(path) }
      let field = "<asset><hfield name=\"h\" nrow=\"30000\" ncol=\"30000\" size=\"1 1 1 1\"/></asset>"
      let flex = "<flexcomp name=\"f\" type=\"grid\" count=\"300 300 10\" spacing=\".1 .1 .1\" dim=\"3\"/>"
      for (text, expected) in [
        (ball(field), "takes more than"),
        (ball("", bodies: flex), "cannot be used"),
        (ball("<option iterations=\"1000000000\" tolerance=\"0\"/>"), "iterations is 1000000000"),
        (ball("<option ls_iterations=\"1000000000\"/>"), "ls_iterations is 1000000000"),
        (ball("<option timestep=\"0\"/>"), "timestep is 0"), (ball("<option timestep=\"-1\"/>"), "timestep is -1"),
        (ball("<size memory=\"900G\"/>"), "Could not allocate memory"),
        (ball("<size memory=\"1400M\"/>"), "MiB, and may have 1024"),
        (ball("", geom: "mass=\"nan\""), "a number in it is nan"), (ball("", geom: "mass=\"inf\""), "not finite"),
        (ball(""), ""),
      ] {
        try Files.writeAtomically(text, to: path + "/m.xml")
        do {
          #expect(try ModelTrial.run(path + "/m.xml") < 0.1)
          #expect(expected.isEmpty, "\(text)")
        } catch let error as UserError {
          #expect(!expected.isEmpty && "\(error)".contains(expected) && !"\(error)".contains("\n"), "\(error)")
        }
      }
      let body = "<body><freejoint/><geom size=\".1\"/></body>"
      let many = "<replicate count=\"2000000\" offset=\"1 0 0\">\(body)</replicate>"
      try Files.writeAtomically(ball("", bodies: many), to: path + "/m.xml")
      let start = Clock.seconds
      let error = #expect(throws: UserError.self) { try ModelTrial.run(path + "/m.xml", within: 1) }
      #expect(error.map { "\($0)".contains("cannot be used") } == true && Clock.seconds - start < 10)
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
