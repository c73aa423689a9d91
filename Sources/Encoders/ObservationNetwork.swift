import Groundwork
public import NeuralNetworks
public import ReinforcementLearning

/// What the encoder of a categorical image is.
public enum ImageEncoder: String, Codable, Sendable, CaseIterable {
  /// A dense layer on the one-hot image, computed as a sum of weight rows.
  case dense
  /// Three 2 x 2 convolutions of 16, 32 and 64 channels on the one-hot image, as in `rl-starter-files`.
  case convolution
}

/// How networks read the policy's fields of an observation row.
public enum ObservationNetwork {
  /// The input fields of a network whose first hidden layer has `width` units.
  ///
  /// Categorical fields become embeddings of that width, which is what a dense layer on their one-hot encoding
  /// computes; with several fields the first hidden layer is the sum of theirs.
  ///
  /// - Parameter isSparse: Whether few of an embedding's numbers are added at a time, since the network will omit a
  ///   background: what each adds then starts larger, for about ten of them to sum to the usual size.
  /// - Throws: `UserError` when there is no hidden layer, or a field has no encoder.
  public static func make(
    _ name: String, layout row: ObservationLayout, hidden: [Int], activation: Activation, imageEncoder: ImageEncoder,
    isSparse: Bool = false, outputs: Int, outputGain: Float, in layout: inout ParameterLayout
  ) throws -> Network {
    let places = row.places.filter { $0.field.role == .policy }
    guard let width = hidden.first, hidden.allSatisfy({ $0 > 0 }) else {
      throw UserError("hiddenLayers \(hidden) has no layer", fix: "Name at least one, for example --set hiddenLayers=[64,64]")
    }
    var fields = try places.map { try field($0, width: width, imageEncoder: imageEncoder, isSparse: isSparse) }
    var layers: [LayerDescription] = []
    if fields.count == 1, case .numeric = places[0].field.kind {
      // One vector: the plain stack of dense layers.
      layers = hidden.map { .dense($0, activation: activation) }
    } else {
      for (index, place) in places.enumerated() where place.field.kind == .numeric {
        fields[index] = fields[index].through(.dense(width))
      }
      layers = [.activation(activation)] + hidden.dropFirst().map { .dense($0, activation: activation) }
    }
    layers.append(.dense(outputs, initialization: .orthogonal(gain: outputGain)))
    return Network(name, fields, combination: fields.count > 1 ? .sum : .concatenation, layers, in: &layout)
  }

  private static func field(
    _ place: ObservationLayout.Place, width: Int, imageEncoder: ImageEncoder, isSparse: Bool
  ) throws -> InputField {
    let field = place.field
    switch (field.kind, field.element) {
    case (.categorical(let categories), .uint8):
      if imageEncoder == .convolution, field.shape.count == 3, field.shape[0] >= 4, field.shape[1] >= 4 {
        return InputField.oneHotImage(
          height: field.shape[0], width: field.shape[1], categories: categories, name: field.name, offset: place.offset
        ).through(
          .convolution(channels: 16, kernel: 2), .convolution(channels: 32, kernel: 2),
          .convolution(channels: 64, kernel: 2), .dense(width))
      }
      let codes = max(1, categories.count)
      return .categoricalImage(
        cells: field.count / codes, categories: categories, width: width, name: field.name, offset: place.offset,
        initialization: isSparse ? .normal(0.3) : .orthogonal(gain: 1.4142135))
    case (.numeric, .float32):
      return .floats(field.count, name: field.name, offset: place.offset)
    case (.numeric, .uint8):
      let scale = Float(1 / max(1, field.range.upperBound))
      return .bytes(field.count, scale: scale, name: field.name, offset: place.offset)
    default:
      throw UserError(
        "the observation field '\(field.name)' (\(field.element.rawValue)) has no encoder",
        fix: "Declare it as uint8 or float32, or as a signal")
    }
  }
}
