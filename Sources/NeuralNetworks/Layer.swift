/// A differentiable function of a batch of rows.
///
/// A layer is a shape and the offsets of its blocks; parameters, activations and gradients are the caller's, so
/// one layer serves any number of threads. Shapes leave out the batch: `[count]`, or `[height, width, channels]`.
public protocol Layer: Sendable {
  var inputShape: [Int] { get }
  var outputShape: [Int] { get }

  /// Elements of scratch that either direction needs for so many rows.
  func scratchCount(rows: Int) -> Int

  /// Draws the first values of its blocks.
  func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator)

  /// Writes `output: [rows, outputCount]` from `input: [rows, inputCount]`; allocates nothing.
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>)

  /// Adds the gradient of its parameters to `gradient` (the flat buffer), and writes `inputGradient` when it is
  /// asked for. `input` and `output` are those of the forward call; `outputGradient` may be overwritten.
  func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>)
}

extension Layer {
  public var inputCount: Int { inputShape.reduce(1, *) }
  public var outputCount: Int { outputShape.reduce(1, *) }
}

/// What a network is to have in one place; it becomes a `Layer` once the shape of its input is known.
public enum LayerDescription: Sendable, Hashable {
  /// All inputs to each of `count` outputs; an input of more dimensions is taken flat.
  case dense(
    _ count: Int, activation: Activation = .identity, initialization: Initialization = .orthogonal(gain: 1.4142135))
  /// Over `[height, width, channels]`, zeros around it.
  case convolution(
    channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, activation: Activation = .relu,
    initialization: Initialization = .orthogonal(gain: 1.4142135))
  /// To mean zero and variance one over each row, then a learnt gain and bias.
  case layerNorm(epsilon: Float = 1e-5)
  case activation(Activation)

  /// - Parameters:
  ///   - name: The prefix of its blocks, for example `actor.0`.
  ///   - shape: Of one row of its input.
  func layer(_ name: String, from shape: [Int], in layout: inout ParameterLayout) -> any Layer {
    switch self {
    case .dense(let count, let activation, let initialization):
      Dense(name, inputs: shape, outputs: count, activation, initialization, in: &layout)
    case .convolution(let channels, let kernel, let stride, let padding, let activation, let initialization):
      Convolution(
        name, input: shape, channels: channels, kernel: kernel, stride: stride, padding: padding, activation,
        initialization, in: &layout)
    case .layerNorm(let epsilon): LayerNorm(name, shape, epsilon: epsilon, in: &layout)
    case .activation(let activation): ActivationLayer(activation: activation, inputShape: shape)
    }
  }
}
