/// `output = activation(input · weight + bias)`, with `weight: [inputs, outputs]` and `bias: [outputs]`.
public struct Dense: Layer {
  /// Shape of a row without the batch; it is read flat, as `inputs` numbers.
  public let inputShape: [Int]
  /// `[outputs]`
  public let outputShape: [Int]
  /// Fused into the product; not `gelu`.
  public let activation: Activation
  /// How `initialize` draws the weight; the bias is zero whatever it is.
  public let initialization: Initialization
  /// `[inputs, outputs]`
  public let weight: ParameterLayout.Block
  /// `[outputs]`
  public let bias: ParameterLayout.Block

  /// Claims `NAME.weight` and `NAME.bias` in the layout.
  ///
  /// - Parameters:
  ///   - name: The prefix of its blocks, for example `actor.0`.
  ///   - shape: Of a row of the input, without the batch.
  ///   - outputs: At least 1.
  ///   - activation: Anything but `gelu`, whose derivative needs the input.
  public init(
    _ name: String, inputs shape: [Int], outputs: Int, _ activation: Activation = .identity,
    _ initialization: Initialization = .orthogonal(gain: 1.4142135), in layout: inout ParameterLayout
  ) {
    precondition(activation != .gelu, "gelu cannot be fused: use .activation(.gelu) after the layer")
    inputShape = shape
    outputShape = [outputs]
    self.activation = activation
    self.initialization = initialization
    weight = layout.add("\(name).weight", [shape.reduce(1, *), outputs])
    bias = layout.add("\(name).bias", [outputs])
  }

  /// Room for the packed weights, the same for any number of rows.
  public func scratchCount(rows: Int) -> Int { productScratch(weight.shape[1], weight.shape[0]) }

  /// Draws the weight; the bias becomes zero.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    parameters[weight] = initialization.draw(rows: weight.shape[0], columns: weight.shape[1], random: &random)[...]
    parameters[bias] = [Float](repeating: 0, count: bias.count)[...]
  }

  /// Writes `output: [rows, outputs]`; a row's bits do not depend on the rows beside it.
  @_specialize(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.product(
      rows, weight.shape[1], weight.shape[0], input, parameters + weight.offset, transposed: false,
      bias: parameters + bias.offset, accumulate: false, activation: activation, into: output, scratch: scratch)
  }

  /// Adds `inputᵀ · d` to the weight's gradient and the column sums of `d` to the bias's, and writes `inputGradient = d
  /// · weightᵀ`; `d` is `outputGradient` before the activation, and overwrites it.
  @_specialize(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    // One pass: through the activation, and the column sums that are the gradient of the bias.
    Scalar.activateBackward(
      rows, outputs, activation, output, outputGradient, sum: gradient.map { $0 + bias.offset })
    if let gradient {
      Scalar.outer(rows, outputs, inputs, input, outputGradient, into: gradient + weight.offset, scratch: scratch)
    }
    if let inputGradient {
      Scalar.product(
        rows, inputs, outputs, outputGradient, parameters + weight.offset, transposed: true, bias: nil,
        accumulate: false, activation: .identity, into: inputGradient, scratch: scratch)
    }
  }
}
