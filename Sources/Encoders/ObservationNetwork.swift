import Groundwork
public import NeuralNetworks
public import ReinforcementLearning

/// What the encoder of a categorical image is.
public enum ImageEncoder: String, Codable, Sendable, CaseIterable {
  /// A dense layer on the one-hot image, computed as a sum of weight rows; images of many codes are convolved all the
  /// same, since a row for each cell and code would be millions.
  case dense
  /// Convolutions on the one-hot image (three of 2 x 2 with 16, 32 and 64 channels, as in `rl-starter-files`), or on
  /// learnt rows where codes are many.
  case convolution
}

/// How networks read the policy's fields of an observation row.
public enum ObservationNetwork {
  /// The input fields of a network whose first hidden layer has `width` units.
  ///
  /// Categorical fields become embeddings of that width, which is what a dense layer on their one-hot encoding
  /// computes; with several fields the first hidden layer is the sum of theirs. Stacked observations are read as one
  /// vector or table; those that are convolved, each by weights of its own.
  ///
  /// - Parameters:
  ///   - isSparse: Whether few of an embedding's numbers are added at a time, since the network will omit a background:
  ///     what each adds then starts larger, for about ten of them to sum to the usual size.
  ///   - normalizedLimit: Numeric float32 fields are brought to mean zero and variance one and cut to this
  ///     (`ObservationStatistics` sets the scaling); nil: they are taken as they are.
  ///   - outputs: Of the last layer; 0 for none, when the last hidden layer is what is wanted.
  /// - Throws: `UserError` when there is no hidden layer, or a field has no encoder.
  public static func make(
    _ name: String, layout row: ObservationLayout, hidden: [Int], activation: Activation, imageEncoder: ImageEncoder,
    isSparse: Bool = false, normalizedLimit: Float? = nil, outputs: Int, outputGain: Float,
    in layout: inout ParameterLayout
  ) throws -> Network {
    let places = row.places.filter { $0.field.role == .policy }
    guard let width = hidden.first, hidden.allSatisfy({ $0 > 0 }) else {
      throw UserError(
        "a network of the hidden layers \(hidden) has no layer",
        fix: "Name at least one, for example --set agent.hiddenLayers=[64,64]")
    }
    let encoding = FieldEncoding(
      width: width, imageEncoder: imageEncoder, isSparse: isSparse, normalizedLimit: normalizedLimit)
    var inputs = try places.map { try encoding.fields($0) }
    var layers: [LayerDescription] = []
    if inputs.count == 1, case .numeric = places[0].field.kind {
      // One vector: the plain stack of dense layers.
      layers = hidden.map { .dense($0, activation: activation) }
    } else {
      for (index, place) in places.enumerated() where place.field.kind == .numeric {
        inputs[index] = inputs[index].map { $0.through(.dense(width)) }
      }
      layers = [.activation(activation)] + hidden.dropFirst().map { .dense($0, activation: activation) }
    }
    let fields = inputs.flatMap(\.self)
    if outputs > 0 { layers.append(.dense(outputs, initialization: .orthogonal(gain: outputGain))) }
    return Network(name, fields, combination: fields.count > 1 ? .sum : .concatenation, layers, in: &layout)
  }
}
