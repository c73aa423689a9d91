#if MuJoCo
  import Groundwork
  import ReinforcementLearning

  /// Where a task's fifty vectors come from: one of the package's benchmarks, whose tasks draw one after the other
  /// under one seed.
  enum MetaWorldBenchmark {
    /// Vectors of a task in a benchmark.
    static let count = 50

    /// Tasks of a benchmark in the order in which they draw, as numbers in `MetaWorldTask.all`.
    private static let groups: [(name: String, tasks: [Int])] = {
      let ten = [43, 40, 30, 15, 19, 18, 4, 35, 48, 49]
      let twentyFive = ten + [9, 29, 12, 28, 1, 39, 7, 20, 14, 27, 46, 21, 8, 5, 11]
      return [
        ("MT10", ten), ("MT25", twentyFive), ("MT50", Array(0..<50)),
        ("ML10", [43, 40, 30, 15, 18, 4, 35, 48, 47, 1]), ("ML10-test", [19, 13, 45, 46, 27]),
        ("ML25", twentyFive), ("ML25-test", [1, 13, 45, 47, 6]),
        (
          "ML45",
          [0, 1] + Array(4...13) + [15] + Array(18...29) + [42] + Array(30...39) + [41, 40, 44, 43] + Array(45...49)
        ),
        ("ML45-test", [2, 3, 17, 14, 16]),
      ]
    }()

    /// All names, those of one task first.
    static let names = ["MT1", "ML1", "ML1-test"] + groups.map(\.name)

    /// Tasks of a benchmark of several in the order in which they draw, as numbers in `MetaWorldTask.all`; nil for
    /// another name.
    static func tasks(of benchmark: String) -> [Int]? { groups.first { $0.name == benchmark }?.tasks }

    /// The fifty vectors of a task.
    ///
    /// - Throws: `UserError` for a benchmark that does not exist or lacks the task, or a seed that NumPy refuses.
    static func vectors(of number: Int, in benchmark: String, seed: Int) throws(UserError) -> [[Double]] {
      try Check("environment.benchmarkSeed", seed, in: 0...Int(UInt32.max) - 1).enforce()
      let seed = UInt32(seed)
      let all = MetaWorldTask.all
      let tasks: [Int]
      // The test half of ML1 alone is drawn under the next seed.
      var generator = MersenneTwister(seed: benchmark == "ML1-test" ? seed + 1 : seed)
      if ["MT1", "ML1", "ML1-test"].contains(benchmark) {
        tasks = [number]
      } else if let group = groups.first(where: { $0.name == benchmark }) {
        tasks = group.tasks
      } else {
        throw UserError.unknown("benchmark", benchmark, among: names, hint: names.joined(separator: ", "))
      }
      guard tasks.contains(number) else {
        throw UserError(
          "\(benchmark) has no task '\(all[number].name)-v3'",
          fix: "It has \(tasks.map { all[$0].name }.joined(separator: ", "))")
      }
      for task in tasks {
        let vectors = (0..<count).map { _ in
          // A reset of the package draws twice and keeps the second.
          _ = draw(all[task], &generator)
          return draw(all[task], &generator)
        }
        if task == number { return vectors }
      }
      preconditionFailure("a task that is listed was not drawn")
    }

    /// One vector that the task accepts.
    private static func draw(_ task: MetaWorldTask, _ generator: inout MersenneTwister) -> [Double] {
      while true {
        var numbers: [Double] = []
        for box in task.drawBoxes {
          for axis in 0..<3 { numbers.append(generator.uniform(box.low[axis], box.high[axis])) }
        }
        if task.accepts(numbers) { return numbers }
      }
    }

    /// The numbers of the vectors that episodes take in the order of `gymnasium.make("Meta-World/MT1", seed=...)`.
    static func order(seed: UInt64, episodes: Int) -> [Int] {
      var random = RandomSource(seed: seed)
      return (0..<episodes).map { _ in random.integer(in: 0..<count) }
    }
  }
#endif
