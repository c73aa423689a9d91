/// A field of the input as numbers: widened and scaled, spelled out one-hot, or embedded.
struct Encoder: Sendable {
  let field: InputField
  var embedding: Embedding?
  /// Means, then factors of a normalised field, `[2, count]`.
  let scaling: ParameterLayout.Block?

  init(_ name: String, _ field: InputField, in layout: inout ParameterLayout) {
    self.field = field
    if case .embedding(let description) = field.kind {
      embedding = Embedding(name, description, offset: field.offset, width: field.shape.last!, in: &layout)
    } else {
      embedding = nil
    }
    scaling =
      field.normalizedLimit == nil
      ? nil : layout.add("\(name).scaling", [2, field.shape.reduce(1, *)], isTrained: false)
  }

  var outputCount: Int { field.shape.reduce(1, *) }

  func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    embedding?.initialize(&parameters, random: &random)
    if let scaling {
      let count = scaling.count / 2
      parameters[scaling] = ([Float](repeating: 0, count: count) + [Float](repeating: 1, count: count))[...]
    }
  }

  /// Writes `output: [rows, outputCount]`.
  @_specialize(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ input: InputRows, rows: Int, lists: UnsafeMutablePointer<Int32>,
    isListed: Bool, output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    switch field.kind {
    case .numbers(let element, let scale):
      widen(input, rows: rows, element, scale, output)
      if let scaling { normalize(parameters + scaling.offset, rows: rows, output) }
    case .oneHot(let categories): spellOut(input, rows: rows, categories, output)
    case .embedding:
      embedding!.forward(
        parameters, input, rows: rows, lists: lists, isListed: isListed, output: output, scratch: scratch)
    }
  }

  private func widen<Scalar: NetworkScalar>(
    _ input: InputRows, rows: Int, _ element: InputField.Element, _ scale: Float, _ output: UnsafeMutablePointer<Scalar>
  ) {
    let count = outputCount
    for row in 0..<rows {
      let source = input[row] + field.offset
      let target = output + row * count
      switch element {
      case .float32 where scale == 1 && Scalar.self == Float.self:
        UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * 4)
      case .float32 where scale == 1:
        for index in 0..<count {
          target[index] = Scalar(source.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
        }
      case .float32:
        for index in 0..<count {
          target[index] = Scalar(source.loadUnaligned(fromByteOffset: index * 4, as: Float.self) * scale)
        }
      case .uint8:
        let bytes = source.assumingMemoryBound(to: UInt8.self)
        for index in 0..<count { target[index] = Scalar(Float(bytes[index]) * scale) }
      case .int16, .int32:
        for index in 0..<count { target[index] = Scalar(Float(InputField.read(source, index, element)) * scale) }
      }
    }
  }

  /// `(x - mean) * factor`, cut to the field's limit.
  private func normalize<Scalar: NetworkScalar>(
    _ means: UnsafePointer<Scalar>, rows: Int, _ output: UnsafeMutablePointer<Scalar>
  ) {
    let count = outputCount
    let factors = means + count
    let limit = Scalar(field.normalizedLimit!)
    for row in 0..<rows {
      let target = output + row * count
      for index in 0..<count {
        target[index] = min(limit, max(-limit, (target[index] - means[index]) * factors[index]))
      }
    }
  }

  private func spellOut<Scalar: NetworkScalar>(
    _ input: InputRows, rows: Int, _ categories: [Int], _ output: UnsafeMutablePointer<Scalar>
  ) {
    let count = outputCount
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
  }
}
