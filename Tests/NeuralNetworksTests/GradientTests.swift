import Testing

@testable import NeuralNetworks

@Suite("Gradients against central differences in Double")
struct GradientTests {
  @Test("a stack of dense layers", arguments: [Activation.identity, .tanh, .relu, .elu, .sigmoid])
  func dense(_ activation: Activation) {
    var layout = ParameterLayout()
    let network = Network(
      "n", .floats(5), [.dense(70, activation: activation), .dense(19, activation: activation), .dense(3)], in: &layout)
    var random = TestRandom(1)
    let check = GradientCheck(network, layout, input: bytes(random.floats(13 * 5)), rows: 13)
    #expect(check.analytic.contains { abs($0) > 0.01 })
    #expect(worstRelativeError(check.analytic, check.numeric) < 1e-6)
  }

  @Test("an activation layer", arguments: Activation.allCases)
  func activation(_ activation: Activation) {
    var layout = ParameterLayout()
    let network = Network("n", .floats(4), [.dense(9), .activation(activation), .dense(2)], in: &layout)
    var random = TestRandom(2)
    let check = GradientCheck(network, layout, input: bytes(random.floats(6 * 4)), rows: 6)
    #expect(worstRelativeError(check.analytic, check.numeric) < 1e-6)
  }

  @Test("layer normalization")
  func layerNorm() {
    var layout = ParameterLayout()
    let network = Network("n", .floats(4), [.dense(9), .layerNorm(), .dense(2, activation: .tanh)], in: &layout)
    var random = TestRandom(3)
    let check = GradientCheck(network, layout, input: bytes(random.floats(6 * 4)), rows: 6)
    #expect(worstRelativeError(check.analytic, check.numeric) < 1e-6)
  }

  @Test(
    "convolutions with stride and padding, in more than one group of samples",
    arguments: [(1, 0), (2, 1), (1, 1), (3, 2)])
  func convolution(_ stride: Int, _ padding: Int) {
    var layout = ParameterLayout()
    let network = Network(
      "n", .floats(6, 5, 3),
      [
        .convolution(channels: 7, kernel: 3, stride: stride, padding: padding, activation: .tanh),
        .convolution(channels: 4, kernel: 2, padding: 1, activation: .elu), .dense(2),
      ], in: &layout)
    var random = TestRandom(4)
    let rows = 50
    let check = GradientCheck(network, layout, input: bytes(random.floats(rows * 90)), rows: rows, sampled: 60)
    #expect(worstRelativeError(check.analytic, check.numeric) < 1e-6)
  }

  @Test("embeddings, floats and bytes side by side or summed", arguments: [Network.Combination.sum, .concatenation])
  func mixed(_ combination: Network.Combination) {
    var layout = ParameterLayout()
    let fields: [InputField] = [
      .floats(2, name: "position", offset: 0).through(.dense(37, activation: .tanh)),
      .categoricalImage(cells: 4, categories: [5, 3], width: 37, name: "image", offset: 8),
      .index(categories: 4, width: 37, element: .int32, name: "direction", offset: 16),
      .tokens(length: 3, vocabulary: 6, width: 37, name: "mission", offset: 20),
      .bytes(3, scale: 0.5, name: "inventory", offset: 23).through(.dense(20, activation: .tanh), .dense(37)),
    ]
    let network = Network(
      "n", fields, combination: combination, [.activation(.tanh), .dense(11, activation: .tanh), .dense(2)], in: &layout
    )
    var random = TestRandom(5)
    let rows = 9
    var input: [UInt8] = []
    for _ in 0..<rows {
      input += bytes(random.floats(2))
      for _ in 0..<4 { input += [UInt8(random.next() % 5), UInt8(random.next() % 3)] }
      input += [UInt8(random.next() % 4), 0, 0, 0]
      for _ in 0..<6 { input.append(UInt8(random.next() % 6)) }
    }
    let check = GradientCheck(network, layout, input: input, rows: rows, sampled: 400)
    #expect(check.analytic.filter { abs($0) > 0.001 }.count > 100)
    #expect(worstRelativeError(check.analytic, check.numeric) < 1e-6)
  }

