/// A field of the input as numbers: copied, widened, spelled out one-hot, or embedded.
struct Encoder: Sendable {
  let field: InputField
  var embedding: Embedding?

  init(_ name: String, _ field: InputField, in layout: inout ParameterLayout) {
    self.field = field
    if case .embedding(let description) = field.kind {
      embedding = Embedding(name, description, offset: field.offset, width: field.shape[0], in: &layout)
    } else {
      embedding = nil
    }
  }

  var outputCount: Int { field.shape.reduce(1, *) }

  /// Writes `output: [rows, outputCount]`.
  @_specialize(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ input: InputRows, rows: Int, indices: UnsafeMutablePointer<Int32>,
    output: UnsafeMutablePointer<Scalar>
  ) {
    let count = outputCount
    switch field.kind {
    case .floats:
      for row in 0..<rows {
        let source = input[row] + field.offset
        let target = output + row * count
        for index in 0..<count { target[index] = Scalar(source.loadUnaligned(fromByteOffset: index * 4, as: Float.self)) }
      }
    case .bytes(let scale):
      for row in 0..<rows {
        let source = (input[row] + field.offset).assumingMemoryBound(to: UInt8.self)
        let target = output + row * count
        for index in 0..<count { target[index] = Scalar(Float(source[index]) * scale) }
      }
    case .oneHot(let categories):
      output.update(repeating: 0, count: rows * count)
      for row in 0..<rows {
        var source = input[row] + field.offset
        var target = output + row * count
        for _ in 0..<(field.shape[0] * field.shape[1]) {
          for channel in 0..<categories.count {
            let value = Int(source.load(as: UInt8.self))
            precondition(
              value < categories[channel], "'\(field.name)' has the category \(value) of \(categories[channel])")
            target[value] = 1
            target += categories[channel]
            source += 1
          }
        }
      }
    case .embedding:
      embedding!.forward(parameters, input, rows: rows, indices: indices, output: output)
    }
  }
}
