public import Groundwork

/// Input rows that are read many times, with the cells of their categorical images numbered once.
///
/// A dense layer on a one-hot image adds a table row for each channel of each cell. Epochs of minibatches read the same
/// rows again and again, and most cells look as they mostly do at their place. So `index` numbers the distinct cells
/// (all channels together) and lists, for each row, those that differ from the most frequent ones; `prepare` adds up,
/// once for each value of the parameters, the table rows of every distinct cell less those of the most frequent one;
/// a pass then adds one row for each cell that differs, and a backward pass adds to one. It is the same function and
/// the same gradient as without, up to rounding.
///
/// The numbers depend on the rows alone, not on their order or on the workers: a resumed run gets the same ones.
///
/// Order of calls: `index` whenever the rows have changed; `prepare` whenever the parameters have; then passes over
/// `InputRows` with `indexed` set; after backward passes `complete`.
public final class IndexedRows: @unchecked Sendable {
  /// The numbered cells of the fields that have some, and by number of field each network's table.
  private let fields: [CellIndex]
  private let tables: [CellTable]
  /// The parts of the gradient to which backward passes add themselves; `complete` writes the others.
  public let passRanges: [Range<Int>]

  /// - Parameters:
  ///   - networks: Those that read the rows, all alike (`Network.reads(like:)`).
  ///   - parameters: Elements of the flat buffer.
  /// - Returns: nil where no field can be numbered: not dense on bytes, with more than 4,096 possible cells, or with an
  ///   omitted background.
  public init?(_ networks: [Network], parameters: Int) {
    precondition(networks.allSatisfy { $0.reads(like: networks[0]) }, "networks that read rows in different ways")
    var fields: [CellIndex] = []
    var tables: [CellTable] = []
    for branch in networks[0].branches.indices {
      guard let first = networks[0].branches[branch].encoder.embedding, first.isIndexable else { continue }
      let field = CellIndex(first)
      fields.append(field)
      tables += networks.map { CellTable($0.branches[branch].encoder.embedding!, field) }
    }
    guard !fields.isEmpty else { return nil }
    (self.fields, self.tables) = (fields, tables)
    var ranges: [Range<Int>] = []
    var next = 0
    for block in tables.map(\.embedding.table.range).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if block.lowerBound > next { ranges.append(next..<block.lowerBound) }
      next = block.upperBound
    }
    if next < parameters { ranges.append(next..<parameters) }
    passRanges = ranges
  }

  /// Numbers the cells of the rows `0..<rows`.
  ///
  /// - Returns: Whether it pays: false where there are more than twice as many distinct cells as rows in the table. The
  ///   rows are then to be read without an index.
  public func index(_ input: InputRows, rows: Int, workers: Workers) -> Bool {
    fields.allSatisfy { $0.index(input, rows: rows, workers: workers) }
  }

  /// Adds up the table rows of every distinct cell, for passes with these parameters.
  public func prepare(_ parameters: Parameters, workers: Workers) {
    parameters.values.withUnsafeBufferPointer { prepare($0.baseAddress!, workers: workers) }
  }

  func prepare<Scalar: NetworkScalar>(_ parameters: UnsafePointer<Scalar>, workers: Workers) {
    for table in tables { table.reserve(Scalar.self) }
    nonisolated(unsafe) let parameters = parameters
    let parts = min(workers.count, 16)
    workers.perform(parts * tables.count) { tables[$0 / parts].prepare(parameters, part: $0 % parts, of: parts) }
  }

  /// Gives the tables their gradient, from what backward passes left in their workspaces and of the biases.
  ///
  /// - Parameters:
  ///   - gradient: `[parameters]`, with the sum of all passes in `passRanges`; the tables' parts are overwritten.
  ///   - workspaces: Of every pass, by network in the order of `init`; they are added up in their order.
  /// - Returns: The sum of the squares of the tables' parts.
  public func complete(_ gradient: inout [Float], _ workspaces: [[Workspace<Float>]], workers: Workers) -> Double {
    gradient.withUnsafeMutableBufferPointer { complete($0.baseAddress!, workspaces, workers: workers) }
  }

  func complete<Scalar: NetworkScalar>(
    _ gradient: UnsafeMutablePointer<Scalar>, _ workspaces: [[Workspace<Scalar>]], workers: Workers
  ) -> Double {
    let networks = workspaces.count
    let sums = tables.indices.map { table in
      workspaces[table % networks].map { $0.cellGradient(of: tables[table]) }
    }
    nonisolated(unsafe) let (gradient, passes) = (gradient, sums)
    let parts = min(workers.count, 16)
    workers.perform(parts * tables.count) {
      tables[$0 / parts].complete(gradient, passes[$0 / parts], part: $0 % parts, of: parts)
    }
    return tables.reduce(0) { $0 + $1.squares }
  }

  /// The table of an embedding, where its cells are numbered.
  func table(of embedding: Embedding) -> CellTable? {
    tables.first { $0.embedding.table.offset == embedding.table.offset }
  }
}

