/// Ridge regression of a log's rewards on its contexts, with a constant that is not held back: the model of doubly
/// robust estimates.
///
/// One vector for all arms: an arm has a regression of its own; a vector an arm: they share one.
struct RewardRegression {
  private let arms: Int
  private let dimension: Int
  private let isShared: Bool
  /// `[models, d + 1, d + 2]`: X^T X and X^T r; the constant comes last.
  private var sums: [Double]
  private var counts: [Double]
  /// `[models, d + 1]`
  private var weights: [Double]
  private var total = 0.0

  /// - Parameter features: `[d]` or `[arms, d]`.
  init(arms: Int, features: [Int]) {
    self.arms = arms
    dimension = features.last!
    isShared = features.count == 1
    let models = isShared ? arms : 1
    sums = Array(repeating: 0, count: models * (dimension + 1) * (dimension + 2))
    counts = Array(repeating: 0, count: models)
    weights = Array(repeating: 0, count: models * (dimension + 1))
  }

  private func vector(_ context: [Float], _ arm: Int) -> ArraySlice<Float> {
    isShared ? context[...] : context[arm * dimension..<(arm + 1) * dimension]
  }

  /// Adds a decision. - Complexity: O(d²).
  mutating func add(_ context: [Float], arm: Int, reward: Double) {
    let x = vector(context, arm).map { Double($0) } + [1]
    let (side, model) = (dimension + 1, isShared ? arm : 0)
    let base = model * side * (side + 1)
    for row in 0..<side {
      for column in 0..<side { sums[base + row * (side + 1) + column] += x[row] * x[column] }
      sums[base + row * (side + 1) + side] += x[row] * reward
    }
    counts[model] += 1
    total += reward
  }

  /// Fits: a ridge of 1 on the weights, a ten thousandth of a decision on the constant, so that what was never seen is
  /// worth 0 more than the mean of all.
  mutating func solve() {
    let side = dimension + 1
    let mean = total / max(1, counts.reduce(0, +))
    let right = counts.indices.flatMap { model -> [Double] in
      let base = model * side * (side + 1)
      var right = (0..<side).map { sums[base + $0 * (side + 1) + side] }
      right[side - 1] += 1e-4 * mean
      return right
    }
    weights = solved(right)
  }

  /// The solutions of every model's system, ridge included, for right sides `[models, d + 1]`.
  private func solved(_ right: [Double]) -> [Double] {
    let side = dimension + 1
    var found = right
    for model in counts.indices {
      let base = model * side * (side + 1)
      var matrix = Array(sums[base..<base + side * (side + 1)])
      for row in 0..<side {
        matrix[row * (side + 1) + row] += row < dimension ? 1 : 1e-4
        matrix[row * (side + 1) + side] = right[model * side + row]
      }
      // Positive definite: no pivot is small.
      for pivot in 0..<side {
        for other in 0..<side where other != pivot {
          let factor = matrix[other * (side + 1) + pivot] / matrix[pivot * (side + 1) + pivot]
          for column in pivot...side {
            matrix[other * (side + 1) + column] -= factor * matrix[pivot * (side + 1) + column]
          }
        }
      }
      for row in 0..<side {
        found[model * side + row] = matrix[row * (side + 1) + side] / matrix[row * (side + 1) + row]
      }
    }
    return found
  }

  /// How much a sum of predictions moves with the reward of each decision that was added.
  ///
  /// - Parameters:
  ///   - predictions: Context, arm and weight of what is summed.
  ///   - decisions: Context, arm and reward of what was added.
  /// - Returns: Of every decision the sum's derivative by its reward times what its reward is off.
  func influence(
    on predictions: some Sequence<(context: [Float], arm: Int, weight: Double)>,
    of decisions: some Sequence<(context: [Float], arm: Int, reward: Double)>
  ) -> [Double] {
    let side = dimension + 1
    var gradient = [Double](repeating: 0, count: weights.count)
    for prediction in predictions where prediction.weight != 0 {
      let base = (isShared ? prediction.arm : 0) * side
      for (place, x) in vector(prediction.context, prediction.arm).enumerated() {
        gradient[base + place] += prediction.weight * Double(x)
      }
      gradient[base + dimension] += prediction.weight
    }
    let direction = solved(gradient)
    return decisions.map { decision in
      let base = (isShared ? decision.arm : 0) * side
      let x = vector(decision.context, decision.arm)
      func along(_ line: [Double]) -> Double {
        zip(line[base..<base + dimension], x).reduce(line[base + dimension]) { $0 + $1.0 * Double($1.1) }
      }
      return along(direction) * (decision.reward - along(weights))
    }
  }

  /// What it says of every arm, `[arms]`.
  func values(_ context: [Float]) -> [Double] {
    (0..<arms).map { arm in
      let base = (isShared ? arm : 0) * (dimension + 1)
      return zip(weights[base..<base + dimension], vector(context, arm)).reduce(weights[base + dimension]) {
        $0 + $1.0 * Double($1.1)
      }
    }
  }
}
