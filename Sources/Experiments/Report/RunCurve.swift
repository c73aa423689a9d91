/// A run's score or measure over steps, for reading between its evaluations.
struct RunCurve {
  /// Rising.
  var steps: [Int]
  var values: [Double]

  init(steps: [Int], values: [Double]) {
    self.steps = steps
    self.values = values
  }

  /// A measure in a run's evaluations, as far as it was logged.
  init(_ run: RunSummary, measure: Int) {
    let points = run.curve.filter { !$0.values[measure].isNaN }
    self.init(steps: points.map(\.step), values: points.map { $0.values[measure] })
  }

  var isEmpty: Bool { steps.isEmpty }

  /// The value at a step, linear between evaluations and constant beyond them.
  func value(at step: Int) -> Double {
    guard let above = steps.firstIndex(where: { $0 >= step }) else { return values.last ?? .nan }
    if steps[above] == step || above == 0 { return values[above] }
    let part = Double(step - steps[above - 1]) / Double(steps[above] - steps[above - 1])
    return values[above - 1] + part * (values[above] - values[above - 1])
  }

  /// The mean value from the first evaluation to `end`, by trapezoids; the only value where there is one.
  func mean(until end: Int) -> Double {
    guard let start = steps.first, end > start else { return values.first ?? .nan }
    var area = 0.0
    var last = (step: start, value: values[0])
    for step in steps.dropFirst().filter({ $0 < end }) + [end] {
      let value = self.value(at: step)
      area += (value + last.value) / 2 * Double(step - last.step)
      last = (step, value)
    }
    return area / Double(end - start)
  }

  /// The first evaluation with at least that value.
  func firstStep(reaching threshold: Double) -> Int? {
    values.firstIndex { $0 >= threshold }.map { steps[$0] }
  }

  /// The steps at which all curves have something to say, at most `limit` of them.
  static func grid(_ curves: [RunCurve], limit: Int = 100) -> [Int] {
    let curves = curves.filter { !$0.isEmpty }
    guard let start = curves.map({ $0.steps[0] }).max(), let end = curves.map({ $0.steps.last! }).min(), start <= end
    else { return [] }
    let all = Set(curves.flatMap(\.steps)).filter { $0 >= start && $0 <= end }.sorted()
    guard all.count > limit else { return all }
    return (0..<limit).map { all[$0 * (all.count - 1) / (limit - 1)] }
  }
}
