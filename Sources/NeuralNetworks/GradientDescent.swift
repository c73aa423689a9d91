public import Groundwork

/// Gradient descent with an optional momentum, as PyTorch's `SGD`: `v = μ v + g; x -= rate · v`.
public struct GradientDescent: Sendable {
  /// μ; 0 is plain descent.
  public var momentum: Float
  private let layout: ParameterLayout
  private var velocity: [Float]

  public init(_ layout: ParameterLayout, momentum: Float = 0) {
    self.layout = layout
    self.momentum = momentum
    velocity = [Float](repeating: 0, count: layout.count)
  }

  public mutating func step(
    _ parameters: inout Parameters, gradient: [Float], learningRate: Float, gradientScale: Float = 1
  ) {
    precondition(gradient.count == velocity.count, "an optimizer of \(velocity.count) parameters, not \(gradient.count)")
    for index in gradient.indices {
      velocity[index] = momentum * velocity[index] + gradient[index] * gradientScale
      parameters.values[index] -= learningRate * velocity[index]
    }
  }

  public func savedState() -> SavedState { layout.savedState(velocity) }

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

  public init(_ layout: ParameterLayout, squareDecay: Float = 0.99, epsilon: Float = 1e-8) {
    self.layout = layout
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    square = [Float](repeating: 0, count: layout.count)
  }

  public mutating func step(
    _ parameters: inout Parameters, gradient: [Float], learningRate: Float, gradientScale: Float = 1
  ) {
    precondition(gradient.count == square.count, "an optimizer of \(square.count) parameters, not \(gradient.count)")
    for index in gradient.indices {
      let slope = gradient[index] * gradientScale
      square[index] = squareDecay * square[index] + (1 - squareDecay) * slope * slope
      parameters.values[index] -= learningRate * slope / (square[index].squareRoot() + epsilon)
    }
  }

  public func savedState() -> SavedState { layout.savedState(square) }

  public mutating func restore(_ state: SavedState) throws(UserError) { square = try layout.values(in: state) }
}
