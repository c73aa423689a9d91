internal import CKernels
public import Groundwork

/// Adam (Kingma and Ba 2015) as PyTorch computes it, with AdamW's decoupled weight decay (Loshchilov and Hutter
/// 2019) where one is given.
///
/// `x -= rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`
public struct Adam: Sendable {
  /// β₁
  public var meanDecay: Float
  /// β₂
  public var squareDecay: Float
  /// ε: 1e-5 in PPO, 1e-8 in PyTorch.
  public var epsilon: Float
  /// λ: each step multiplies the parameters by `1 - rate · λ`.
  public var weightDecay: Float
  /// Steps taken.
  public private(set) var steps = 0
  private let layout: ParameterLayout
  private var mean: [Float]
  private var square: [Float]

  public init(
    _ layout: ParameterLayout, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-5,
    weightDecay: Float = 0
  ) {
    self.layout = layout
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    mean = [Float](repeating: 0, count: layout.count)
    square = mean
  }

  /// Moves the parameters one step down `gradient · gradientScale`.
  ///
  /// - Parameter gradientScale: From `Gradient.clipScale`, or one over a number of samples.
  /// - Complexity: O(parameters); allocates nothing.
  public mutating func step(
    _ parameters: inout Parameters, gradient: [Float], learningRate: Float, gradientScale: Float = 1
  ) {
    precondition(
      gradient.count == mean.count && parameters.values.count == mean.count,
      "an optimizer of \(mean.count) parameters was given a gradient of \(gradient.count)")
    steps += 1
    let meanCorrection = 1 - power(Double(meanDecay), steps)
    let squareCorrection = 1 - power(Double(squareDecay), steps)
    let stepSize = Float(Double(learningRate) / meanCorrection)
    let rootCorrection = Float(squareCorrection.squareRoot())
    parameters.values.withUnsafeMutableBufferPointer { values in
      mean.withUnsafeMutableBufferPointer { mean in
        square.withUnsafeMutableBufferPointer { square in
          forage_adam_f32(
            values.count, gradientScale, meanDecay, squareDecay, stepSize, rootCorrection, epsilon,
            1 - learningRate * weightDecay, gradient, mean.baseAddress!, square.baseAddress!, values.baseAddress!)
        }
      }
    }
  }

  /// The moments under `mean` and `square`, one array per block, and the number of steps.
  public func savedState() -> SavedState {
    var state = SavedState()
    state.set(prefix: "mean", layout.savedState(mean))
    state.set(prefix: "square", layout.savedState(square))
    state.set("steps", scalar: Int64(steps))
    return state
  }

  /// - Throws: `UserError` when a moment is missing or has another shape; nothing is changed then.
  public mutating func restore(_ state: SavedState) throws(UserError) {
    let mean = try layout.values(in: state.get(prefix: "mean"))
    let square = try layout.values(in: state.get(prefix: "square"))
    steps = Int(try state.scalar("steps", as: Int64.self))
    (self.mean, self.square) = (mean, square)
  }

  /// By squaring: the same bits everywhere, which `pow` does not promise.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }
}
