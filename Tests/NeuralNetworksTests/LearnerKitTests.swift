import Groundwork
import RealModule
import Testing

@testable import NeuralNetworks

@Suite("What learners share")
struct LearnerKitTests {
  private struct Loss: LossSumming {
    var rows = 0
    var total = 0.0
    static func += (a: inout Loss, b: Loss) { (a.rows, a.total) = (a.rows + b.rows, a.total + b.total) }
  }

  /// A categorical image of 6 cells, and rows of it that mostly repeat.
  private struct Pictures {
    let rows = 100
    let bytes: [UInt8]
    let weights: [Float]

    init() {
      var random = TestRandom(31)
      bytes = (0..<1200).map { index in
        random.next() % 4 == 0 ? UInt8(random.next() % 3) : UInt8(index % 2)
      }
      weights = random.floats(200)
    }
  }

  private func network(shares: Bool) -> (Network, Parameters) {
    var layout = ParameterLayout()
    var network = Network(
      "n", .categoricalImage(cells: 6, categories: [5, 3], width: 37), [.activation(.tanh), .dense(2)], in: &layout)
    var parameters = Parameters(layout)
    var random = TestRandom(4)
    network.initialize(&parameters, random: &random)
    if shares { Pictures().bytes.withUnsafeBytes { network.share(background: $0.baseAddress!) } }
    return (network, parameters)
  }

  private func gradient(
    _ network: Network, _ parameters: Parameters, pieceRows: Int, lanes: Int = 4, workers: Int
  ) -> (gradient: [Float], loss: Loss) {
    let pictures = Pictures()
    let sum = ParallelGradient<Workspace<Float>, Loss>(
      parameters: parameters.values.count, lanes: lanes, pieceRows: pieceRows
    ) { network.workspace(rows: pieceRows) }
    let loss = pictures.bytes.withUnsafeBytes { bytes in
      nonisolated(unsafe) let base = bytes.baseAddress!
      let workers = Workers(count: workers)
      return sum.accumulate(
        rows: pictures.rows, workers: workers, finish: { gradient, _ in
          network.completeGradient(&gradient, workers)
          return nil
        }
      ) { part, workspace, gradient, loss in
        guard case .rows(let piece) = part else { return }
        let output = network.forward(
          parameters, InputRows(base + piece.lowerBound * 12, stride: 12), rows: piece.count, workspace)
        for index in output.indices {
          workspace.outputGradient[index] = pictures.weights[piece.lowerBound * 2 + index]
          loss.total += Double(output[index] * pictures.weights[piece.lowerBound * 2 + index])
        }
        loss.rows += piece.count
        network.backward(parameters, workspace, into: &gradient)
      }
    }
    return (sum.gradient, loss)
  }

  @Test("a gradient has the same bits with one, two and three workers")
  func workers() {
    let (network, parameters) = network(shares: false)
    let one = gradient(network, parameters, pieceRows: 8, workers: 1)
    #expect(one.loss.rows == 100)
    for workers in [2, 3] {
      let many = gradient(network, parameters, pieceRows: 8, workers: workers)
      #expect(many.gradient == one.gradient && many.loss.total == one.loss.total)
    }
  }

