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

  /// - Parameters:
  ///   - base: The first byte of row 0; the memory must outlive the view.
  ///   - stride: Bytes from one row to the next, at least those that the fields read.
  ///   - indices: `[rows of the batch]`, row numbers from 0, which must outlive the view, too; nil: rows in their
  ///     order.
  public init(_ base: UnsafeRawPointer, stride: Int, indices: UnsafePointer<Int32>? = nil) {
    self.base = base
    self.stride = stride
    self.indices = indices
  }

  /// Rows of `count` floats each, as a network's output is.
  public init(_ base: UnsafePointer<Float>, count: Int) {
    self.init(UnsafeRawPointer(base), stride: count * 4)
  }

  /// The batch without its first `rows` rows, to feed it in chunks.
  public func dropFirst(_ rows: Int) -> InputRows {
    if let indices { return InputRows(base, stride: stride, indices: indices + rows) }
    return InputRows(base + rows * stride, stride: stride)
  }

  @inline(__always)
  subscript(row: Int) -> UnsafeRawPointer {
    if let indices { return base + Int(indices[row]) * stride }
    return base + row * stride
  }
}