  @Test("numbers of every element, normalised or not, and embedded images whole and in a window")
  func wide() {
    var layout = ParameterLayout()
    let crop = InputField.Crop(
      height: 3, width: 3, imageHeight: 4, imageWidth: 5, row: .init(offset: 45, element: .uint8),
      column: .init(offset: 44, element: .uint8))
    let fields: [InputField] = [
      .numbers(2, element: .int16, scale: 0.01, name: "small", offset: 0).normalized(limit: 5).through(.dense(7)),
      .numbers(1, element: .int32, scale: 0.001, name: "large", offset: 4).through(.dense(7)),
      .embeddedImage(
        height: 2, width: 2, categories: [300, 4], embedding: 5, element: .int16, name: "codes", offset: 8
      ).through(.convolution(channels: 3, kernel: 2, activation: .tanh), .dense(7)),
      .embeddedImage(
        height: 3, width: 3, categories: [6], embedding: 4, crop: crop, name: "window", offset: 24
      ).through(.convolution(channels: 3, kernel: 2, activation: .tanh), .dense(7)),
    ]
    // The image of the window is 4 by 5: 20 bytes from 24, then the place at 44; rows are 48 bytes.
    let network = Network("n", fields, combination: .sum, [.activation(.tanh), .dense(2)], in: &layout)
    var random = TestRandom(15)
    let rows = 6
    var input: [UInt8] = []
    for row in 0..<rows {
      var bytes = [UInt8](repeating: 0, count: 48)
      bytes.withUnsafeMutableBytes { memory in
        for index in 0..<2 {
          memory.storeBytes(of: Int16(random.symmetric() * 300), toByteOffset: index * 2, as: Int16.self)
        }
        memory.storeBytes(of: Int32(random.symmetric() * 2000), toByteOffset: 4, as: Int32.self)
        for cell in 0..<4 {
          memory.storeBytes(of: Int16(random.next() % 300), toByteOffset: 8 + cell * 4, as: Int16.self)
          memory.storeBytes(of: Int16(random.next() % 4), toByteOffset: 10 + cell * 4, as: Int16.self)
        }
        for cell in 0..<20 { memory[24 + cell] = UInt8(random.next() % 6) }
        // Corners and edges too, where the window reaches beyond the image.
        (memory[44], memory[45]) = (UInt8(row % 5), UInt8(row % 4))
      }
      input += bytes
    }
    let check = GradientCheck(network, layout, input: input, rows: rows, sampled: 500)
    #expect(check.analytic.filter { abs($0) > 0.001 }.count > 100)
    #expect(worstRelativeError(check.analytic, check.numeric) < 1e-6)
  }

  @Test("the gradient of the input")
  func input() {
    var layout = ParameterLayout()
    let network = Network("n", .floats(5), [.dense(70, activation: .tanh), .dense(3)], in: &layout)
    var random = TestRandom(6)
    var rows = random.floats(4 * 5)
    let check = GradientCheck(network, layout, input: bytes(rows), rows: 4)
    // The same draws as in the check, to evaluate its loss elsewhere.
    var draws = TestRandom(7)
    var start = Parameters(layout)
    network.initialize(&start, random: &draws)
    let values = start.values.map { Double($0) + 0.1 * draws.symmetric() }
    let weights = (0..<12).map { _ in draws.symmetric() }
    let workspace = Workspace<Double>(network, capacity: 4, inputGradient: false)
    for index in rows.indices {
      let kept = rows[index]
      var losses: [Double] = []
      for step: Float in [0x1p-9, -0x1p-9] {
        rows[index] = kept + step
        rows.withUnsafeBytes { network.forward(values, InputRows($0.baseAddress!, stride: 20), rows: 4, workspace) }
        losses.append(zip(workspace.output, weights).reduce(0) { $0 + $1.0 * $1.1 })
      }
      let moved = Double(kept + 0x1p-9) - Double(kept - 0x1p-9)
      rows[index] = kept
      #expect(abs((losses[0] - losses[1]) / moved - check.inputAnalytic[index]) < 1e-4)
    }
  }
}
