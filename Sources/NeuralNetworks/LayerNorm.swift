/// Rows brought to mean zero and variance one, then `gain` and `bias`, both `[count]`: Ba et al. 2016.
///
/// The variance is the biased one, as in PyTorch.
public struct LayerNorm: Layer {
  /// Shape of a row without the batch; mean and variance are taken over all of it.
  public let inputShape: [Int]
  /// The same as the input's.
  public var outputShape: [Int] { inputShape }
  /// Added to the variance before the root.
  public let epsilon: Float
  /// `[count]`, one at the start; the block is called `NAME.weight`, as in PyTorch.
  public let gain: ParameterLayout.Block
  /// `[count]`, zero at the start.
  public let bias: ParameterLayout.Block

  /// Claims `NAME.weight` and `NAME.bias`, a number for each of a row, in the layout.
  public init(_ name: String, _ shape: [Int], epsilon: Float = 1e-5, in layout: inout ParameterLayout) {
    inputShape = shape
    self.epsilon = epsilon
    gain = layout.add("\(name).weight", [shape.reduce(1, *)])
    bias = layout.add("\(name).bias", [shape.reduce(1, *)])
  }

  /// None: the backward pass computes mean and variance again.
  public func scratchCount(rows: Int) -> Int { 0 }

  /// Sets the gain to one and the bias to zero; it draws nothing.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    parameters[gain] = [Float](repeating: 1, count: gain.count)[...]
    parameters[bias] = [Float](repeating: 0, count: bias.count)[...]
  }

  /// Writes `output: [rows, count]`: `(x - mean) / √(variance + ε) · gain + bias`, the sums in `Double`.
  @_specialize(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let count = gain.count
    for row in 0..<rows {
      let (x, y) = (input + row * count, output + row * count)
      let (mean, scale) = statistics(x)
      for index in 0..<count {
        y[index] = (x[index] - mean) * scale * parameters[gain.offset + index] + parameters[bias.offset + index]
      }
    }
  }

  /// With x̂ the normalized row and g = gain · outputGradient: `inputGradient = (g - mean(g) - x̂ mean(g x̂)) / σ`.
  @_specialize(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let count = gain.count
    for row in 0..<rows {
      let (x, d) = (input + row * count, outputGradient + row * count)
      let (mean, scale) = statistics(x)
      var sum: Scalar = 0
      var overlap: Scalar = 0
      for index in 0..<count {
        let normalized = (x[index] - mean) * scale
        if let gradient {
          gradient[gain.offset + index] += d[index] * normalized
          gradient[bias.offset + index] += d[index]
        }
        let inner = d[index] * parameters[gain.offset + index]
        sum += inner
        overlap += inner * normalized
      }
      guard let inputGradient else { continue }
      let e = inputGradient + row * count
      for index in 0..<count {
        let normalized = (x[index] - mean) * scale
        let inner = d[index] * parameters[gain.offset + index]
        e[index] = scale * (inner - (sum + normalized * overlap) / Scalar(count))
      }
    }
  }

  /// The mean and one over the standard deviation, summed in `Double`.
  @inline(__always)
  private func statistics<Scalar: NetworkScalar>(_ x: UnsafePointer<Scalar>) -> (mean: Scalar, scale: Scalar) {
    let count = gain.count
    var sum = 0.0
    for index in 0..<count { sum += Double(x[index]) }
    let mean = sum / Double(count)
    var squares = 0.0
    for index in 0..<count { squares += (Double(x[index]) - mean) * (Double(x[index]) - mean) }
    return (Scalar(mean), Scalar(1 / (squares / Double(count) + Double(epsilon)).squareRoot()))
  }
}
