/// An elementwise function, usually fused into the layer before it.
///
/// In `Float` the tanh and the exponentials are within 2e-7 of the true value; a NaN passes through.
public enum Activation: Int32, Sendable, Hashable, CaseIterable {
  case identity, tanh, relu, elu, sigmoid
  /// The tanh form of Hendrycks and Gimpel 2016. Its derivative needs the input, so it cannot be fused: use
  /// `.activation(.gelu)` as a layer of its own.
  case gelu
}

/// An activation as a layer of its own, where it cannot be fused into a `Dense` or `Convolution`.
public struct ActivationLayer: Layer {
  public let activation: Activation
  public let inputShape: [Int]
  public var outputShape: [Int] { inputShape }

  public func scratchCount(rows: Int) -> Int { 0 }
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {}

  @_specialize(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.activate(rows * inputCount, activation, input, into: output)
  }

  @_specialize(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    guard let inputGradient else { return }
    inputGradient.update(from: outputGradient, count: rows * inputCount)
    let known = activation == .gelu ? input : output
    Scalar.activateBackward(rows, inputCount, activation, known, inputGradient, sum: nil)
  }
}
