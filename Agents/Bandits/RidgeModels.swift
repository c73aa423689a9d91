/// Ridge regression of rewards on features, one for all arms or one an arm: the inverse of lambda I + sum x x^T, its
/// product with the rewards, and what was chosen last.
///
/// Memory: for every model `[d, d]` inverse, `[d]` sums, `[d]` estimate; then the context of the last pulls, and room
/// for a vector.
struct RidgeModels {
  let context: ContextMemory
  let ridge: Double

  init(_ problem: BanditProblem, ridge: Double) {
    context = ContextMemory(problem)
    self.ridge = ridge
  }

  var arms: Int { context.arms }
  var dimension: Int { context.dimension }
  /// Whether every arm has parameters of its own, and the context is one vector.
  var isDisjoint: Bool { context.isShared }

  var models: Int { isDisjoint ? arms : 1 }
  /// Numbers of one model.
  var modelWidth: Int { dimension * (dimension + 2) }
  var width: Int { models * modelWidth + context.width + dimension }

  func inverse(_ memory: BanditMemory, _ model: Int) -> BanditMemory { memory + model * modelWidth }
  func sums(_ memory: BanditMemory, _ model: Int) -> BanditMemory {
    memory + model * modelWidth + dimension * dimension
  }
  func estimate(_ memory: BanditMemory, _ model: Int) -> BanditMemory { sums(memory, model) + dimension }
  /// The features that an arm had when it was chosen last.
  func chosen(_ memory: BanditMemory, _ arm: Int) -> BanditMemory {
    context.chosen(memory + models * modelWidth, arm)
  }
  /// Room for one vector.
  func scratch(_ memory: BanditMemory) -> BanditMemory { memory + models * modelWidth + context.width }

  func model(_ arm: Int) -> Int { isDisjoint ? arm : 0 }

  func start(_ memory: BanditMemory) {
    for model in 0..<models {
      let inverse = inverse(memory, model)
      for place in 0..<dimension { inverse[place * dimension + place] = 1 / ridge }
    }
  }

  /// An arm's features now.
  func features(_ moment: BanditMoment, _ arm: Int) -> UnsafePointer<Float> { context.features(moment, arm) }

  /// Keeps what is pulled, for when its reward comes.
  func keep(_ memory: BanditMemory, _ moment: BanditMoment, _ arm: Int) {
    context.keep(memory + models * modelWidth, moment, arm)
  }

  /// Adds a pull by Sherman and Morrison's formula. - Complexity: O(d²).
  func learn(_ memory: BanditMemory, _ arm: Int, _ reward: Double) {
    let d = dimension
    let (inverse, sums, estimate) = (
      inverse(memory, model(arm)), sums(memory, model(arm)), estimate(memory, model(arm))
    )
    let (x, product) = (chosen(memory, arm), scratch(memory))
    var square = 1.0
    for row in 0..<d {
      var sum = 0.0
      for column in 0..<d { sum += inverse[row * d + column] * x[column] }
      product[row] = sum
      square += sum * x[row]
      sums[row] += reward * x[row]
    }
    for row in 0..<d {
      for column in 0..<d { inverse[row * d + column] -= product[row] * product[column] / square }
    }
    for row in 0..<d {
      var sum = 0.0
      for column in 0..<d { sum += inverse[row * d + column] * sums[column] }
      estimate[row] = sum
    }
  }

  /// An arm's estimated mean, and x^T V^-1 x.
  func value(_ memory: BanditMemory, _ moment: BanditMoment, _ arm: Int) -> (mean: Double, variance: Double) {
    let d = dimension
    let (inverse, estimate) = (inverse(memory, model(arm)), estimate(memory, model(arm)))
    let x = features(moment, arm)
    var (mean, variance) = (0.0, 0.0)
    for row in 0..<d {
      mean += estimate[row] * Double(x[row])
      var sum = 0.0
      for column in 0..<d { sum += inverse[row * d + column] * Double(x[column]) }
      variance += sum * Double(x[row])
    }
    return (mean, max(0, variance))
  }
}
