/// One named part of an observation row, and how a network first reads it.
///
/// An embedding is what a `Dense` layer would compute from the one-hot encoding, as a sum of the weight rows that
/// the ones select: a MiniGrid image (7 x 7 cells of 3 categorical channels) costs 147 row additions instead of a
/// product over 980 numbers that are mostly zero.
public struct InputField: Sendable {
  enum Kind: Sendable {
    case floats
    case bytes(scale: Float)
    case oneHot(categories: [Int])
    case embedding(Embedding.Description)
  }
  /// How the bytes of an index are read.
  public enum Element: Int, Sendable, Hashable { case uint8 = 1, int16 = 2, int32 = 4 }

  public let name: String
  /// Bytes from the start of the row.
  public let offset: Int
  /// Of what it is read as: `[count]`, or `[height, width, channels]`.
  public let shape: [Int]
  let kind: Kind
  /// Layers of its own before the fields are combined.
  public var layers: [LayerDescription] = []

  /// `shape` floats, taken as they are.
  public static func floats(_ shape: Int..., name: String = "input", offset: Int = 0) -> InputField {
    InputField(name: name, offset: offset, shape: shape, kind: .floats)
  }

  /// `shape` bytes as floats, each times `scale`: for pixels, `scale: 1 / 255`.
  public static func bytes(_ shape: Int..., scale: Float = 1, name: String = "input", offset: Int = 0) -> InputField {
    InputField(name: name, offset: offset, shape: shape, kind: .bytes(scale: scale))
  }

  /// Bytes `[height, width, categories.count]`, each a category, as a one-hot image
  /// `[height, width, sum of categories]`: what a convolution wants.
  public static func oneHotImage(
    height: Int, width: Int, categories: [Int], name: String = "image", offset: Int = 0
  ) -> InputField {
    InputField(
      name: name, offset: offset, shape: [height, width, categories.reduce(0, +)], kind: .oneHot(categories: categories))
  }

  /// Bytes `[cells, categories.count]`, each a category, as the sum of a learnt row per cell and category, plus a
  /// bias: a `Dense` layer of `width` outputs on the one-hot encoding. Table `[cells, sum of categories, width]`.
  public static func categoricalImage(
    cells: Int, categories: [Int], width: Int, name: String = "image", offset: Int = 0,
    initialization: Initialization = .orthogonal(gain: 1.4142135)
  ) -> InputField {
    InputField(
      name: name, offset: offset, shape: [width],
      kind: .embedding(
        .init(
          cells: cells, categories: categories, sharedByCells: false, ignored: nil, element: .uint8, bias: true,
          initialization: initialization)))
  }

  /// One index below `categories`, as a learnt row `[width]`. Table `[categories, width]`.
  public static func index(
    categories: Int, width: Int, element: Element = .uint8, name: String = "index", offset: Int = 0,
    initialization: Initialization = .normal(0.1)
  ) -> InputField {
    InputField(
      name: name, offset: offset, shape: [width],
      kind: .embedding(
        .init(
          cells: 1, categories: [categories], sharedByCells: true, ignored: nil, element: element, bias: false,
          initialization: initialization)))
  }

  /// A text of at most `length` tokens below `vocabulary`, as the sum of a learnt row per token, whatever the
  /// token's place; the token `ignoring` fills what is left over. Table `[vocabulary, width]`.
  public static func tokens(
    length: Int, vocabulary: Int, width: Int, ignoring: Int? = 0, element: Element = .uint8, name: String = "text",
    offset: Int = 0, initialization: Initialization = .normal(0.1)
  ) -> InputField {
    InputField(
      name: name, offset: offset, shape: [width],
      kind: .embedding(
        .init(
          cells: length, categories: [vocabulary], sharedByCells: true, ignored: ignoring, element: element, bias: false,
          initialization: initialization)))
  }

  /// The same field with layers of its own before it is combined with others.
  public func through(_ layers: LayerDescription...) -> InputField {
    var field = self
    field.layers += layers
    return field
  }
}
