internal import CKernels

/// Sums of learnt rows, one for each categorical number of an input row; see `InputField`.
///
/// The forward pass first writes the list of table rows into the workspace; the backward pass adds the gradient to the
/// same rows. The sum runs over all cells, or where `keepsCells` over the channels of each: an image of learnt rows.
struct Embedding: Sendable {
  struct Description: Sendable {
    var cells: Int
    /// Categories of each channel of a cell.
    var categories: [Int]
    /// One table for all cells, instead of one each.
    var sharedByCells: Bool
    /// A number that stands for nothing.
    var ignored: Int?
    var element: InputField.Element
    var bias: Bool
    var initialization: Initialization
    /// Whether each cell is an output of its own.
    var keepsCells = false
    /// Which part of a larger image the cells are; nil: the image is the cells.
    var crop: InputField.Crop?
  }

  /// What is done with the numbers that rows have in common.
  enum Background: Sendable, Equatable {
    /// Every number adds its row.
    case none
    /// They add nothing: "dummy coding", in which the bias stands for them.
    case omitted([UInt8])
    /// They are added up once a pass: the same function as without a background.
    case shared([UInt8])

    var bytes: [UInt8] {
      switch self {
      case .none: []
      case .omitted(let bytes), .shared(let bytes): bytes
      }
    }
    var isShared: Bool { if case .shared = self { true } else { false } }
  }

  /// Everything that a list depends on besides the row.
  struct Listing: Equatable {
    var offset: Int
    var base: [Int32]
    var limit: [Int32]
    var ignored: Int?
    var element: InputField.Element
    var crop: InputField.Crop?
    var background: Background
  }

  var listing: Listing {
    Listing(
      offset: offset, base: base, limit: limit, ignored: description.ignored, element: description.element,
      crop: description.crop, background: background)
  }

  let name: String
  let offset: Int
  let description: Description
  let width: Int
  let table: ParameterLayout.Block
  let bias: ParameterLayout.Block?
  /// For each lookup, the table row of its category 0, and its number of categories.
  let base: [Int32]
  let limit: [Int32]
  private(set) var background = Background.none
  /// The table rows of the background, `[lookups]`.
  private var backgroundRows: [Int32] = []

  var lookups: Int { base.count }
  /// Whether a background can be told: a byte a number, a table row each, and a bias.
  private var takesBackground: Bool { description.element == .uint8 && description.bias && !description.sharedByCells }
  /// Whether its distinct cells can be numbered (`IndexedRows`).
  var isIndexable: Bool {
    guard takesBackground, description.ignored == nil, description.crop == nil else { return false }
    if case .omitted = background { return false }
    let keys = description.categories.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    return (1...CellIndex.mostKeys).contains(keys) && description.cells * keys <= 1 << 20
      && description.categories.allSatisfy { $0 <= 256 }
  }
  /// Numbers of a row's list.
  var listCount: Int { takesBackground ? 2 * lookups : lookups }
  /// Outputs of a row of the input, `width` numbers each.
  private var positions: Int { description.keepsCells ? description.cells : 1 }
  /// Lookups that reach about a hundred rows of the table: 24 KiB of 64 columns, in the first-level cache.
  private var group: Int {
    if case .omitted = background { return lookups }
    if description.sharedByCells { return lookups / positions }
    return max(1, 96 / description.categories.reduce(0, +)) * description.categories.count
  }

  init(_ name: String, _ description: Description, offset: Int, width: Int, in layout: inout ParameterLayout) {
    let perCell = description.categories.reduce(0, +)
    precondition(description.cells > 0 && perCell > 0 && width > 0, "'\(name)' embeds nothing")
    precondition(!description.keepsCells || description.sharedByCells, "an image of embedded cells has one table")
    self.name = name
    self.offset = offset
    self.description = description
    self.width = width
    table = layout.add(
      "\(name).embedding", description.sharedByCells ? [perCell, width] : [description.cells, perCell, width])
    bias = description.bias ? layout.add("\(name).bias", [width]) : nil
    var base: [Int32] = []
    var limit: [Int32] = []
    for cell in 0..<description.cells {
      var start = description.sharedByCells ? 0 : cell * perCell
      for categories in description.categories {
        base.append(Int32(start))
        limit.append(Int32(categories))
        start += categories
      }
    }
    self.base = base
    self.limit = limit
  }

