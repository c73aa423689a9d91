import Encoders
import Groundwork
import NeuralNetworks
import ReinforcementLearning
import Testing

@Suite("How networks read observations")
struct ObservationNetworkTests {
  private func specification(_ fields: [Field]) -> Specification {
    Specification(fields: fields, actions: .discrete(["a", "b"]), timeLimit: 10, rewards: 0...1)
  }

  /// A network on the policy's fields, its parameters, and its output for rows of random bytes.
  private func outputs(
    _ fields: [Field], rows: Int = 3, fill: (ObservationLayout.Place, Int) -> [UInt8]
  ) throws -> [Float] {
    let row = ObservationLayout(specification(fields))
    var layout = ParameterLayout()
    let network = try ObservationNetwork.make(
      "n", layout: row, hidden: [16, 8], activation: .tanh, imageEncoder: .dense, outputs: 3, outputGain: 1, in: &layout
    )
    var parameters = Parameters(layout)
    var random = RandomSource(seed: 3)
    network.initialize(&parameters, random: &random)
    var bytes = [UInt8](repeating: 0, count: rows * row.rowBytes)
    for index in 0..<rows {
      for place in row.places {
        bytes.replaceSubrange(
          index * row.rowBytes + place.offset..<index * row.rowBytes + place.offset + place.field.count
            * place.field.element.size,
          with: fill(place, index))
      }
    }
    let workspace = network.workspace(rows: rows)
    return bytes.withUnsafeBytes {
      Array(network.forward(parameters, InputRows($0.baseAddress!, stride: row.rowBytes), rows: rows, workspace))
    }
  }

  private func bytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  }

  @Test("an int16 image of 5,976 codes, a text and an int32 vector are read together, and each of them matters")
  func everyElement() throws {
    let fields = [
      Field("glyphs", shape: [21, 79], element: .int16, kind: .categorical([5976])),
      Field("message", shape: [64], element: .uint8, kind: .text),
      Field("status", shape: [5], element: .int32, range: -10...1000),
    ]
    func run(glyph: Int16, letter: UInt8, status: Int32) throws -> [Float] {
      try outputs(fields, rows: 1) { place, _ in
        switch place.field.name {
        case "glyphs": bytes((0..<(21 * 79)).map { $0 == 700 ? glyph : Int16(2359) })
        case "message": (0..<64).map { $0 == 3 ? letter : 0 }
        default: bytes([Int32](repeating: status, count: 5))
        }
      }
    }
    let first = try run(glyph: 5975, letter: 65, status: 10)
    #expect(!first.contains { !$0.isFinite })
    let otherGlyph = try run(glyph: 1, letter: 65, status: 10)
    #expect(otherGlyph != first)
    let otherLetter = try run(glyph: 5975, letter: 66, status: 10)
    #expect(otherLetter != first)
    let otherStatus = try run(glyph: 5975, letter: 65, status: 900)
    #expect(otherStatus != first)
  }

  @Test("the table of many codes has one row a code, not one a cell and code")
  func sharedTable() throws {
    let row = ObservationLayout(
      specification([Field("glyphs", shape: [21, 79], element: .int16, kind: .categorical([5976]))]))
    var layout = ParameterLayout()
    _ = try ObservationNetwork.make(
      "n", layout: row, hidden: [64], activation: .tanh, imageEncoder: .dense, outputs: 2, outputGain: 1, in: &layout)
    #expect(layout["n.glyphs.embedding"]?.shape == [5976, 16])
    #expect(layout.count < 400_000)
  }

  @Test("integers are brought into -1...1 by their range")
  func integers() throws {
    let fields = [Field("status", shape: [2], element: .int16, range: -500...200)]
    // The network is linear in its input up to the first tanh: far below one nothing saturates.
    let values = try outputs(fields, rows: 2) { _, row in bytes([Int16(row == 0 ? 500 : -500), Int16(0)]) }
    #expect(values[0..<3].allSatisfy { abs($0) < 3 } && Array(values[0..<3]) != Array(values[3..<6]))
  }

  @Test("codes in floats are refused with the fix")
  func refusal() {
    let fields = [Field("codes", shape: [4], element: .float32, kind: .categorical([3]))]
    #expect(throws: UserError.self) {
      _ = try self.outputs(fields) { _, _ in [UInt8](repeating: 0, count: 16) }
    }
  }

  @Test("statistics of what was observed become the scaling of every network that reads it")
  func statistics() throws {
    let row = ObservationLayout(specification([Field("x", shape: [2], element: .float32)]))
    var layout = ParameterLayout()
    let networks = try ["policy", "value"].map {
      try ObservationNetwork.make(
        $0, layout: row, hidden: [4], activation: .tanh, imageEncoder: .dense, normalizedLimit: 10, outputs: 1,
        outputGain: 1, in: &layout)
    }
    var parameters = Parameters(layout)
    var statistics = ObservationStatistics(row)
    let values: [Float] = [1, 10, 3, 30]
    var rows = [UInt8](repeating: 0, count: 2 * row.rowBytes)
    for index in 0..<2 {
      rows.replaceSubrange(
        index * row.rowBytes..<index * row.rowBytes + 8,
        with: values[index * 2..<index * 2 + 2].flatMap { value in withUnsafeBytes(of: value) { Array($0) } })
    }
    rows.withUnsafeBytes { statistics.update($0.baseAddress!, count: 2, rowBytes: row.rowBytes) }
    statistics.setScaling(of: networks, in: &parameters)
    for name in ["policy.x.scaling", "value.x.scaling"] {
      let block = try #require(layout[name])
      let scaling = Array(parameters.values[block.range])
      #expect(scaling[0] == 2 && scaling[1] == 20)
      #expect(abs(scaling[2] - 1) < 1e-6 && abs(scaling[3] - 0.1) < 1e-6)
    }
  }
}
