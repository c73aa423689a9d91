#if MuJoCo
  import Catalog
  import Glibc
  import Groundwork
  import ReinforcementLearning
  import Synchronization
  import Testing

  @testable import ManipulationEnvironments

  /// What a step costs beside the engine's own work: five substeps and the quantities that follow from the state.
  @Suite("MuJoCo's raw loop", .needsModels, .serialized) struct RawLoopTests {
    /// Seconds of this thread's own time.
    private static func seconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Steps of a batch's slot, rows written, and the same actions in the bare simulation.
    ///
    /// - Returns: Steps a second of a thread's own time, of both.
    private static func measure(_ recipe: EnvironmentRecipe, _ plan: MetaWorldPlan) -> (batch: Double, raw: Double) {
      let steps = 400
      var best = (batch: 0.0, raw: 0.0)
      let batch = recipe.makeBatch(slots: 1, seed: 1)
      let rollout = batch.makeRollout(steps: steps)
      var random = RandomSource(seed: 3)
      let actions = (0..<steps).map { _ in VectorAction.wild(&random) }
      var start = MetaWorld(plan: plan)
      batch.reset(rollout)
      for _ in 0..<4 {
        batch.start(slot: 0, seed: 7)
        batch.observe(rollout)
        for (time, action) in actions.enumerated() {
          rollout.setAction((0..<4).map { action[$0] }, time: time, slot: 0)
        }
        let begin = seconds()
        for time in 0..<steps { batch.step(rollout, at: time) }
        best.batch = max(best.batch, Double(steps) / (seconds() - begin))
        start.reset(seed: 7)
        plan.pool.withPhysics { physics in
          physics.restore(start.state)
          for move in start.moves { physics.apply(move) }
          let begin = Self.seconds()
          for action in actions { _ = physics.drive(action, within: plan.task.handBox) }
          best.raw = max(best.raw, Double(steps) / (Self.seconds() - begin))
        }
      }
      return best
    }

    @Test("a snapshot and what restores it take less than two microseconds together")
    func snapshot() throws {
      var configuration = MetaWorldConfiguration()
      configuration.name = "pick-place"
      var original = MetaWorld(plan: try MetaWorldPlan(configuration))
      original.reset(seed: 1)
      let rounds = 20_000
      var best = Double.infinity
      for _ in 0..<5 {
        let begin = Self.seconds()
        for round in 0..<rounds {
          // The first write to a copy is what it costs; then its state goes into a simulation and out again.
          var copy = original
          copy.view[0] = Double(round)
          copy.plan.pool.withPhysics { physics in
            physics.restore(copy.state)
            physics.save(into: &copy.state)
          }
          precondition(copy.state.count == original.state.count)
        }
        best = min(best, (Self.seconds() - begin) / Double(rounds))
      }
      print("snapshot and restore: \(Int((best * 1e9).rounded())) ns")
      #expect(best < 2e-6)
    }

    @Test("a step reaches nine tenths of the raw loop's rate, with one worker and with two", arguments: [1, 2])
    func share(_ workers: Int) throws {
      var configuration = MetaWorldConfiguration()
      configuration.name = "pick-place"
      let plan = try MetaWorldPlan(configuration)
      let recipe = try Catalog.recipe("metaworld/pick-place-v3")
      let sums = Mutex((batch: 0.0, raw: 0.0))
      Workers(count: workers).perform(workers) { _ in
        let rates = Self.measure(recipe, plan)
        sums.withLock { $0 = ($0.batch + rates.batch, $0.raw + rates.raw) }
      }
      let (batch, raw) = sums.withLock { $0 }
      let share = (batch / raw * 1000).rounded() / 1000
      print("\(workers) workers: \(Int(batch)) steps, \(Int(raw)) of the raw loop a CPU second: \(share)")
      #expect(share > 0.9)
    }
  }
#endif
