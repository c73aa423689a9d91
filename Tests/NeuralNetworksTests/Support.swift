@testable import NeuralNetworks

/// SplitMix64, so that tests do not depend on another module's generator.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  /// Uniform in [-1, 1).
  mutating func symmetric() -> Double { Double(next() >> 11) * 0x1p-52 - 1 }
  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float(symmetric()) } }
}

/// The largest distance between a gradient and central differences, relative to the larger of the two and 0.01.
func worstRelativeError(_ analytic: [Double], _ numeric: [Double]) -> Double {
  zip(analytic, numeric).reduce(0) { max($0, abs($1.0 - $1.1) / max(0.01, abs($1.0), abs($1.1))) }
}

/// The gradients of `Σ weightᵢ outputᵢ` over a batch, in `Double`: the network's own, and central differences.
struct GradientCheck {
  var analytic: [Double] = []
  var numeric: [Double] = []
  var inputAnalytic: [Double] = []

  /// - Parameter sampled: How many parameters are checked, evenly spread over the buffer.
  init(_ network: Network, _ layout: ParameterLayout, input: [UInt8], rows: Int, sampled: Int = 150) {
    var random = TestRandom(7)
    var start = Parameters(layout)
    network.initialize(&start, random: &random)
    // Biases and gains start at zero and one, where some mistakes do not show.
    var values = start.values.map { Double($0) + 0.1 * random.symmetric() }
    let weights = (0..<(rows * network.outputCount)).map { _ in random.symmetric() }
    let workspace = Workspace<Double>(network, capacity: rows + 3, inputGradient: true)
    func loss(_ values: [Double]) -> Double {
      input.withUnsafeBytes { bytes in
        network.forward(values, InputRows(bytes.baseAddress!, stride: bytes.count / rows), rows: rows, workspace)
      }
      return zip(workspace.output, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    _ = loss(values)
    for index in weights.indices { workspace.outputGradient[index] = weights[index] }
    // What is in the buffer already must be added to, not overwritten.
    var gradient = [Double](repeating: 0.25, count: layout.count)
    network.backward(values, workspace, into: &gradient)
    inputAnalytic = Array(workspace.inputGradient)
    let step = 1e-5
    for index in stride(from: 0, to: layout.count, by: max(1, layout.count / sampled))
    where layout.trainedRanges.contains(where: { $0.contains(index) }) {
      let kept = values[index]
      values[index] = kept + step
      let above = loss(values)
      values[index] = kept - step
      let below = loss(values)
      values[index] = kept
      analytic.append(gradient[index] - 0.25)
      numeric.append((above - below) / (2 * step))
    }
  }
}

/// The bytes of float rows.
func bytes(_ floats: [Float]) -> [UInt8] { floats.withUnsafeBytes { Array($0) } }
