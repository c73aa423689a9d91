import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// How one field of an observation becomes the input of a network, by its kind, element and size.
///
/// | kind | element | encoder |
/// |---|---|---|
/// | numeric | any | the numbers; integers and bytes over the largest of their range |
/// | categorical, few codes | uint8 | a row for each cell and code, added up (or convolutions on the one-hot image) |
/// | categorical, many codes | any | one row a code, shared by all cells: an image of them, convolved |
/// | text | uint8 | one row a byte, convolved along the line |
struct FieldEncoding {
  /// Units of the first hidden layer.
  let width: Int
  let imageEncoder: ImageEncoder
  let isSparse: Bool
  let normalizedLimit: Float?

  /// Numbers of a code's learnt row in an embedded image.
  private static let embedding = 16
  /// Rows of a table of cells and codes, beyond which codes share one table.
  private static let mostRows = 1 << 14

  /// What reads a field: one input, or one an observation where a stacked field's are no single table or vector.
  ///
  /// - Throws: `UserError` when nothing reads such a field.
  func fields(_ place: ObservationLayout.Place) throws(UserError) -> [InputField] {
    guard place.field.frames > 1, !isOneInput(place.field) else { return [try field(place)] }
    var fields: [InputField] = []
    for (frame, var single) in place.singles.enumerated() {
      single.field.name += ".\(frame)"
      fields.append(try field(single))
    }
    return fields
  }

  /// Numbers are one vector, and cells of few codes one table, however many observations they are of.
  private func isOneInput(_ field: Field) -> Bool {
    switch field.kind {
    case .numeric: return true
    case .text: return false
    case .categorical(let categories):
      return imageEncoder == .dense && field.element == .uint8
        && field.count / max(1, categories.count) * categories.reduce(0, +) <= Self.mostRows
    }
  }

  /// - Throws: `UserError` when nothing reads such a field.
  func field(_ place: ObservationLayout.Place) throws(UserError) -> InputField {
    let field = place.field
    switch field.kind {
    case .numeric: return numbers(place)
    case .text: return text(place)
    case .categorical(let categories):
      guard let element = element(field.element), field.element != .float32 else {
        throw UserError(
          "the observation field '\(field.name)' holds codes as \(field.element.rawValue)",
          fix: "Declare it as uint8, int16 or int32")
      }
      let channels = max(1, categories.count)
      let rows = field.count / channels * categories.reduce(0, +)
      guard element == .uint8, rows <= Self.mostRows else { return codes(place, categories, element) }
      return fewCodes(place, categories)
    }
  }

  private func numbers(_ place: ObservationLayout.Place) -> InputField {
    let field = place.field
    guard field.element != .float32 else {
      let floats = InputField.floats(field.count, name: field.name, offset: place.offset)
      return normalizedLimit.map { floats.normalized(limit: $0) } ?? floats
    }
    let largest = max(1, abs(field.range.lowerBound), abs(field.range.upperBound))
    return .numbers(
      field.count, element: element(field.element)!, scale: Float(1 / largest), name: field.name, offset: place.offset)
  }

  private func fewCodes(_ place: ObservationLayout.Place, _ categories: [Int]) -> InputField {
    let field = place.field
    if imageEncoder == .convolution, field.shape.count == 3, field.shape[0] >= 4, field.shape[1] >= 4 {
      return InputField.oneHotImage(
        height: field.shape[0], width: field.shape[1], categories: categories, name: field.name, offset: place.offset
      ).through(
        .convolution(channels: 16, kernel: 2), .convolution(channels: 32, kernel: 2),
        .convolution(channels: 64, kernel: 2), .dense(width))
    }
    return .categoricalImage(
      cells: field.count / max(1, categories.count), categories: categories, width: width, name: field.name,
      offset: place.offset, initialization: isSparse ? .normal(0.3) : .orthogonal(gain: 1.4142135))
  }

  /// Many codes: an image of learnt rows; what is no image is a line of them.
  private func codes(
    _ place: ObservationLayout.Place, _ categories: [Int], _ element: InputField.Element
  ) -> InputField {
    let field = place.field
    let cells = field.count / max(1, categories.count)
    let isImage = field.shape.count >= 2 && field.shape[0] * field.shape[1] == cells
    let (height, width) = isImage ? (field.shape[0], field.shape[1]) : (1, cells)
    let image = InputField.embeddedImage(
      height: height, width: width, categories: categories, embedding: Self.embedding, element: element,
      name: field.name, offset: place.offset)
    return isImage && min(height, width) >= 4
      ? image.through(
        .convolution(channels: 16, kernel: 3),
        .convolution(channels: 32, kernel: 3, stride: halves(height, width), padding: 1),
        .convolution(channels: 32, kernel: 3, stride: halves(height, width), padding: 1), .dense(self.width))
      : image.through(.dense(self.width))
  }

  /// Large images are halved on the way.
  private func halves(_ height: Int, _ width: Int) -> Int { min(height, width) >= 9 ? 2 : 1 }

  private func text(_ place: ObservationLayout.Place) -> InputField {
    let field = place.field
    let line = InputField.embeddedImage(
      height: 1, width: field.count, categories: [256], embedding: Self.embedding, name: field.name,
      offset: place.offset)
    guard field.count >= 8 else { return line.through(.dense(width)) }
    return line.through(
      .convolution(channels: 32, kernel: 3, stride: 2, padding: 1),
      .convolution(channels: 32, kernel: 3, stride: 2, padding: 1), .dense(width))
  }

  private func element(_ element: FieldElement) -> InputField.Element? {
    switch element {
    case .uint8: .uint8
    case .int16: .int16
    case .int32: .int32
    case .float32: .float32
    }
  }
}
