import CAllocationCounter
import Testing

@testable import NeuralNetworks

@Suite("Networks")
struct NetworkTests {
  @Test("a categorical image embeds to what a dense layer makes of its one-hot encoding")
  func embeddingIsDense() {
    let categories = [11, 6, 3]
    var layout = ParameterLayout()
    let embedded = Network(
      "n", .categoricalImage(cells: 49, categories: categories, width: 64), [], in: &layout)
    var denseLayout = ParameterLayout()
    let dense = Network(
      "n", .oneHotImage(height: 7, width: 7, categories: categories), [.dense(64)], in: &denseLayout)
    #expect(layout.count == denseLayout.count)
    var random = TestRandom(41)
    var parameters = Parameters(layout)
    var denseParameters = Parameters(denseLayout)
    parameters.values = random.floats(layout.count)
    denseParameters.values = parameters.values
    let rows = 20
    let input = (0..<(rows * 147)).map { UInt8(random.next() % UInt64(categories[$0 % 3])) }
    let (first, second) = (embedded.workspace(rows: rows), dense.workspace(rows: rows))
    var gradient = [Float](repeating: 0, count: layout.count)
    var denseGradient = gradient
    input.withUnsafeBytes { bytes in
      let batch = InputRows(bytes.baseAddress!, stride: 147)
      let a = embedded.forward(parameters, batch, rows: rows, first)
      let b = dense.forward(denseParameters, batch, rows: rows, second)
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 })
      for index in 0..<(rows * 64) {
        let slope = Float(random.symmetric())
        first.outputGradient[index] = slope
        second.outputGradient[index] = slope
      }
    }
    embedded.backward(parameters, first, into: &gradient)
    dense.backward(denseParameters, second, into: &denseGradient)
    #expect(zip(gradient, denseGradient).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(gradient.contains { abs($0) > 1 })
  }

  @Test("what rows have in common with the background adds nothing, and learns nothing")
  func background() {
    let categories = [11, 6, 3]
    var layout = ParameterLayout()
    let whole = Network(
      "n", .categoricalImage(cells: 49, categories: categories, width: 72, offset: 1), [], in: &layout)
    var random = TestRandom(43)
    let (rows, stride, count) = (20, 150, 147)
    /// One of eight numbers differs from the background's, in the last row none.
    let background = (0..<stride).map { UInt8(random.next() % UInt64(categories[max(0, $0 - 1) % 3])) }
    var input: [UInt8] = []
    for row in 0..<rows {
      input += background
      for place in 1...count where row < rows - 1 && random.next() % 8 == 0 {
        input[row * stride + place] = UInt8(random.next() % UInt64(categories[(place - 1) % 3]))
      }
    }
    var sparse = whole
    background.withUnsafeBytes { sparse.omit(background: $0.baseAddress!) }
    var parameters = Parameters(layout)
    parameters.values = random.floats(layout.count)
    // The same by zeros in the table's rows of the background.
    var zeroed = parameters
    var isOmitted = [Bool](repeating: false, count: layout.count)
    for lookup in 0..<count {
      let number = lookup / 3 * 20 + [0, 11, 17][lookup % 3] + Int(background[1 + lookup])
      for column in 0..<72 {
        zeroed.values[number * 72 + column] = 0
        isOmitted[number * 72 + column] = true
      }
    }
    let (first, second) = (sparse.workspace(rows: rows), whole.workspace(rows: rows))
    var (gradient, expected) = ([Float](repeating: 0, count: layout.count), [Float](repeating: 0, count: layout.count))
    input.withUnsafeBytes { bytes in
      let batch = InputRows(bytes.baseAddress!, stride: stride)
      let a = Array(sparse.forward(parameters, batch, rows: rows, first))
      let b = Array(whole.forward(zeroed, batch, rows: rows, second))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(Array(a.suffix(72)) == Array(parameters.values.suffix(72)))
      for index in 0..<(rows * 72) {
        let slope = Float(random.symmetric())
        first.outputGradient[index] = slope
        second.outputGradient[index] = slope
      }
    }
    sparse.backward(parameters, first, into: &gradient)
    whole.backward(zeroed, second, into: &expected)
    for index in gradient.indices {
      #expect(abs(gradient[index] - (isOmitted[index] ? 0 : expected[index])) < 1e-5)
    }
    #expect(zip(expected, isOmitted).contains { abs($0) > 1 && $1 })
  }

  @Test("rows picked by index give what the same rows give in order, whatever the chunks")
  func indices() {
    var layout = ParameterLayout()
    let network = Network("n", .floats(3, offset: 4), [.dense(20, activation: .tanh), .dense(2)], in: &layout)
    var random = TestRandom(42)
    var parameters = Parameters(layout)
    network.initialize(&parameters, random: &random)
    let memory = random.floats(10 * 5)
    let workspace = network.workspace(rows: 10)
    memory.withUnsafeBytes { bytes in
      let all = InputRows(bytes.baseAddress!, stride: 20)
      let expected = Array(network.forward(parameters, all, rows: 10, workspace))
      let order: [Int32] = [7, 0, 9, 9, 3]
      order.withUnsafeBufferPointer { order in
        let picked = InputRows(bytes.baseAddress!, stride: 20, indices: order.baseAddress!)
        let outputs =
          Array(network.forward(parameters, picked, rows: 2, workspace))
          + Array(network.forward(parameters, picked.dropFirst(2), rows: 3, workspace))
        #expect(outputs == order.flatMap { Array(expected[(Int($0) * 2)..<(Int($0) * 2 + 2)]) })
      }
      #expect(Array(network.forward(parameters, all.dropFirst(4), rows: 2, workspace)) == Array(expected[8..<12]))
    }
  }

  @Test("threads that share parameters compute what one thread computes")
  func threads() async {
    var layout = ParameterLayout()
    let network = Network("n", .floats(4), [.dense(64, activation: .tanh), .dense(2)], in: &layout)
    var random = TestRandom(43)
    var start = Parameters(layout)
    network.initialize(&start, random: &random)
    let parameters = start
    let input = random.floats(256 * 4)
    let work: @Sendable () -> [Float] = {
      let workspace = network.workspace(rows: 256)
      var gradient = [Float](repeating: 0, count: parameters.values.count)
      for _ in 0..<20 {
        let output = network.forward(parameters, input, workspace)
        for index in output.indices { workspace.outputGradient[index] = output[index] }
        network.backward(parameters, workspace, into: &gradient)
      }
      return gradient
    }
    let alone = work()
    let together = await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 { group.addTask(operation: work) }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.count == 4 && together.allSatisfy { $0 == alone })
  }

  @Test("gradient descent through two networks learns exclusive or")
  func learns() {
    var layout = ParameterLayout()
    let torso = Network("torso", .floats(2), [.dense(16, activation: .tanh)], in: &layout)
    let head = Network("head", .floats(16), [.dense(1, activation: .sigmoid)], in: &layout)
    var random = TestRandom(44)
    var parameters = Parameters(layout)
    torso.initialize(&parameters, random: &random)
    head.initialize(&parameters, random: &random)
    var adam = Adam(layout)
    let below = torso.workspace(rows: 4)
    let above = head.workspace(rows: 4, inputGradient: true)
    let (inputs, targets): ([Float], [Float]) = ([0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0])
    var gradient = [Float](repeating: 0, count: layout.count)
    var loss: Float = 0
    for _ in 0..<500 {
      let features = torso.forward(parameters, inputs, below)
      let output = head.forward(parameters, InputRows(features.baseAddress!, count: 16), rows: 4, above)
      loss = 0
      Gradient.clear(&gradient)
      for index in 0..<4 {
        loss += (output[index] - targets[index]) * (output[index] - targets[index])
        above.outputGradient[index] = 2 * (output[index] - targets[index])
      }
      head.backward(parameters, above, into: &gradient)
      _ = below.outputGradient.update(from: above.inputGradient)
      torso.backward(parameters, below, into: &gradient)
      adam.step(&parameters, gradient: gradient, learningRate: 0.02)
    }
    #expect(loss < 0.01)
  }

  @Test("after the first, forward and backward calls and optimizer steps allocate nothing")
  func allocations() throws {
    var layout = ParameterLayout()
    let fields: [InputField] = [
      .floats(2, name: "position").through(.dense(8, activation: .tanh)),
      .categoricalImage(cells: 4, categories: [5, 3], width: 8, name: "image", offset: 8),
      .oneHotImage(height: 2, width: 2, categories: [5, 3], name: "picture", offset: 8)
        .through(.convolution(channels: 4, kernel: 2), .dense(8)),
    ]
    let network = Network(
      "n", fields, combination: .sum, [.activation(.tanh), .layerNorm(), .dense(64, activation: .tanh), .dense(2)],
      in: &layout)
    var random = TestRandom(45)
    var parameters = Parameters(layout)
    network.initialize(&parameters, random: &random)
    var adam = Adam(layout)
    var gradient = [Float](repeating: 0, count: layout.count)
    let workspace = network.workspace(rows: 50)
    let input = [UInt8](repeating: 1, count: 50 * 16)
    func round() throws {
      input.withUnsafeBytes { bytes in
        let logits = network.forward(parameters, InputRows(bytes.baseAddress!, stride: 16), rows: 50, workspace)
        for row in 0..<50 {
          let distribution = Categorical(logits: logits, row: row, count: 2)
          distribution.writeGradient(
            action: 1, logProbabilityWeight: 1, entropyWeight: 0.1,
            into: workspace.outputGradient.baseAddress! + 2 * row)
        }
      }
      Gradient.clear(&gradient)
      network.backward(parameters, workspace, into: &gradient)
      let scale = try Gradient.clipScale(norm: Gradient.norm(gradient), maximum: 0.5)
      adam.step(&parameters, gradient: gradient, learningRate: 0.01, gradientScale: scale)
    }
    for _ in 0..<3 { try round() }
    let before = forage_allocations()
    for _ in 0..<10 { try round() }
    #expect(forage_allocations() - before == 0)
    #expect(before > 0, "allocations are not counted here")
  }
}
