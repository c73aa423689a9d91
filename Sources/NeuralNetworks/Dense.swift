/// `output = activation(input · weight + bias)`, with `weight: [inputs, outputs]` and `bias: [outputs]`.
public struct Dense: Layer {
  public let inputShape: [Int]
  public let outputShape: [Int]
  public let activation: Activation
  public let initialization: Initialization
  public let weight: ParameterLayout.Block
  public let bias: ParameterLayout.Block

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

  public func scratchCount(rows: Int) -> Int { productScratch(weight.shape[1], weight.shape[0]) }

  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    parameters[weight] = initialization.draw(rows: weight.shape[0], columns: weight.shape[1], random: &random)[...]
    parameters[bias] = [Float](repeating: 0, count: bias.count)[...]
  }

  @_specialize(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.product(
      rows, weight.shape[1], weight.shape[0], input, parameters + weight.offset, transposed: false,
      bias: parameters + bias.offset, accumulate: false, activation: activation, into: output, scratch: scratch)
  }

  @_specialize(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    // One pass: through the activation, and the column sums that are the gradient of the bias.
    Scalar.activateBackward(rows, outputs, activation, output, outputGradient, sum: gradient + bias.offset)
    Scalar.outer(rows, outputs, inputs, input, outputGradient, into: gradient + weight.offset, scratch: scratch)
    if let inputGradient {
      Scalar.product(
        rows, inputs, outputs, outputGradient, parameters + weight.offset, transposed: true, bias: nil,
        accumulate: false, activation: .identity, into: inputGradient, scratch: scratch)
    }
  }
}
