/// One named part of an observation row, and how a network first reads it.
///
/// An embedding is what a `Dense` layer would compute from the one-hot encoding, as a sum of the weight rows that
/// the ones select: a MiniGrid image (7 x 7 cells of 3 categorical channels) costs 147 row additions instead of a
/// product over 980 numbers that are mostly zero.
public struct InputField: Sendable {
  enum Kind: Sendable {
    /// Numbers of any element, each times `scale`.
    case numbers(Element, scale: Float)
    case oneHot(categories: [Int])
    case embedding(Embedding.Description)
  }
  /// How the bytes of a number are read: little-endian, and at any address, since a row's fields need not be aligned.
  public enum Element: Sendable, Hashable {
    case uint8, int16, int32, float32

    /// Bytes of one.
    public var size: Int {
      switch self {
      case .uint8: 1
      case .int16: 2
      case .int32, .float32: 4
      }
    }
  }

  /// A window of an image around a place that the same input row tells, for example where the agent stands.
  public struct Crop: Sendable, Hashable {
    /// A number of the same row that tells a coordinate of the window's middle, in cells from the image's top left.
    public struct Place: Sendable, Hashable {
      /// Bytes from the start of the row, not of the field.
      public var offset: Int
      /// How it is read; a `float32` is cut to its whole part.
      public var element: Element

      /// A number of that element at that byte of the row.
      public init(offset: Int, element: Element) { (self.offset, self.element) = (offset, element) }
    }

    /// Cells of the window from top to bottom; the place is in its middle, right of and below it where a side is even.
    public var height: Int
    /// Cells of the window from left to right.
    public var width: Int
    /// Cells of the whole image from top to bottom: the field in the row holds all of it.
    public var imageHeight: Int
    /// Cells of the whole image from left to right.
    public var imageWidth: Int
    /// Tells the row of the middle, from 0. What the window shows beyond the image's edges adds nothing.
    public var row: Place
    /// Tells the column of the middle, from 0.
    public var column: Place

    /// A window of `height` by `width` cells of an image of `imageHeight` by `imageWidth`, around (`row`, `column`).
    public init(height: Int, width: Int, imageHeight: Int, imageWidth: Int, row: Place, column: Place) {
      (self.height, self.width, self.imageHeight, self.imageWidth) = (height, width, imageHeight, imageWidth)
      (self.row, self.column) = (row, column)
    }
  }

  /// The middle part of its blocks' names (`NETWORK.NAME.embedding`), and how `Network.setScaling` finds it.
  public let name: String
  /// Bytes from the start of the row.
  public let offset: Int
  /// Of what it is read as: `[count]`, or `[height, width, channels]`.
  public let shape: [Int]
  let kind: Kind
  /// Layers of its own before the fields are combined.
  public var layers: [LayerDescription] = []
  /// Whether its numbers are brought to mean zero and variance one first, and what they are then cut to; nil: not.
  private(set) var normalizedLimit: Float?

  /// `shape` floats, taken as they are.
  public static func floats(_ shape: Int..., name: String = "input", offset: Int = 0) -> InputField {
    InputField(name: name, offset: offset, shape: shape, kind: .numbers(.float32, scale: 1))
  }

  /// `shape` bytes as floats, each times `scale`: for pixels, `scale: 1 / 255`.
  public static func bytes(_ shape: Int..., scale: Float = 1, name: String = "input", offset: Int = 0) -> InputField {
    InputField(name: name, offset: offset, shape: shape, kind: .numbers(.uint8, scale: scale))
  }

  /// `shape` numbers of an element, little-endian, each converted to `Float` and multiplied by `scale`.
  public static func numbers(
    _ shape: Int..., element: Element, scale: Float = 1, name: String = "input", offset: Int = 0
  ) -> InputField {
    InputField(name: name, offset: offset, shape: shape, kind: .numbers(element, scale: scale))
  }

