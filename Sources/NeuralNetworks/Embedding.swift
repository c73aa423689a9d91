internal import CKernels

/// Sums of learnt rows, one for each categorical number of an input row; see `InputField`.
///
/// The forward pass first writes the list of table rows, `[rows, lookups]`, into the workspace; the backward pass
/// adds the gradient to the same rows.
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
  }

  let name: String
  let offset: Int
  let description: Description
  let width: Int
  let table: ParameterLayout.Block
  let bias: ParameterLayout.Block?
  /// For each lookup, the table row of its category 0, and its number of categories.
  private let base: [Int32]
  private let limit: [Int32]
  /// The numbers that add nothing, `[lookups]`; empty: every number adds its row.
  private(set) var background: [UInt8] = []

  var lookups: Int { base.count }
  /// Lookups that reach about a hundred rows of the table: 24 KiB of 64 columns, in the first-level cache.
  private var group: Int {
    if description.sharedByCells || !background.isEmpty { return lookups }
    return max(1, 96 / description.categories.reduce(0, +)) * description.categories.count
  }

  init(_ name: String, _ description: Description, offset: Int, width: Int, in layout: inout ParameterLayout) {
    let perCell = description.categories.reduce(0, +)
    precondition(description.cells > 0 && perCell > 0 && width > 0, "'\(name)' embeds nothing")
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
    guard description.element == .uint8, description.bias else { return }
    background = (0..<lookups).map { row.load(fromByteOffset: offset + $0, as: UInt8.self) }
  }

  /// Writes `output: [rows, width]` and `indices: [rows, lookups]`.
  @_specialize(where Scalar == Float)
  func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ input: InputRows, rows: Int, indices: UnsafeMutablePointer<Int32>,
    output: UnsafeMutablePointer<Scalar>
  ) {
    var outside = 0
    for row in 0..<rows {
      outside += look(input[row] + offset, into: indices + row * lookups)
    }
    precondition(outside == 0, "\(outside) numbers of '\(name)' are outside its categories \(description.categories)")
    Scalar.gather(
      rows, lookups, group: group, indices, parameters + table.offset, width: width, bias: bias.map { parameters + $0.offset },
      into: output)
  }

  @_specialize(where Scalar == Float)
  func backward<Scalar: NetworkScalar>(
    rows: Int, indices: UnsafePointer<Int32>, outputGradient: UnsafeMutablePointer<Scalar>,
    into gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.scatter(rows, lookups, group: group, indices, outputGradient, width: width, into: gradient + table.offset)
    if let bias {
      Scalar.activateBackward(rows, width, .identity, outputGradient, outputGradient, sum: gradient + bias.offset)
    }
  }

  /// One row's list; returns how many numbers were outside their categories.
  private func look(_ bytes: UnsafeRawPointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    let ignored = description.ignored ?? -1
    if !background.isEmpty { return lookForeground(bytes, into: indices) }
    if description.element == .uint8 {
      return forage_lookup_u8(
        lookups, bytes.assumingMemoryBound(to: UInt8.self), base, limit, Int32(ignored), indices)
    }
    var outside = 0
    for lookup in 0..<lookups {
      let value =
        description.element == .int16
        ? Int(bytes.loadUnaligned(fromByteOffset: lookup * 2, as: Int16.self))
        : Int(bytes.loadUnaligned(fromByteOffset: lookup * 4, as: Int32.self))
      let skipped = value == ignored && description.ignored != nil
      let bad = !skipped && (value < 0 || value >= Int(limit[lookup]))
      if bad { outside += 1 }
      indices[lookup] = skipped || bad ? -1 : base[lookup] + Int32(value)
    }
    return outside
  }

  /// The list of a row where it differs from the background, with -2 after its end; eight numbers at a time, since
  /// nearly all are the background's.
  private func lookForeground(_ bytes: UnsafeRawPointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    var outside = 0
    var count = 0
    background.withUnsafeBytes { background in
      let background = background.baseAddress!
      func add(_ lookups: Range<Int>) {
        for lookup in lookups {
          let value = Int32(bytes.load(fromByteOffset: lookup, as: UInt8.self))
          guard value != Int32(background.load(fromByteOffset: lookup, as: UInt8.self)) else { continue }
          guard value < limit[lookup] else {
            outside += 1
            continue
          }
          indices[count] = base[lookup] + value
          count += 1
        }
      }
      let whole = lookups & ~7
      for lookup in stride(from: 0, to: whole, by: 8)
      where bytes.loadUnaligned(fromByteOffset: lookup, as: UInt64.self)
        != background.loadUnaligned(fromByteOffset: lookup, as: UInt64.self)
      {
        add(lookup..<lookup + 8)
      }
      add(whole..<lookups)
    }
    if count < lookups { indices[count] = -2 }
    return outside
  }
}
