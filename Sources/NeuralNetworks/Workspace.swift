/// The activations and gradients of one network for batches of up to `capacity` rows.
///
/// It is allocated once and reused; forward and backward calls allocate nothing. Not shared: give each thread its
/// own (it is `Sendable` so that it can be handed to one).
public final class Workspace<Scalar: NetworkScalar>: @unchecked Sendable {
  /// The most rows of one call. Chunks of 256 keep two 64-unit layers in the second-level cache.
  public let capacity: Int
  /// Rows of the last forward call.
  public internal(set) var rows = 0
  /// Whether backward calls also write the gradient of the input.
  public let wantsInputGradient: Bool

  /// Per buffer of the network, in the order of the forward pass.
  @usableFromInline let values: [UnsafeMutablePointer<Scalar>]
  @usableFromInline let gradients: [UnsafeMutablePointer<Scalar>]
  let scratch: UnsafeMutablePointer<Scalar>
  /// Per field of the input, the table rows that its numbers select.
  private(set) var lists: [UnsafeMutablePointer<Int32>]
  /// Whose lists these are, where they are not its own.
  private var lender: Workspace?
  /// What the rows of the last forward call were indexed by.
  var indexed: IndexedRows?
  /// Of each table of numbered cells, where backward passes add its gradient.
  private var cellGradients: [(table: CellTable, values: UnsafeMutableBufferPointer<Scalar>)] = []
  @usableFromInline let outputCount: Int
  /// For each field, its buffer and the numbers of its row.
  private let fields: [(name: String, buffer: Int, count: Int)]
  private let slab: UnsafeMutableRawPointer

  init(_ network: Network, capacity: Int, inputGradient: Bool) {
    precondition(capacity > 0, "a workspace for \(capacity) rows")
    self.capacity = capacity
    wantsInputGradient = inputGradient
    outputCount = network.outputCount
    var buffer = 0
    fields = network.branches.map { branch in
      defer { buffer += branch.layers.count + 1 }
      return (branch.encoder.field.name, buffer, branch.encoder.outputCount)
    }
    let size = MemoryLayout<Scalar>.stride
    func bytes(_ count: Int, _ size: Int) -> Int { (count * size + 127) / 64 * 64 }
    let lists = network.branches.map { $0.encoder.embedding?.listCount ?? 0 }
    let scratchCount = network.scratchCount(rows: capacity)
    let total =
      network.bufferCounts.reduce(0) { $0 + 2 * bytes($1 * capacity, size) } + bytes(scratchCount, size)
      + lists.reduce(0) { $0 + bytes($1 * capacity, 4) }
    let slab = UnsafeMutableRawPointer.allocate(byteCount: total, alignment: 64)
    slab.initializeMemory(as: UInt8.self, repeating: 0, count: total)
    self.slab = slab
    var next = slab
    func take<Element>(_ count: Int, _ type: Element.Type) -> UnsafeMutablePointer<Element> {
      defer { next += bytes(count, MemoryLayout<Element>.stride) }
      return next.bindMemory(to: Element.self, capacity: count)
    }
    values = network.bufferCounts.map { take($0 * capacity, Scalar.self) }
    gradients = network.bufferCounts.map { take($0 * capacity, Scalar.self) }
    scratch = take(scratchCount, Scalar.self)
    self.lists = lists.map { take($0 * capacity, Int32.self) }
  }

  deinit {
    slab.deallocate()
    for gradient in cellGradients { gradient.values.deallocate() }
  }

  /// Where backward passes add the gradient of a table of numbered cells, `[codes, width]`: zero until they do, and
  /// after `IndexedRows.complete`.
  func cellGradient(of table: CellTable) -> UnsafeMutablePointer<Scalar> {
    let place = cellGradients.firstIndex { $0.table === table }
    if let place, cellGradients[place].values.count >= table.count { return cellGradients[place].values.baseAddress! }
    let values = UnsafeMutableBufferPointer<Scalar>.allocate(capacity: table.count + table.count / 4 + 1)
    values.initialize(repeating: 0)
    if let place {
      cellGradients[place].values.deallocate()
      cellGradients[place].values = values
    } else {
      cellGradients.append((table, values))
    }
    return values.baseAddress!
  }

  /// Uses, from now on, the lists of another network's workspace, so that what both networks read need be listed once.
  ///
  /// - Parameter other: Of a network that reads alike (`Network.reads(like:)`), for as many rows.
  public func useLists(of other: Workspace) {
    precondition(other.capacity == capacity && other.lists.count == lists.count, "lists of other rows or fields")
    lists = other.lists
    lender = other
  }

  /// `[rows, outputs]` of the last forward call; valid as long as the workspace.
  @inlinable public var output: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: values[values.count - 1], count: rows * outputCount)
  }

  /// `[rows, outputs]`: the caller writes the gradient of the loss here before a backward call, which may
  /// overwrite it.
  @inlinable public var outputGradient: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: gradients[gradients.count - 1], count: rows * outputCount)
  }

  /// `[rows, inputs]`: the gradient of the first field, after a backward call, when it was asked for.
  public var inputGradient: UnsafeMutableBufferPointer<Scalar> { inputGradient(at: 0) }

  /// The gradient of a field as the network reads it (after scaling), `[rows, its numbers]`, after a backward call,
  /// when it was asked for: what a critic hands back to the action.
  public func inputGradient(of name: String) -> UnsafeMutableBufferPointer<Scalar> {
    guard let index = fields.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the network has no field '\(name)'")
    }
    return inputGradient(at: index)
  }

  private func inputGradient(at index: Int) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(wantsInputGradient, "the workspace was made without the gradient of the input")
    return UnsafeMutableBufferPointer(start: gradients[fields[index].buffer], count: rows * fields[index].count)
  }
}
