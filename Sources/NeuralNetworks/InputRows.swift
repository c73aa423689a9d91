/// A view of a batch of observation rows where they lie: evenly spaced bytes, optionally picked by index.
///
/// It owns nothing and is valid as long as the memory under it. A minibatch is a rollout's rows and a shuffled
/// list of indices; nothing is copied before the first layer reads it.
public struct InputRows {
  /// The first byte of row 0.
  public var base: UnsafeRawPointer
  /// Bytes from one row to the next.
  public var stride: Int
  /// When there, row `r` of the batch is the row `indices[r]` in memory.
  public var indices: UnsafePointer<Int32>?
  /// When there, what was indexed of these rows; `base` is then its row 0, or `dropFirst` was called since.
  public unowned(unsafe) var indexed: IndexedRows?
  /// The number of row 0 where there are no indices.
  private var first = 0

  /// - Parameters:
  ///   - base: The first byte of row 0; the memory must outlive the view.
  ///   - stride: Bytes from one row to the next, at least those that the fields read.
  ///   - indices: `[rows of the batch]`, row numbers from 0, which must outlive the view, too; nil: rows in their
  ///     order.
  ///   - indexed: What was indexed of them, which must outlive the view, too.
  public init(
    _ base: UnsafeRawPointer, stride: Int, indices: UnsafePointer<Int32>? = nil, indexed: IndexedRows? = nil
  ) {
    self.base = base
    self.stride = stride
    self.indices = indices
    self.indexed = indexed
  }

  /// Rows of `count` floats each, as a network's output is.
  public init(_ base: UnsafePointer<Float>, count: Int) {
    self.init(UnsafeRawPointer(base), stride: count * 4)
  }

  /// The batch without its first `rows` rows, to feed it in chunks.
  public func dropFirst(_ rows: Int) -> InputRows {
    var rest = self
    if let indices {
      rest.indices = indices + rows
    } else {
      rest.base += rows * stride
      rest.first += rows
    }
    return rest
  }

  /// The number of a row of the batch among those that lie in memory.
  @inline(__always)
  func number(of row: Int) -> Int { indices.map { Int($0[row]) } ?? first + row }

  @inline(__always)
  subscript(row: Int) -> UnsafeRawPointer {
    if let indices { return base + Int(indices[row]) * stride }
    return base + row * stride
  }
}
