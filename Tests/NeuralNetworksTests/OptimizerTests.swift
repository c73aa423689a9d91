import Groundwork
import RealModule
import Testing

@testable import NeuralNetworks

@Suite("Optimizers, clipping and schedules")
struct OptimizerTests {
  let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("a", [3])
    _ = layout.add("b", [2, 2])
    return layout
  }()

  @Test("Adam's first three steps are those of the paper's algorithm in Double")
  func adam() {
    var random = TestRandom(21)
    var parameters = Parameters(layout)
    parameters.values = random.floats(7)
    var adam = Adam(layout, epsilon: 1e-5)
    var (x, m, v) = (
      parameters.values.map(Double.init), [Double](repeating: 0, count: 7), [Double](repeating: 0, count: 7)
    )
    for step in 1...3 {
      let gradient = random.floats(7)
      adam.step(&parameters, gradient: gradient, learningRate: 0.01, gradientScale: 0.5)
      for index in 0..<7 {
        let g = 0.5 * Double(gradient[index])
        m[index] = 0.9 * m[index] + 0.1 * g
        v[index] = 0.999 * v[index] + 0.001 * g * g
        let meanHat = m[index] / (1 - .pow(0.9, Double(step)))
        let squareHat = v[index] / (1 - .pow(0.999, Double(step)))
        x[index] -= 0.01 * meanHat / (squareHat.squareRoot() + 1e-5)
        #expect(abs(Double(parameters.values[index]) - x[index]) < 1e-6)
      }
    }
  }

  @Test("weight decay shrinks the parameters apart from the gradient")
  func decay() {
    var parameters = Parameters(layout)
    parameters.values = [Float](repeating: 2, count: 7)
    var adam = Adam(layout, weightDecay: 0.1)
    adam.step(&parameters, gradient: [Float](repeating: 0, count: 7), learningRate: 0.5)
    #expect(parameters.values.allSatisfy { abs($0 - 1.9) < 1e-6 })
  }

  @Test("an optimizer restored from its saved state goes on bit for bit")
  func resume() throws {
    var random = TestRandom(22)
    var first = Parameters(layout)
    var adam = Adam(layout)
    let gradients = (0..<6).map { _ in random.floats(7) }
    for gradient in gradients[..<3] { adam.step(&first, gradient: gradient, learningRate: 0.1) }
    var second = Parameters(layout)
    var resumed = Adam(layout)
    try second.restore(SavedState(safetensors: first.savedState().safetensors(), name: "test"))
    try resumed.restore(SavedState(safetensors: adam.savedState().safetensors(), name: "test"))
    for gradient in gradients[3...] {
      adam.step(&first, gradient: gradient, learningRate: 0.1)
      resumed.step(&second, gradient: gradient, learningRate: 0.1)
    }
    #expect(first == second && first.values != [Float](repeating: 0, count: 7) && resumed.steps == 6)
  }

  @Test("elements that never had a gradient stay to the bit, and those that had one go on", arguments: [3, 64, 100])
  func resting(count: Int) {
    var layout = ParameterLayout()
    _ = layout.add("x", [count])
    var adam = Adam(layout)
    var parameters = Parameters(layout)
    for index in 0..<count { parameters.values[index] = Float(index) * 0.37 - 5 }
    let start = parameters.values
    var gradient = [Float](repeating: 0, count: count)
    gradient[count - 1] = 1
    adam.step(&parameters, gradient: gradient, learningRate: 0.1)
    #expect(parameters.values.dropLast() == start.dropLast())
    let after = parameters.values[count - 1]
    #expect(abs(after - (start[count - 1] - 0.1)) < 1e-4)
    adam.step(&parameters, gradient: [Float](repeating: 0, count: count), learningRate: 0.1)
    #expect(parameters.values.dropLast() == start.dropLast() && parameters.values[count - 1] < after)
  }

  @Test("clipping scales a norm of five down to the maximum, and leaves a small one alone")
  func clipping() throws {
    let norm = Gradient.norm([3, 0, 4] + [Float](repeating: 0, count: 20))
    #expect(norm == 5)
    #expect(abs(try Gradient.clipScale(norm: norm, maximum: 0.5) - 0.1) < 1e-6)
    #expect(try Gradient.clipScale(norm: norm, maximum: 6) == 1)
  }

  @Test("a gradient that is not finite is an error, wherever it hides", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(_ value: Float) {
    for place in [0, 7, 8, 22] {
      var gradient = [Float](repeating: 0.1, count: 23)
      gradient[place] = value
      let norm = Gradient.norm(gradient)
      #expect(throws: UserError.self) { try Gradient.clipScale(norm: norm, maximum: 0.5) }
    }
  }

  @Test("schedules start at the rate and end where they should")
  func schedules() {
    for schedule in LearningRateSchedule.allCases { #expect(schedule.rate(initial: 0.5, progress: 0) == 0.5) }
    #expect(LearningRateSchedule.constant.rate(initial: 0.5, progress: 1) == 0.5)
    #expect(LearningRateSchedule.linear.rate(initial: 0.5, progress: 0.25) == 0.375)
    #expect(LearningRateSchedule.linear.rate(initial: 0.5, progress: 2) == 0)
    #expect(abs(LearningRateSchedule.cosine.rate(initial: 0.5, progress: 0.5) - 0.25) < 1e-7)
    #expect(LearningRateSchedule.cosine.rate(initial: 0.5, progress: 1) < 1e-7)
  }
}