  @Test("pieces of any size add up to the same gradient, up to rounding")
  func pieces() {
    let (network, parameters) = network(shares: false)
    let whole = gradient(network, parameters, pieceRows: 256, workers: 1)
    let cut = gradient(network, parameters, pieceRows: 7, lanes: 3, workers: 2)
    for (a, b) in zip(whole.gradient, cut.gradient) { #expect(abs(a - b) < 1e-4) }
    #expect(abs(whole.loss.total - cut.loss.total) < 1e-5)
  }

  @Test("a shared background changes neither the function nor its gradient but for rounding")
  func background() {
    let (plain, parameters) = network(shares: false)
    let (shared, _) = network(shares: true)
    let wanted = gradient(plain, parameters, pieceRows: 16, workers: 2)
    let found = gradient(shared, parameters, pieceRows: 16, workers: 2)
    #expect(wanted.gradient.contains { abs($0) > 0.5 })
    for (a, b) in zip(wanted.gradient, found.gradient) { #expect(abs(a - b) < 1e-4) }
    #expect(abs(wanted.loss.total - found.loss.total) < 1e-4)
  }

  /// The gradient and outputs of rows whose cells were numbered; twice, since what a gradient leaves behind counts in the
  /// next.
  private func indexedGradient(workers count: Int) throws -> (gradients: [[Float]], outputs: [Float]) {
    let (network, parameters) = network(shares: true)
    let pictures = Pictures()
    let workers = Workers(count: count)
    let index = try #require(IndexedRows([network], parameters: parameters.values.count))
    let sum = ParallelGradient<Workspace<Float>, Loss>(parameters: parameters.values.count, lanes: 4, pieceRows: 16) {
      network.workspace(rows: 16)
    }
    // From last to first, as shuffled minibatches pick rows.
    let order = (0..<Int32(pictures.rows)).reversed().map(\.self)
    var outputs = [Float](repeating: 0, count: pictures.rows * 2)
    var gradients: [[Float]] = []
    pictures.bytes.withUnsafeBytes { bytes in
      nonisolated(unsafe) let base = bytes.baseAddress!
      #expect(index.index(InputRows(base, stride: 12), rows: pictures.rows, workers: workers))
      index.prepare(parameters, workers: workers)
      outputs.withUnsafeMutableBufferPointer { outputs in
        nonisolated(unsafe) let outputs = outputs.baseAddress!
        for _ in 0..<2 {
          _ = sum.accumulate(
            rows: pictures.rows, ranges: index.passRanges, workers: workers,
            finish: { gradient, lanes in
              let squares = index.complete(&gradient, [lanes], workers: workers)
              let table = gradient[..<(6 * 8 * 37)].reduce(0.0) { $0 + Double($1) * Double($1) }
              #expect(abs(squares - table) < 1e-6 * table)
              return squares
            }
          ) { part, workspace, gradient, _ in
            guard case .rows(let piece) = part else { return }
            order.withUnsafeBufferPointer { order in
              let rows = InputRows(
                base, stride: 12, indices: order.baseAddress! + piece.lowerBound, indexed: index)
              let output = network.forward(parameters, rows, rows: piece.count, workspace)
              for row in piece {
                for column in 0..<2 {
                  let place = Int(order[row]) * 2 + column
                  outputs[place] = output[(row - piece.lowerBound) * 2 + column]
                  workspace.outputGradient[(row - piece.lowerBound) * 2 + column] = pictures.weights[place]
                }
              }
            }
            network.backward(parameters, workspace, into: &gradient)
          }
          gradients.append(sum.gradient)
        }
      }
    }
    return (gradients, outputs)
  }

  @Test("numbering the cells of rows changes neither the function nor its gradient but for rounding")
  func indexed() throws {
    let (plain, parameters) = network(shares: false)
    let pictures = Pictures()
    let wanted = gradient(plain, parameters, pieceRows: 16, workers: 2).gradient
    let workspace = plain.workspace(rows: pictures.rows)
    let outputs = pictures.bytes.withUnsafeBytes {
      Array(plain.forward(parameters, InputRows($0.baseAddress!, stride: 12), rows: pictures.rows, workspace))
    }
    let found = try indexedGradient(workers: 2)
    for (a, b) in zip(outputs, found.outputs) { #expect(abs(a - b) < 1e-5) }
    for gradient in found.gradients {
      for (a, b) in zip(wanted, gradient) { #expect(abs(a - b) < 1e-4) }
    }
    let single = try indexedGradient(workers: 1)
    #expect(single.gradients == found.gradients && single.outputs == found.outputs)
  }

  @Test("cells are not numbered where nearly every row has others, or a background adds nothing")
  func unindexed() throws {
    var layout = ParameterLayout()
    var network = Network("n", .categoricalImage(cells: 2, categories: [16, 16], width: 3), [.dense(1)], in: &layout)
    let index = try #require(IndexedRows([network], parameters: layout.count))
    let rows: [UInt8] = (0..<256).flatMap { (code: UInt16) -> [UInt8] in [UInt8(code / 16), UInt8(code % 16), 0, 0] }
    rows.withUnsafeBytes {
      // 255 other cells; the table has 64 rows.
      #expect(!index.index(InputRows($0.baseAddress!, stride: 4), rows: 256, workers: Workers(count: 1)))
      #expect(index.index(InputRows($0.baseAddress!, stride: 4), rows: 100, workers: Workers(count: 1)))
      network.omit(background: $0.baseAddress!)
    }
    #expect(IndexedRows([network], parameters: layout.count) == nil)
  }

  @Test("a normalised field is scaled by numbers that optimizers leave alone, weight decay or not")
  func scaling() throws {
    var layout = ParameterLayout()
    let network = Network("n", .floats(2, name: "x").normalized(limit: 1.5), [.dense(1)], in: &layout)
    var parameters = Parameters(layout)
    var random = TestRandom(4)
    network.initialize(&parameters, random: &random)
    network.setScaling(of: "x", means: [1, -2], factors: [2, 0.5], in: &parameters)
    let weight = parameters.values[layout["n.0.weight"]!.range]
    let workspace = network.workspace(rows: 1)
    let output = network.forward(parameters, [1.25, 8], workspace)[0]
    // (1.25 - 1) * 2 = 0.5; (8 + 2) * 0.5 = 5, cut to 1.5.
    #expect(abs(output - (0.5 * weight.first! + 1.5 * weight.last!)) < 1e-6)
    var adam = Adam(layout, weightDecay: 0.1)
    adam.step(
      &parameters, gradient: [Float](repeating: 1, count: layout.count), learningRate: 0.1)
    #expect(Array(parameters.values[layout["n.x.scaling"]!.range]) == [1, -2, 2, 0.5])
    #expect(parameters.values[layout["n.0.weight"]!.offset] != weight.first!)
    var restored = Adam(layout)
    try restored.restore(adam.savedState())
    #expect(adam.savedState().entries["mean.n.x.scaling"] == nil)
  }

  @Test("an optimizer step has the same bits however many threads share it")
  func sharedStep() {
    var layout = ParameterLayout()
    _ = layout.add("large", [70_001])
    var random = TestRandom(8)
    var start = Parameters(layout)
    start.values = random.floats(70_001)
    let gradient = random.floats(70_001)
    var results: [[Float]] = []
    for workers in [nil, Workers(count: 2), Workers(count: 3)] {
      var (adam, parameters) = (Adam(layout), start)
      for _ in 0..<3 { adam.step(&parameters, gradient: gradient, learningRate: 0.01, workers: workers) }
      results.append(parameters.values)
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test("a target network moves its share of the way")
  func averaging() {
    var layout = ParameterLayout()
    _ = layout.add("x", [3])
    var (target, source) = (Parameters(layout), Parameters(layout))
    (target.values, source.values) = ([0, 1, 2], [1, 1, 0])
    target.average(toward: source, rate: 0.25)
    #expect(target.values == [0.25, 1, 1.5])
    target.average(toward: source, rate: 1)
    #expect(target.values == source.values)
  }

  @Test("the members of an ensemble are drawn apart and trained by one gradient")
  func ensemble() {
    var layout = ParameterLayout()
    let ensemble = Ensemble("critic", count: 3, in: &layout) { name, layout in
      Network(name, .floats(2), [.dense(4, activation: .relu), .dense(1)], in: &layout)
    }
    var parameters = Parameters(layout)
    var random = TestRandom(9)
    ensemble.initialize(&parameters, random: &random)
    let values = zip(ensemble.members, ensemble.workspaces(rows: 1)).map { $0.forward(parameters, [0.5, -1], $1)[0] }
    #expect(Set(values).count == 3)
    let (mean, deviation) = Ensemble.statistics([1, 2, 3])
    #expect(mean == 2 && abs(deviation - Float(2.0 / 3).squareRoot()) < 1e-6)
  }
}

@Suite("The squashed Gaussian")
struct SquashedGaussianTests {
  private let row: [Double] = [0.3, -1.2, -0.5, 0.4]
  private let noise = [0.7, -1.1]

  @Test("its density is the Gaussian's over the derivative of the squashing, and integrates to one")
  func density() {
    let one: [Double] = [0.4, -0.3]
    var total = 0.0
    for index in 0..<20_000 {
      let action = -1 + (Double(index) + 0.5) / 10_000
      let density = SquashedGaussian(one, count: 1).logProbability(of: [action])
      total += Double.exp(density) / 10_000
    }
    #expect(abs(total - 1) < 1e-3)
    var action = [0.0, 0.0]
    let drawn = SquashedGaussian(row, count: 2).sample(noise: noise, into: &action)
    #expect(abs(drawn - SquashedGaussian(row, count: 2).logProbability(of: action)) < 1e-9)
    #expect(action.allSatisfy { abs($0) < 1 })
  }

  @Test("its gradients agree with central differences")
  func gradients() {
    let pull = [0.8, -0.6]
    func loss(_ row: [Double]) -> Double {
      var action = [0.0, 0.0]
      let logProbability = SquashedGaussian(row, count: 2).sample(noise: noise, into: &action)
      return 0.2 * logProbability + zip(action, pull).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func cloning(_ row: [Double]) -> Double { 0.7 * SquashedGaussian(row, count: 2).logProbability(of: [0.2, -0.9]) }
    func differences(_ loss: ([Double]) -> Double) -> [Double] {
      row.indices.map { index in
        var (above, below) = (row, row)
        above[index] += 1e-6
        below[index] -= 1e-6
        return (loss(above) - loss(below)) / 2e-6
      }
    }
    var action = [0.0, 0.0]
    var gradient = [Double](repeating: 0, count: 4)
    _ = SquashedGaussian(row, count: 2).sample(noise: noise, into: &action)
    SquashedGaussian(row, count: 2).writeGradient(
      noise: noise, action: action, logProbabilityWeight: 0.2, actionGradient: pull, into: &gradient)
    for (found, wanted) in zip(gradient, differences(loss)) { #expect(abs(found - wanted) < 1e-6) }
    SquashedGaussian(row, count: 2).writeGradient(of: [0.2, -0.9], weight: 0.7, into: &gradient)
    for (found, wanted) in zip(gradient, differences(cloning)) { #expect(abs(found - wanted) < 1e-6) }
  }

  @Test("extreme outputs give finite densities, and beyond the limits no gradient")
  func extremes() {
    let row: [Float] = [40, -50]
    var action: [Float] = [0]
    #expect(SquashedGaussian(row, count: 1).sample(noise: [3], into: &action).isFinite)
    #expect(SquashedGaussian(row, count: 1).logProbability(of: [1]).isFinite)
    var gradient: [Float] = [1, 1]
    SquashedGaussian(row, count: 1).writeGradient(
      noise: [3], action: action, logProbabilityWeight: 1, actionGradient: [1], into: &gradient)
    #expect(gradient[1] == 0 && gradient[0].isFinite)
  }
}
