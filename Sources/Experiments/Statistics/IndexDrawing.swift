extension RandomNumberGenerator {
  /// A uniform index below a bound, by the same draws on every platform and toolchain.
  ///
  /// The high word of the 128-bit product of a draw and the bound, with the few draws rejected that would make
  /// some indices likelier than others. The standard library's `Int.random(in:using:)` does much the same but
  /// does not promise to go on doing so.
  ///
  /// - Parameter bound: At least 1.
  /// - Complexity: One draw, and less than one more in `2^64 / bound` calls.
  ///
  /// Source: Lemire, "Fast Random Integer Generation in an Interval" (2019), algorithm 5.
  mutating func drawIndex(below bound: Int) -> Int {
    precondition(bound > 0, "an index below \(bound) cannot be drawn")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }
}
