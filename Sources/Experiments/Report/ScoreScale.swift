import ReinforcementLearning

/// How what an environment is judged by becomes a score between 0 and 1.
struct ScoreScale {
  var name: String
  /// The values that score 0 and 1.
  var poor: Double
  var perfect: Double

  init(_ environment: EnvironmentSummary) {
    let measure = environment.measures[0]
    let runs = environment.arms.flatMap(\.results)
    let seen = runs.flatMap { $0.curve.map { $0.values[0] } + [$0.final[0]] }.filter(\.isFinite)
    let low = measure.range?.lowerBound ?? seen.min() ?? 0
    let high = measure.range?.upperBound ?? seen.max() ?? 1
    (poor, perfect) = measure.direction == .higher ? (low, high) : (high, low)
    if let scale = environment.scale { (poor, perfect) = (scale[0], scale[1]) }
    let bounds = "\(NumberText.short(poor)) to \(NumberText.short(perfect))"
    guard environment.scale == nil else {
      name = measure.name + ", scaled by the suite from \(bounds)"
      return
    }
    guard measure.range != nil || !seen.isEmpty else {
      name = "not known, as no run is finished"
      return
    }
    name =
      poor == 0 && perfect == 1 && measure.range != nil
      ? measure.name
      : measure.name + (measure.range != nil ? ", scaled from \(bounds)" : ", scaled from the range seen, \(bounds)")
  }

  func scaled(_ value: Double) -> Double { poor == perfect ? 0 : (value - poor) / (perfect - poor) }

  func value(ofScore score: Double) -> Double { poor + score * (perfect - poor) }

  func finalScore(of run: RunSummary) -> Double { scaled(run.final[0]) }

  func curve(of run: RunSummary) -> RunCurve {
    var curve = RunCurve(run, measure: 0)
    curve.values = curve.values.map(scaled)
    return curve
  }
}
