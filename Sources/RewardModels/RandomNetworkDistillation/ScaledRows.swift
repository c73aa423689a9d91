import Encoders

/// Rows as a network should see them: the rows themselves, or a scaled copy where there is something to scale.
final class ScaledRows {
  let base: UnsafeRawPointer
  private let copy: UnsafeMutableRawPointer?

  init(_ scaler: ObservationScaler, _ rows: UnsafeRawPointer, count: Int, _ rowBytes: Int) {
    guard scaler.isNeeded, count > 0 else {
      base = rows
      copy = nil
      return
    }
    let copy = UnsafeMutableRawPointer.allocate(byteCount: count * rowBytes, alignment: 64)
    scaler.scale(rows, count: count, rowBytes: rowBytes, into: copy)
    self.copy = copy
    base = UnsafeRawPointer(copy)
  }

  deinit { copy?.deallocate() }
}
