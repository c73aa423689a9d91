/// A differentiable function of a batch of rows.
///
/// A layer is a shape and the offsets of its blocks; parameters, activations and gradients are the caller's, so
/// one layer serves any number of threads. Shapes leave out the batch: `[count]`, or `[height, width, channels]`.
public protocol Layer: Sendable {
  /// Shape of a row of the input, without the batch.
  var inputShape: [Int] { get }
  /// Shape of a row of the output, without the batch; every number at least 1.
  var outputShape: [Int] { get }

  /// Elements of scratch that either direction needs for so many rows; the caller may hand in more, with any contents.
  func scratchCount(rows: Int) -> Int

  /// Draws the first values of all its blocks, and of nothing else, from `random` alone.
  func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator)

  /// Writes `output: [rows, outputCount]` from `input: [rows, inputCount]`.
  ///
  /// An implementation allocates nothing, writes only `output` and `scratch`, adds in a fixed order, and computes a row
  /// the same way, to the last bit, whatever rows are beside it. Several threads may call it at once, each with its own
  /// memory.
  ///
  /// - Parameters:
  ///   - parameters: The whole flat buffer; the layer's blocks lie at their offsets.
  ///   - rows: At least 0.
  ///   - scratch: `scratchCount(rows:)` elements.
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>)

  /// Adds the gradient of its parameters to `gradient` (the flat buffer), and writes `inputGradient` when it is asked
  /// for.
  ///
  /// It allocates nothing and adds rows in their order, so that the same calls give the same bits.
  ///
  /// - Parameters:
  ///   - input: `[rows, inputCount]` of the forward call.
  ///   - output: `[rows, outputCount]` of the forward call.
  ///   - outputGradient: `[rows, outputCount]`, which the layer may overwrite.
  ///   - inputGradient: `[rows, inputCount]`, whose old contents do not matter; nil where nobody needs it.
  ///   - gradient: `[layout.count]`, added to; nil where the input's gradient alone is wanted.
  ///   - scratch: `scratchCount(rows:)` elements.
  func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>)
}

extension Layer {
  /// Numbers of a row of the input.
  public var inputCount: Int { inputShape.reduce(1, *) }
  /// Numbers of a row of the output.
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