/// What the distinct cells of one network's field add to its output, for the present parameters.
final class CellTable {
  let embedding: Embedding
  let index: CellIndex
  /// `[codes, width]`, then the sum of the bias and the most frequent cells' rows `[width]`.
  private var memory: UnsafeMutableRawPointer
  private var byteCount = 1
  /// The squares of each cell's gradient, `[cells]`.
  private let squaresOfCells: UnsafeMutablePointer<Double>

  init(_ embedding: Embedding, _ index: CellIndex) {
    (self.embedding, self.index) = (embedding, index)
    memory = .allocate(byteCount: 1, alignment: 64)
    squaresOfCells = .allocate(capacity: index.cells)
    squaresOfCells.initialize(repeating: 0, count: index.cells)
  }

  deinit {
    memory.deallocate()
    squaresOfCells.deallocate()
  }

  /// The sum of the squares of the table's gradient.
  var squares: Double { (0..<index.cells).reduce(0) { $0 + squaresOfCells[$1] } }

  /// Elements of the rows of all codes.
  var count: Int { index.codeCount * embedding.width }

  func reserve<Scalar: NetworkScalar>(_: Scalar.Type) {
    let needed = (count + embedding.width) * MemoryLayout<Scalar>.stride
    guard needed > byteCount else { return }
    memory.deallocate()
    byteCount = needed + needed / 4
    memory = .allocate(byteCount: byteCount, alignment: 64)
  }

  func values<Scalar: NetworkScalar>(_: Scalar.Type) -> UnsafeMutablePointer<Scalar> {
    memory.assumingMemoryBound(to: Scalar.self)
  }

  func prepare<Scalar: NetworkScalar>(_ parameters: UnsafePointer<Scalar>, part: Int, of parts: Int) {
    let (width, channels) = (embedding.width, index.channels)
    let table = parameters + embedding.table.offset
    let values = values(Scalar.self)
    if part == 0 {
      let bias = embedding.bias.map { parameters + $0.offset }
      index.common.withUnsafeBufferPointer {
        Scalar.gather(
          1, $0.count, group: $0.count, $0.baseAddress!, table, width: width, bias: bias, into: values + count)
      }
    }
    let codes = part * index.codeCount / parts..<(part + 1) * index.codeCount / parts
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: width) { zero in
      zero.initialize(repeating: 0)
      index.pairs.withUnsafeBufferPointer {
        Scalar.gatherDifference(
          codes.count, channels, $0.baseAddress! + codes.lowerBound * 2 * channels, table, width: width,
          start: zero.baseAddress!, into: values + codes.lowerBound * width)
      }
    }
  }

  /// The rows' gradient of a part of the cells; sets what the passes left to zero.
  ///
  /// Of a channel's rows together the gradient is the bias's, since each input row selects exactly one of them: the
  /// most frequent cell's row gets what the others do not.
  func complete<Scalar: NetworkScalar>(
    _ gradient: UnsafeMutablePointer<Scalar>, _ passes: [UnsafeMutablePointer<Scalar>], part: Int, of parts: Int
  ) {
    let (width, channels) = (embedding.width, index.channels)
    let bias = gradient + embedding.bias!.offset
    let table = gradient + embedding.table.offset
    let rowsOfCell = embedding.table.count / width / index.cells
    for cell in part * index.cells / parts..<(part + 1) * index.cells / parts {
      let codes = index.firstCodes[cell]..<index.firstCodes[cell + 1]
      let (first, count) = (codes.lowerBound * width, codes.count * width)
      for pass in passes.dropFirst() {
        Scalar.add(count, pass + first, into: passes[0] + first)
        (pass + first).update(repeating: 0, count: count)
      }
      (table + cell * rowsOfCell * width).update(repeating: 0, count: rowsOfCell * width)
      for channel in 0..<channels {
        (table + Int(index.common[cell * channels + channel]) * width).update(from: bias, count: width)
      }
      index.pairs.withUnsafeBufferPointer {
        Scalar.scatterDifference(
          codes.count, channels, $0.baseAddress! + codes.lowerBound * 2 * channels, passes[0] + first, both: true,
          width: width, into: table)
      }
      (passes[0] + first).update(repeating: 0, count: count)
      squaresOfCells[cell] = Scalar.squareSum(rowsOfCell * width, table + cell * rowsOfCell * width)
    }
  }
}