  /// Codes `[height, width, categories.count]` as an image of learnt rows `[height, width, embedding]`, the sum of one
  /// for each channel: what a convolution wants where codes are many. One table for all cells, `[sum of categories,
  /// embedding]`.
  ///
  /// - Parameter crop: The window of a larger image that is seen; its sides are then `height` and `width`.
  public static func embeddedImage(
    height: Int, width: Int, categories: [Int], embedding: Int, element: Element = .uint8, crop: Crop? = nil,
    name: String = "image", offset: Int = 0, initialization: Initialization = .normal(0.1)
  ) -> InputField {
    precondition(crop == nil || crop!.height == height && crop!.width == width, "the image is the window")
    return InputField(
      name: name, offset: offset, shape: [height, width, embedding],
      kind: .embedding(
        .init(
          cells: height * width, categories: categories, sharedByCells: true, ignored: nil, element: element,
          bias: false, initialization: initialization, keepsCells: true, crop: crop)))
  }

  /// Bytes `[height, width, categories.count]`, each a category, as a one-hot image
  /// `[height, width, sum of categories]`: what a convolution wants.
  ///
  /// A forward pass stops the program on a code that is not below its channel's number of categories.
  public static func oneHotImage(
    height: Int, width: Int, categories: [Int], name: String = "image", offset: Int = 0
  ) -> InputField {
    InputField(
      name: name, offset: offset, shape: [height, width, categories.reduce(0, +)],
      kind: .oneHot(categories: categories))
  }

  /// Bytes `[cells, categories.count]`, each a category, as the sum of a learnt row per cell and category, plus a
  /// bias: a `Dense` layer of `width` outputs on the one-hot encoding. Table `[cells, sum of categories, width]`.
  ///
  /// - Parameters:
  ///   - cells: Of the picture, in any order, each with a table of its own.
  ///   - categories: For each channel of a cell, how many codes it has; a code outside stops the program.
  ///   - width: Outputs.
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
  ///
  /// - Parameters:
  ///   - categories: Codes are 0 to one less; a forward pass stops the program on another.
  ///   - width: Numbers of a learnt row.
  ///   - element: How the code is read.
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
  ///
  /// - Parameters:
  ///   - length: Tokens in the row, the fillers included.
  ///   - vocabulary: Tokens are 0 to one less; a forward pass stops the program on another.
  ///   - width: Numbers of a learnt row.
  ///   - ignoring: The filler, which adds nothing; nil: every token counts.
  public static func tokens(
    length: Int, vocabulary: Int, width: Int, ignoring: Int? = 0, element: Element = .uint8, name: String = "text",
    offset: Int = 0, initialization: Initialization = .normal(0.1)
  ) -> InputField {
    InputField(
      name: name, offset: offset, shape: [width],
      kind: .embedding(
        .init(
          cells: length, categories: [vocabulary], sharedByCells: true, ignored: ignoring, element: element,
          bias: false, initialization: initialization)))
  }

  /// The same field with layers of its own before it is combined with others.
  public func through(_ layers: LayerDescription...) -> InputField {
    var field = self
    field.layers += layers
    return field
  }

  /// The same field of numbers with its mean and variance taken out before anything else: the network's layout then has
  /// a block `[2, count]` of means and factors that no optimizer moves and `Network.setScaling` sets.
  ///
  /// - Parameter limit: What the scaled numbers are cut to, on both sides.
  public func normalized(limit: Float) -> InputField {
    guard case .numbers = kind else { preconditionFailure("'\(name)' holds codes, which have no mean") }
    var field = self
    field.normalizedLimit = limit
    return field
  }

  /// One number of a list of them.
  @inline(__always)
  static func read(_ bytes: UnsafeRawPointer, _ index: Int, _ element: Element) -> Int {
    switch element {
    case .uint8: Int(bytes.load(fromByteOffset: index, as: UInt8.self))
    case .int16: Int(bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
    case .int32: Int(bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
    case .float32: Int(bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
    }
  }
}
