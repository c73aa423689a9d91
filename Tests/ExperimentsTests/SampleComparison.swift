import Experiments
import ReinforcementLearning

/// Made-up runs with known shapes: `potential` learns early, `environment` late, `rnd` in between.
enum SampleComparison {
  /// - Parameter runs: Seeds of each arm.
  static func summary(runs: Int = 5, environments: Int = 2) -> ComparisonSummary {
    var random = SplitMix(12)
    func noise() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 - 0.5 }
    let arms: [(name: String, middle: Double, top: Double)] = [
      ("environment", 0.75, 0.85), ("environment+potential", 0.25, 1), ("environment+0.01*rnd", 0.5, 0.97),
      ("0.1*environment+program(file=reach.reward)", 0.3, 0.99),
    ]
    let ids = ["gridworld/DoorKey-8x8", "gridworld/MultiRoom-N4-S5", "bandit/Bernoulli"].prefix(environments)
    let list = ids.enumerated().map { index, id in
      let hasSuccess = id != "bandit/Bernoulli"
      let summaries = arms.map { arm in
        let results = (0..<runs).map { seed in
          let middle = arm.middle + noise() * 0.14 + Double(index) * 0.08
          let points = (0...24).map { part in
            let x = Double(part) / 24
            let level = arm.top / (1 + pow2(-(x - middle) * 24)) + noise() * 0.05
            let success = min(1, max(0, (level * 50).rounded() / 50))
            return CurvePoint(
              step: part * 20_000, values: hasSuccess ? [success, success * 0.93] : [level * 80 - 10])
          }
          return RunSummary(
            seed: UInt64(seed), curve: points, final: points.last!.values, episodes: 50, wallSeconds: 95 + noise() * 20,
            stepsPerSecond: 5_000 + noise() * 900,
            components: arm.name == "environment"
              ? []
              : [
                ComponentCurve(
                  name: "intrinsic", steps: points.map(\.step),
                  values: points.map { 1 / (1 + $0.values.last! * $0.values.last!) })
              ],
            replays: seed == 0
              ? [ReplayLink(title: "\(arm.name), seed 0", path: "runs/\(seed)/replays/last.replay.json")] : [])
        }
        return ArmSummary(name: arm.name, needs: arm.name.contains("program") ? ["language model"] : [], runs: results)
      }
      return EnvironmentSummary(
        id: id, about: hasSuccess ? "Fetch the key, open the door, reach the goal." : "",
        measures: hasSuccess ? [.success, .return()] : [.return(in: 0...100)], arms: summaries)
    }
    return ComparisonSummary(
      title: "Four reward designs for PPO", date: "2026-01-02 03:04",
      commandLine:
        """
        forage compare --env gridworld/DoorKey-8x8 --reward environment --reward environment+potential --agent \
        ppo --seeds \(runs)
        """,
      agent: "ppo", steps: 480_000, environments: list)
  }

  /// A cat walks through an eight by eight world.
  static func movie(frames: Int = 30) -> ReplayMovie {
    var movie = ReplayMovie(
      title: "environment+potential, seed 0: success after \(frames - 1) steps", environment: "gridworld/DoorKey-8x8")
    for time in 0..<frames {
      var sketch = Sketch(width: 8, height: 8)
      for y in 0..<8 {
        for x in 0..<8 {
          let isWall = x == 0 || y == 0 || x == 7 || y == 7
          sketch.shapes.append(
            .rectangle(
              corner: .init(Float(x) + 0.02, Float(y) + 0.02), width: 0.96, height: 0.96,
              isWall ? .init(100, 104, 110) : .init(28, 30, 34)))
        }
      }
      sketch.shapes.append(.rectangle(corner: .init(6, 6), width: 1, height: 1, .init(30, 160, 60)))
      let x = Float(1 + min(5, time / 5)) + 0.5
      let y = Float(1 + time % 6) + 0.5
      sketch.shapes.append(
        .polygon([.init(x - 0.35, y - 0.35), .init(x + 0.35, y - 0.35), .init(x, y + 0.4)], .init(220, 50, 47)))
      sketch.shapes.append(.text("key", at: .init(1.1, 6.2), height: 0.5, .init(240, 200, 60)))
      sketch.shapes.append(
        .ellipse(center: .init(5.5, 1.5), radiusX: 0.3, radiusY: 0.2, .init(90, 140, 250, alpha: 200)))
      sketch.shapes.append(.line(.init(4, 1), .init(4, 7), width: 0.08, .init(200, 200, 210)))
      var inset = Sketch(width: 3, height: 3)
      inset.shapes.append(.rectangle(corner: .init(0, 0), width: 3, height: 3, .init(60, 60, 70)))
      inset.shapes.append(.rectangle(corner: .init(1, 2), width: 1, height: 1, .init(220, 50, 47)))
      sketch.insets = [.init(title: "agent's view", sketch: inset)]
      movie.append(
        sketch,
        captions: ["Step \(time): forward", "environment 0.00 · potential \(time % 3 == 0 ? "0.05" : "-0.01")"]
          + (time == frames - 1 ? ["Terminated: success </script>"] : []))
    }
    return movie
  }

  private static func pow2(_ exponent: Double) -> Double {
    var result = 1.0
    var rest = exponent
    while rest >= 1 { (result, rest) = (result * 2, rest - 1) }
    while rest < 0 { (result, rest) = (result / 2, rest + 1) }
    return result * (1 + rest)
  }
}
