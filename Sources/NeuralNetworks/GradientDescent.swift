public import Groundwork

/// Gradient descent with an optional momentum, as PyTorch's `SGD`: `v = μ v + g; x -= rate · v`.
public struct GradientDescent: Sendable {
  /// μ; 0 is plain descent.
  public var momentum: Float
  private let layout: ParameterLayout
  private var velocity: [Float]

  /// Velocities of zero for every element of the layout.
  ///
  /// - Parameter momentum: μ, at least 0 and below 1.
  public init(_ layout: ParameterLayout, momentum: Float = 0) {
    self.layout = layout
    self.momentum = momentum
    velocity = [Float](repeating: 0, count: layout.count)
  }

  /// Moves the parameters one step down `gradient · gradientScale`, single-threaded; blocks with `isTrained` false stay
  /// as they are.
  ///
  /// - Parameters:
  ///   - gradient: `[layout.count]`.
  ///   - learningRate: Of this step.
  ///   - gradientScale: From `Gradient.clipScale`, or one over a number of samples.
  public mutating func step(
    _ parameters: inout Parameters, gradient: [Float], learningRate: Float, gradientScale: Float = 1
  ) {
    precondition(
      gradient.count == velocity.count, "an optimizer of \(velocity.count) parameters, not \(gradient.count)")
    for index in layout.trainedRanges.joined() {
      velocity[index] = momentum * velocity[index] + gradient[index] * gradientScale
      parameters.values[index] -= learningRate * velocity[index]
    }
  }

  /// The velocities, one array per block under the block's name.
  public func savedState() -> SavedState { layout.savedState(velocity) }

  /// - Throws: `UserError` when a block is missing or has another shape; nothing is changed then.
  public mutating func restore(_ state: SavedState) throws(UserError) { velocity = try layout.values(in: state) }
}

/// RMSProp as PyTorch computes it without momentum: `s = α s + (1 - α) g²; x -= rate · g / (√s + ε)`.
public struct RMSProp: Sendable {
  /// α
  public var squareDecay: Float
  /// ε
  public var epsilon: Float
  private let layout: ParameterLayout
  private var square: [Float]

  /// Mean squares of zero for every element of the layout.
  ///
  /// - Parameters:
  ///   - squareDecay: α, at least 0 and below 1; PyTorch's 0.99.
  ///   - epsilon: ε, above 0, outside of the root.
  public init(_ layout: ParameterLayout, squareDecay: Float = 0.99, epsilon: Float = 1e-8) {
    self.layout = layout
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    square = [Float](repeating: 0, count: layout.count)
  }

  /// Moves the parameters one step down `gradient · gradientScale`, single-threaded; blocks with `isTrained` false stay
  /// as they are.
  ///
  /// - Parameters:
  ///   - gradient: `[layout.count]`.
  ///   - learningRate: Of this step.
  ///   - gradientScale: From `Gradient.clipScale`, or one over a number of samples.
  public mutating func step(
    _ parameters: inout Parameters, gradient: [Float], learningRate: Float, gradientScale: Float = 1
  ) {
    precondition(gradient.count == square.count, "an optimizer of \(square.count) parameters, not \(gradient.count)")
    for index in layout.trainedRanges.joined() {
      let slope = gradient[index] * gradientScale
      square[index] = squareDecay * square[index] + (1 - squareDecay) * slope * slope
      parameters.values[index] -= learningRate * slope / (square[index].squareRoot() + epsilon)
    }
  }

  /// The mean squares, one array per block under the block's name.
  public func savedState() -> SavedState { layout.savedState(square) }

  /// - Throws: `UserError` when a block is missing or has another shape; nothing is changed then.
  public mutating func restore(_ state: SavedState) throws(UserError) { square = try layout.values(in: state) }
}
