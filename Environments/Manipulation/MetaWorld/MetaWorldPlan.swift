#if MuJoCo
  import Groundwork
  import ReinforcementLearning

  /// What follows from a configuration: the task, its vectors, the model and the copies of it that are stepped.
  public final class MetaWorldPlan: Sendable {
    /// The configuration that was checked.
    public let configuration: MetaWorldConfiguration
    let task: MetaWorldTask
    /// What episodes start from.
    let vectors: [[Double]]
    /// Numbers of vectors by episode, where the package's order is wanted; else empty.
    let order: [Int]
    let pool: PhysicsPool
    let renderer: ModelRenderer
    /// Numbers of a simulation's state.
    let stateCount: Int
    /// Steps a second of the simulation.
    let controlFrequency: Double

    init(_ configuration: MetaWorldConfiguration) throws(UserError) {
      self.configuration = configuration
      let all = MetaWorldTask.all
      guard let number = all.firstIndex(where: { $0.name == configuration.name }) else {
        throw UserError.unknown(
          "task of MetaWorld", configuration.name, among: all.map(\.name), hint: "`forage list environments` shows all")
      }
      task = all[number]
      try Check.all([
        Check(
          "environment.task", configuration.task, (-1..<MetaWorldBenchmark.count).contains(configuration.task),
          "It must be 0 to \(MetaWorldBenchmark.count - 1), or -1 to draw one"),
        Check(
          "environment.makeSeed", configuration.makeSeed, (-1...4_294_967_294).contains(configuration.makeSeed),
          "It must be 0 to 4294967294, or -1"),
        Check(
          "environment.timeLimit", configuration.timeLimit, (1...100_000).contains(configuration.timeLimit),
          "It must be 1 to 100000"),
      ])
      try Self.checkMakeSeed(configuration)
      if configuration.randomVector.isEmpty {
        let vectors = try MetaWorldBenchmark.vectors(
          of: number, in: configuration.benchmark, seed: max(configuration.makeSeed, configuration.benchmarkSeed))
        self.vectors = configuration.task < 0 ? vectors : [vectors[configuration.task]]
      } else {
        try Self.check(configuration.randomVector, task)
        vectors = [configuration.randomVector]
      }
      order =
        configuration.makeSeed < 0
        ? [] : MetaWorldBenchmark.order(seed: UInt64(configuration.makeSeed), episodes: 10_000)
      try Engine.checkModels(for: configuration.engine)
      let physics = try Physics(loading: Engine.metaWorld + task.model + ".xml")
      physics.setWelds()
      pool = PhysicsPool(physics)
      // From the front: the package's own corner cameras are upside down.
      renderer = ModelRenderer(pool, camera: .init(center: [0, 0.6, 0.12], distance: 1.8, azimuth: 222, elevation: -28))
      stateCount = physics.stateCount
      controlFrequency = physics.frequency(substeps: Physics.substeps)
    }

    /// `make` hands its seed to the benchmark, too: its vectors are those of that seed.
    ///
    /// - Throws: `UserError` for a benchmark's seed beside it that is another one, and where there is nothing to order.
    private static func checkMakeSeed(_ configuration: MetaWorldConfiguration) throws(UserError) {
      let (seed, other) = (configuration.makeSeed, configuration.benchmarkSeed)
      guard seed >= 0 else { return }
      guard other == 0 || other == seed else {
        throw UserError(
          "environment.makeSeed is \(seed), and environment.benchmarkSeed \(other)",
          fix: "Leave benchmarkSeed out: make's seed chooses the fifty vectors, too")
      }
      guard configuration.task < 0, configuration.randomVector.isEmpty else {
        throw UserError(
          "environment.makeSeed orders the fifty vectors, and only one is played",
          fix: "Leave it out, or task and randomVector")
      }
    }

    /// - Throws: `UserError` for a vector of another length, with numbers that are none, or one that the package's own
    ///   loop would ask for again for ever.
    static func check(_ numbers: [Double], _ task: MetaWorldTask) throws(UserError) {
      let count = 3 * task.drawBoxes.count
      let shown = "environment.randomVector has \(numbers.count) numbers"
      guard numbers.count == count else { throw UserError(shown, fix: "\(task.name)-v3 takes \(count)") }
      guard numbers.allSatisfy({ $0.isFinite && abs($0) <= 2 }) else {
        throw UserError("environment.randomVector is \(numbers)", fix: "Its numbers are metres, -2 to 2")
      }
      guard task.accepts(numbers) else {
        throw UserError(
          "environment.randomVector puts object and goal nearer than \(task.apart) m in the plane",
          fix: "\(task.name)-v3 draws such vectors again; move one of them")
      }
    }

    /// The vector of the episode of that seed.
    func vector(seed: UInt64) -> [Double] {
      if vectors.count == 1 { return vectors[0] }
      if !order.isEmpty { return vectors[order[Int(seed % UInt64(order.count))]] }
      var random = RandomSource(seed: seed)
      return vectors[random.integer(in: 0..<vectors.count)]
    }
  }
#endif
