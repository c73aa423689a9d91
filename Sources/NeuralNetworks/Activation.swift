/// An elementwise function, usually fused into the layer before it.
///
/// In `Float` the tanh and the exponentials are within 2e-7 of the true value; a NaN passes through. The raw values are
/// those of the C kernels' `forage_identity` ... `forage_gelu`.
///
/// - `identity`: `x`. `tanh`: within -1...1. `sigmoid`: `1 / (1 + exp(-x))`, within 0...1.
/// - `relu`: `max(0, x)`, with the derivative 0 at 0.
/// - `elu`: `x` above zero and `exp(x) - 1` below it, so above -1 (Clevert et al. 2016, with α = 1).
public enum Activation: Int32, Sendable, Hashable, CaseIterable {
  case identity, tanh, relu, elu, sigmoid
  /// The tanh form of Hendrycks and Gimpel 2016. Its derivative needs the input, so it cannot be fused: use
  /// `.activation(.gelu)` as a layer of its own.
  case gelu
}

/// An activation as a layer of its own, where it cannot be fused into a `Dense` or `Convolution`.
public struct ActivationLayer: Layer {
  /// The function, which here may also be `gelu`.
  public let activation: Activation
  /// Shape of a row without the batch; the function reads it flat.
  public let inputShape: [Int]
  /// The same as the input's.
  public var outputShape: [Int] { inputShape }

  /// None: every element is computed by itself.
  public func scratchCount(rows: Int) -> Int { 0 }
  /// Does nothing and draws nothing: the layer claims no block.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {}

  /// Writes `output: [rows, inputCount]`; it may be the same memory as `input`.
  @_specialize(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.activate(rows * inputCount, activation, input, into: output)
  }

  /// Writes `inputGradient = outputGradient · f'`, with `f'` from the output, for gelu from the input.
  ///
  /// It has no parameters, so nothing is added to `gradient`, and without an `inputGradient` it does nothing.
  @_specialize(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    guard let inputGradient else { return }
    inputGradient.update(from: outputGradient, count: rows * inputCount)
    let known = activation == .gelu ? input : output
    Scalar.activateBackward(rows, inputCount, activation, known, inputGradient, sum: nil)
  }
}