  func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    parameters[table] = description.initialization.draw(rows: table.count / width, columns: width, random: &random)[...]
    if let bias { parameters[bias] = [Float](repeating: 0, count: width)[...] }
  }

  /// Leaves out, from now on, the numbers that an input row has in common with this one: "dummy coding", in which the
  /// bias stands for the reference. What can be learnt is the same, but the thousand rows of a large picture that are
  /// always added no longer act as a bias whose step size is a thousand times that of the others.
  mutating func omit(_ row: UnsafeRawPointer) {
    guard takesBackground else { return }
    background = .omitted(read(row))
  }

  /// Adds up once a pass, from now on, what an input row has in common with this one, and only the differences for each
  /// row: the same function and the same gradient, up to rounding, for a fraction of the additions.
  mutating func share(_ row: UnsafeRawPointer) {
    guard takesBackground else { return }
    let bytes = read(row)
    background = .shared(bytes)
    backgroundRows = bytes.indices.map { base[$0] + Int32(bytes[$0]) }
  }

  private func read(_ row: UnsafeRawPointer) -> [UInt8] {
    (0..<lookups).map { row.load(fromByteOffset: offset + $0, as: UInt8.self) }
  }

  /// Writes `output: [rows, positions, width]` and `lists: [rows, listCount]`.
  ///
  /// - Parameters:
  ///   - isListed: Whether the lists have been written for these rows already.
  ///   - scratch: Room for `width` numbers.
  @_specialize(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ input: InputRows, rows: Int, lists: UnsafeMutablePointer<Int32>,
    isListed: Bool, output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    if let cells = input.indexed?.table(of: self) {
      if !isListed { cells.index.copyLists(of: input, rows: rows, into: lists) }
      let values = cells.values(Scalar.self)
      Scalar.gather(
        rows, cells.index.cells, group: cells.index.cells, lists, values, width: width, bias: values + cells.count,
        into: output)
      return
    }
    if !isListed { list(input, rows: rows, into: lists) }
    let table = parameters + table.offset
    let start = bias.map { parameters + $0.offset }
    if background.isShared {
      backgroundRows.withUnsafeBufferPointer {
        Scalar.gather(1, lookups, group: lookups, $0.baseAddress!, table, width: width, bias: start, into: scratch)
      }
      Scalar.gatherDifference(rows, lookups, lists, table, width: width, start: scratch, into: output)
    } else {
      Scalar.gather(
        rows * positions, lookups / positions, group: group, lists, table, width: width, bias: start, into: output)
    }
  }

  /// - Parameter cells: Where the forward pass read indexed rows, the table of their cells and where its gradient is.
  @_specialize(where Scalar == Float)
  func backward<Scalar: NetworkScalar>(
    rows: Int, lists: UnsafePointer<Int32>, outputGradient: UnsafeMutablePointer<Scalar>,
    cells: (index: CellIndex, gradient: UnsafeMutablePointer<Scalar>)?, into gradient: UnsafeMutablePointer<Scalar>
  ) {
    let target = gradient + table.offset
    if let cells {
      let count = cells.index.cells
      Scalar.scatter(rows, count, group: count, lists, outputGradient, width: width, into: cells.gradient)
    } else if background.isShared {
      Scalar.scatterDifference(rows, lookups, lists, outputGradient, both: false, width: width, into: target)
    } else {
      Scalar.scatter(
        rows * positions, lookups / positions, group: group, lists, outputGradient, width: width, into: target)
    }
    if let bias {
      Scalar.activateBackward(
        rows * positions, width, .identity, outputGradient, outputGradient, sum: gradient + bias.offset)
    }
  }

  /// Gives the shared background's rows their gradient: of every lookup's rows together it is the bias's, since each
  /// input row selects exactly one of them.
  func completeGradient<Scalar: NetworkScalar>(of range: Range<Int>, _ gradient: UnsafeMutablePointer<Scalar>) {
    guard background.isShared, let bias else { return }
    let whole = gradient + bias.offset
    for lookup in range {
      let rows = gradient + table.offset + Int(base[lookup]) * width
      let target = gradient + table.offset + Int(backgroundRows[lookup]) * width
      for column in 0..<width { target[column] = whole[column] }
      for category in 0..<Int(limit[lookup]) {
        let row = rows + category * width
        guard row != target else { continue }
        for column in 0..<width { target[column] -= row[column] }
      }
    }
  }
}
