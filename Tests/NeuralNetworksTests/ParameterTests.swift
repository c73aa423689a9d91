import Groundwork
import Testing

@testable import NeuralNetworks

@Suite("Parameters, initialization and running statistics")
struct ParameterTests {
  @Test("two networks share one layout, and their blocks are named after them")
  func names() {
    var layout = ParameterLayout()
    _ = Network("actor", .floats(4), [.dense(64, activation: .tanh), .dense(2)], in: &layout)
    _ = Network(
      "critic", .categoricalImage(cells: 49, categories: [11, 6, 3], width: 64), [.activation(.tanh), .dense(1)],
      in: &layout)
    #expect(
      layout.blocks.map { "\($0.name) \($0.shape)" } == [
        "actor.0.weight [4, 64]", "actor.0.bias [64]", "actor.1.weight [64, 2]", "actor.1.bias [2]",
        "critic.image.embedding [49, 20, 64]", "critic.image.bias [64]", "critic.1.weight [64, 1]", "critic.1.bias [1]",
      ])
    #expect(layout.count == 4 * 64 + 64 + 64 * 2 + 2 + 49 * 20 * 64 + 64 + 64 + 1)
  }

  @Test("a saved block is float32, row-major and under its name in a safetensors file")
  func safetensors() throws {
    var layout = ParameterLayout()
    let block = layout.add("actor.0.weight", [1, 2])
    var parameters = Parameters(layout)
    parameters[block] = [1, -2]
    let header = #"{"actor.0.weight":{"data_offsets":[0,8],"dtype":"F32","shape":[1,2]}}"#
    let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let length = UInt8(header.utf8.count + padding.utf8.count)
    let expected: [UInt8] =
      [length, 0, 0, 0, 0, 0, 0, 0] + Array((header + padding).utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(parameters.savedState().safetensors() == expected)
    var read = Parameters(layout)
    try read.restore(SavedState(safetensors: expected, name: "test"))
    #expect(read == parameters)
  }

  @Test("a checkpoint of another shape is an error that names the block and both shapes")
  func mismatch() {
    var (small, large) = (ParameterLayout(), ParameterLayout())
    _ = small.add("actor.0.weight", [4, 64])
    _ = large.add("actor.0.weight", [8, 64])
    let state = Parameters(small).savedState()
    var parameters = Parameters(large)
    parameters.values[0] = 5
    let error = #expect(throws: UserError.self) { try parameters.restore(state) }
    #expect(error?.description.contains("'actor.0.weight'") == true)
    #expect(error?.description.contains("[4, 64]") == true && error?.description.contains("[8, 64]") == true)
    #expect(parameters.values[0] == 5)
    #expect(throws: UserError.self) { try parameters.restore(SavedState()) }
  }

  @Test(
    "an orthogonal matrix has orthonormal rows or columns times the gain",
    arguments: [(64, 64), (4, 64), (64, 2), (5, 1)])
  func orthogonal(_ rows: Int, _ columns: Int) {
    var random = TestRandom(31)
    let matrix = Initialization.orthogonal(gain: 3).draw(rows: rows, columns: columns, random: &random)
    let vectors = (0..<min(rows, columns)).map { vector in
      (0..<max(rows, columns)).map {
        Double(rows >= columns ? matrix[$0 * columns + vector] : matrix[vector * columns + $0])
      }
    }
    for (first, a) in vectors.enumerated() {
      for (second, b) in vectors.enumerated() {
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (first == second ? 9 : 0)) < 1e-5)
      }
    }
    var again = TestRandom(31)
    #expect(Initialization.orthogonal(gain: 3).draw(rows: rows, columns: columns, random: &again) == matrix)
    var other = TestRandom(32)
    #expect(Initialization.orthogonal(gain: 3).draw(rows: rows, columns: columns, random: &other) != matrix)
  }

  @Test("the other initializations have the variance that they promise")
  func variances() {
    let cases: [(Initialization, Double)] = [
      (.uniform(0.5), 0.25 / 3), (.normal(0.2), 0.04), (.xavier(), 6 / 500.0 / 3), (.kaiming, 6 / 200.0 / 3),
    ]
    for (initialization, variance) in cases {
      var random = TestRandom(33)
      let values = initialization.draw(rows: 200, columns: 300, random: &random).map(Double.init)
      let mean = values.reduce(0, +) / 60000
      let found = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60000
      #expect(abs(found / variance - 1) < 0.03 && abs(mean) < 0.01 * variance.squareRoot() * 2)
    }
  }

  @Test("running statistics of batches are those of all rows at once, and survive saving")
  func normalizer() throws {
    var random = TestRandom(34)
    let rows = (0..<90).map { index in Float(random.symmetric()) * (index % 2 == 0 ? 100 : 1) + 1000 }
    var normalizer = RunningNormalizer(columns: 2, clip: 1.5)
    for range in [0..<2, 2..<50, 50..<90] { normalizer.update(Array(rows[range])) }
    for column in 0..<2 {
      let values = stride(from: column, to: 90, by: 2).map { Double(rows[$0]) }
      let mean = values.reduce(0, +) / 45
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 45
      #expect(abs(normalizer.mean[column] - mean) < 1e-9)
      #expect(abs(normalizer.variance[column] / variance - 1) < 1e-9)
    }
    var restored = RunningNormalizer(columns: 2, clip: 1.5)
    try restored.restore(normalizer.savedState())
    #expect(restored == normalizer)
    var row = [Float(normalizer.mean[0] + normalizer.variance[0].squareRoot()), 100_000]
    restored.normalize(&row)
    #expect(abs(row[0] - 1) < 1e-4 && row[1] == 1.5)
    #expect(throws: UserError.self) { try restored.restore(RunningNormalizer(columns: 3).savedState()) }
  }
}
