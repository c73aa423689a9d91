#if MuJoCo
  import Catalog
  import Experiments
  import Foundation
  import Groundwork
  import ReinforcementLearning
  import Synchronization
  import Testing

  @testable import ManipulationEnvironments

  /// Models of a user's own: their digests, what breaks in them, and hands that a mocap body leads.
  @Suite("Own models on MuJoCo", .serialized) struct OwnModelTests {
    @Test(
      "a file that a model names is part of its digest, wherever the engine looks for it",
      arguments: [
        ["<mesh file=\"m.obj\"/>", "m.obj"], ["<mesh file = 'a/m.obj'/>", "a/m.obj"],
        ["<compiler meshdir=\"d\"/><mesh file=\"m.obj\"/>", "d/m.obj"],
        ["<compiler strippath=\"true\"/><mesh file=\"nowhere/m.obj\"/>", "m.obj"],
        ["<mesh filename=\"package://d/m.obj\"/>", "d/m.obj"],
        ["<mesh file=\"c&amp;d&#x41;&#66;.obj\"/>", "c&dAB.obj"],
        ["<include file=\"part.inc\"/>", "part.inc", "<mujoco/>"],
        ["<mesh file=\"m.obj\"/><include file=\"p\"/>", "d/m.obj", "v 1", "p", " <x><compiler meshdir=\"d\"/></x>"],
        ["<model file=\"s/t.xml\"/>", "s/m.obj", "v 1", "s/t.xml", "<mujoco><mesh file=\"m.obj\"/></mujoco>"],
        ["<include file=\"s/a\"/>", "s/b", "<x/>", "s/a", "<x><include file=\"b\"/></x>"],
      ])
    func named(_ files: [String]) throws {
      let path = NSTemporaryDirectory() + "own-" + UUID().uuidString
      for folder in ["", "/a", "/d", "/s"] { try Files.makeDirectory(path + folder) }
      defer { try? Files.remove(path) }
      func write(_ text: String, _ name: String) throws { try Files.writeAtomically(text, to: path + "/" + name) }
      try write("<mujoco>\(files[0])</mujoco>", "m.xml")
      if files.count > 4 { try write(files[4], files[3]) }
      let text = files.count > 2 ? files[2] : "v 1"
      try write(text, files[1])
      let before = ModelFile(path + "/m.xml").digest
      #expect(ModelFile(path + "/m.xml").digest == before && before.count == 32)
      try write(text + " ", files[1])
      #expect(ModelFile(path + "/m.xml").digest != before)
    }

    /// A cart that actions push, and a bomb that the second one breaks the simulation with.
    private static let bomb = """
      <mujoco><worldbody><site name="mark" pos="0.5 0 0"/>
      <body name="cart"><joint name="slide" type="slide" axis="1 0 0" damping="1"/>
      <geom size=".05" mass="1" contype="0" conaffinity="0"/></body>
      <body pos="0 2 0"><joint name="b" type="slide" axis="0 1 0" damping="1e13"/>
      <geom size=".05" mass="1" contype="0" conaffinity="0"/></body></worldbody>
      <actuator><motor joint="slide" gear="20" ctrllimited="true" ctrlrange="-1 1"/>
      <motor joint="b" gear="1.05e10" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>
      """

    /// A plan of those texts.
    private func plan(texts model: String, _ task: String) throws -> TabletopPlan {
      let path = NSTemporaryDirectory() + "own-" + UUID().uuidString
      try Files.makeDirectory(path)
      defer { try? Files.remove(path) }
      try Files.writeAtomically(model, to: path + "/m.xml")
      try Files.writeAtomically(task, to: path + "/t.yaml")
      var configuration = OwnConfiguration()
      (configuration.model, configuration.task) = (ModelFile(path + "/m.xml"), TaskFile(path + "/t.yaml"))
      return try OwnTask.plan(configuration)
    }

    @Test("every fault of a simulation is noticed, however often its pool has seen one")
    func secondFault() throws {
      let task = """
        hand: {body: cart}
        goal: {site: mark}
        reward: [{name: there, value: "x(hand)"}]
        success: "x(hand) > 100"
        """
      var environment = OwnTask(plan: try plan(texts: Self.bomb, task))
      environment.reset(seed: 1)
      var action = SIMD16<Float>.zero
      action[0] = 1
      for _ in 0..<20 { #expect(environment.step(VectorAction(action)).outcome == .running) }
      var breaking = action
      breaking[1] = 1
      let before = environment.base.state
      for _ in 0..<3 {
        var copy = environment
        #expect(copy.step(VectorAction(breaking)) == Transition(reward: 0, outcome: .truncated))
        #expect(copy.base.isBroken && copy.base.state == before)
        #expect(environment.base.plan.pool.withPhysics { !$0.isStable })
      }
      #expect(environment.step(VectorAction(action)).reward > 0)
    }

    @Test("Go-Explore counts the faults that it meets, and keeps no state beyond one")
    func exploredFaults() throws {
      let path = NSTemporaryDirectory() + "own-" + UUID().uuidString
      try Files.makeDirectory(path)
      defer { try? Files.remove(path) }
      try Files.writeAtomically(Self.bomb, to: path + "/m.xml")
      let task = """
        hand: {body: cart}
        goal: {site: mark}
        reward: [{name: there, value: "x(hand)"}]
        success: "x(hand) > 100"
        horizon: 50
        cell: ["floor(20 * x(hand)) + 100"]
        """
      try Files.writeAtomically(task, to: path + "/t.yaml")
      var request = RunConfiguration()
      request.environment = "manipulation/Own(model=\(path)/m.xml, task=\(path)/t.yaml)"
      request.agent = "go-explore"
      request.setRun("steps", 4_000)
      let run = try TrainingRun(
        Catalog.plan(request), creating: path + "/run", workers: Workers(count: 2), hooks: RunHooks())
      guard case .finished(let evaluation) = try run.run() else { throw CancellationError() }
      func mean(_ name: String) -> Double? { evaluation.measures.first { $0.measure.name == name }?.mean }
      // The best way is one that an episode can go.
      #expect(mean("fault") == 0)
      let lines = try Files.readText(path + "/run/metrics.jsonl").split(separator: "\n").map {
        try JSON(parsing: String($0), name: "a line")
      }
      #expect((lines.compactMap { $0["episode/faults"]?.double }.last ?? 0) > 10)
      let scores = lines.compactMap { $0["archive/bestScore"]?.double }
      let best = try #require(scores.last)
      #expect(abs(best - (mean("return") ?? 0)) < 1e-3 * abs(best))
    }

    @Test("models are tried while other threads read theirs")
    func tried() {
      let path = "examples/manipulation/push.xml"
      let refusals = Mutex<[String]>([])
      Workers(count: 4).perform(4) { thread in
        for _ in 0..<20 {
          do {
            if thread == 0 { _ = try ModelTrial.run(path, within: 5) } else { _ = try Physics(loading: path) }
          } catch {
            refusals.withLock { $0.append("\(error)") }
          }
        }
      }
      #expect(refusals.withLock { $0 }.isEmpty)
    }

    @Test("a start that breaks while it settles is a fault")
    func brokenStart() throws {
      let model = """
        <mujoco><option timestep="0.05" integrator="Euler"/><worldbody><site name="mark" pos="0.5 0 0.1"/>
        <body name="cart"><joint name="s" type="slide" axis="1 0 0"/>
        <geom size=".05" mass="1" contype="0" conaffinity="0"/></body>
        <body name="puck" pos="0 0 1"><freejoint/>
        <geom size=".05" mass=".1" contype="0" conaffinity="0"/><site name="p"/></body>
        <site name="w" pos="0 0 1"/></worldbody>
        <tendon><spatial springlength="0" stiffness="1e7"><site site="p"/><site site="w"/></spatial></tendon>
        <actuator><motor joint="s" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>
        """
      let task = """
        hand: {body: cart}
        objects: [puck]
        start: {puck: {low: [0.5, 0.5, 1.5], high: [0.5, 0.5, 1.5]}}
        goal: {site: mark}
        settle: 200
        reward: [{name: there, value: "x(puck)"}]
        success: "x(hand) > 100"
        """
      var environment = OwnTask(plan: try plan(texts: model, task))
      environment.reset(seed: 1)
      #expect(environment.base.view.allSatisfy { $0.isFinite })
      #expect(environment.step(VectorAction(.zero)) == Transition(reward: 0, outcome: .truncated))
      #expect(environment.base.isBroken)
    }

    @Test("a box that does not hold its mocap body's start is refused")
    func outsideOfTheBox() throws {
      let (model, task) = (try #require(OwnScenes.model("Stack")), try #require(OwnScenes.task("Stack")))
      _ = try plan(texts: model, task)
      let error = #expect(throws: UserError.self) {
        try plan(texts: model, task.replacing("low: [-0.2, -0.3, 0.017]", with: "low: [0, -0.3, 0.017]"))
      }
      #expect(
        error?.reason.hasSuffix("the box that 'lead' may be in does not hold its start, [-0.08, 0.0, 0.12]") == true,
        "\(error as Any)")
    }
  }
#endif
