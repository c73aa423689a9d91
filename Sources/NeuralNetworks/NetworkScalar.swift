internal import CKernels
public import RealModule

/// The element type of a network's arrays: `Float` everywhere but in gradient checks, which run in `Double`.
///
/// The requirements are the loops of `CKernels`, which are single-threaded, allocate nothing and add in a fixed
/// order. A row of a product is the same bits however many rows are computed with it.
public protocol NetworkScalar: Real, BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `y[m,n] = activation(bias[n] + a[m,k] b[k,n])`; `b` is `[n,k]` when transposed; `y` is added when accumulating.
  ///
  /// `scratch` holds `productScratch(n, k)` elements; the arrays do not overlap.
  static func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, transposed: Bool,
    bias: UnsafePointer<Self>?, accumulate: Bool, activation: Activation, into y: UnsafeMutablePointer<Self>,
    scratch: UnsafeMutablePointer<Self>)
  /// `c[k,n] += aᵀ[k,m] d[m,n]`; `scratch` holds `productScratch(n, k)` elements.
  static func outer(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Self>, _ d: UnsafePointer<Self>,
    into c: UnsafeMutablePointer<Self>, scratch: UnsafeMutablePointer<Self>)
  /// `y = activation(x)` over `count` elements; `y` may be `x`.
  static func activate(
    _ count: Int, _ activation: Activation, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)
  /// `d[m,n] *= activation'(y)`, with `y` the output (for gelu the input), then `sum[n] +=` the column sums of `d`.
  static func activateBackward(
    _ m: Int, _ n: Int, _ activation: Activation, _ y: UnsafePointer<Self>, _ d: UnsafeMutablePointer<Self>,
    sum: UnsafeMutablePointer<Self>?)
  /// `y[r,:] = bias + Σ table[index[r,l],:]`, the lookups taken `group` at a time, which changes only the speed.
  ///
  /// `index` is `[m, lookups]`, `table` and `y` have rows of `width`. -1 adds nothing, and -2 ends a row's list where
  /// all lookups are one group.
  static func gather(
    _ m: Int, _ lookups: Int, group: Int, _ index: UnsafePointer<Int32>, _ table: UnsafePointer<Self>, width: Int,
    bias: UnsafePointer<Self>?, into y: UnsafeMutablePointer<Self>)
  /// `table[index[r,l],:] += d[r,:]`, the gradient of `gather`; rows in their order.
  static func scatter(
    _ m: Int, _ lookups: Int, group: Int, _ index: UnsafePointer<Int32>, _ d: UnsafePointer<Self>, width: Int,
    into table: UnsafeMutablePointer<Self>)
  /// The sum of the squares of `count` elements, in `Double` and in a fixed order.
  static func squareSum(_ count: Int, _ x: UnsafePointer<Self>) -> Double
  /// `y += x` over `count` elements.
  static func add(_ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)
  /// `y[r,:] = start + Σ table[index[r,p,0],:] - table[index[r,p,1],:]`; -2 ends a row's pairs.
  ///
  /// `index` is `[m, pairs, 2]`, `start` is `[width]`.
  static func gatherDifference(
    _ m: Int, _ pairs: Int, _ index: UnsafePointer<Int32>, _ table: UnsafePointer<Self>, width: Int,
    start: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)
  /// `table[index[r,p,0],:] += d[r,:]`, and where `both` `table[index[r,p,1],:] -= d[r,:]`; else
  /// `Network.completeGradient` does those.
  static func scatterDifference(
    _ m: Int, _ pairs: Int, _ index: UnsafePointer<Int32>, _ d: UnsafePointer<Self>, both: Bool, width: Int,
    into table: UnsafeMutablePointer<Self>)
}

/// Scratch elements that `product` and `outer` need for these sizes.
func productScratch(_ n: Int, _ k: Int) -> Int {
  max(forage_product_scratch(n, k), forage_product_scratch(k, n), forage_outer_scratch(n, k))
}

extension Float: NetworkScalar {
  /// `forage_product_f32`, with rows one after another in all three arrays.
  public static func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, transposed: Bool,
    bias: UnsafePointer<Float>?, accumulate: Bool, activation: Activation, into y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    forage_product_f32(
      m, n, k, a, k, b, transposed ? k : n, transposed ? 1 : 0, bias, accumulate ? 1 : 0, activation.rawValue, y, n,
      scratch)
  }
  /// `forage_outer_f32`, with rows one after another.
  public static func outer(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ d: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) { forage_outer_f32(m, n, k, a, k, d, n, c, n, scratch) }
  /// `forage_activate_f32`; within 2e-7 of the true value.
  public static func activate(
    _ count: Int, _ activation: Activation, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) { forage_activate_f32(count, activation.rawValue, x, y) }
  /// `forage_activate_backward_f32`; without a `sum` only `d` is written.
  public static func activateBackward(
    _ m: Int, _ n: Int, _ activation: Activation, _ y: UnsafePointer<Float>, _ d: UnsafeMutablePointer<Float>,
    sum: UnsafeMutablePointer<Float>?
  ) { forage_activate_backward_f32(m, n, activation.rawValue, y, n, d, n, sum) }
  /// `forage_gather_f32`; without a `bias` the sums start at zero.
  public static func gather(
    _ m: Int, _ lookups: Int, group: Int, _ index: UnsafePointer<Int32>, _ table: UnsafePointer<Float>, width: Int,
    bias: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>
  ) { forage_gather_f32(m, lookups, group, index, table, width, bias, y, width) }
  /// `forage_scatter_f32`; -1 and -2 in a list mean what they do in `gather`.
  public static func scatter(
    _ m: Int, _ lookups: Int, group: Int, _ index: UnsafePointer<Int32>, _ d: UnsafePointer<Float>, width: Int,
    into table: UnsafeMutablePointer<Float>
  ) { forage_scatter_f32(m, lookups, group, index, d, width, width, table) }
  /// `forage_square_sum_f32`.
  public static func squareSum(_ count: Int, _ x: UnsafePointer<Float>) -> Double { forage_square_sum_f32(count, x) }
  /// `forage_add_f32`.
  public static func add(_ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
    forage_add_f32(count, x, y)
  }
  /// `forage_gather_difference_f32`.
  public static func gatherDifference(
    _ m: Int, _ pairs: Int, _ index: UnsafePointer<Int32>, _ table: UnsafePointer<Float>, width: Int,
    start: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) { forage_gather_difference_f32(m, pairs, index, table, width, start, y, width) }
  /// `forage_scatter_difference_f32`.
  public static func scatterDifference(
    _ m: Int, _ pairs: Int, _ index: UnsafePointer<Int32>, _ d: UnsafePointer<Float>, both: Bool, width: Int,
    into table: UnsafeMutablePointer<Float>
  ) { forage_scatter_difference_f32(m, pairs, index, d, width, both ? 1 : 0, width, table) }
}

extension Double: NetworkScalar {
  /// `forage_product_f64`: for gradient checks, no training uses it.
  public static func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, transposed: Bool,
    bias: UnsafePointer<Double>?, accumulate: Bool, activation: Activation, into y: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    forage_product_f64(
      m, n, k, a, k, b, transposed ? k : n, transposed ? 1 : 0, bias, accumulate ? 1 : 0, activation.rawValue, y, n,
      scratch)
  }
  /// `forage_outer_f64`, with rows one after another.
  public static func outer(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ d: UnsafePointer<Double>,
    into c: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) { forage_outer_f64(m, n, k, a, k, d, n, c, n, scratch) }
  /// `forage_activate_f64`.
  public static func activate(
    _ count: Int, _ activation: Activation, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) { forage_activate_f64(count, activation.rawValue, x, y) }
  /// `forage_activate_backward_f64`; without a `sum` only `d` is written.
  public static func activateBackward(
    _ m: Int, _ n: Int, _ activation: Activation, _ y: UnsafePointer<Double>, _ d: UnsafeMutablePointer<Double>,
    sum: UnsafeMutablePointer<Double>?
  ) { forage_activate_backward_f64(m, n, activation.rawValue, y, n, d, n, sum) }
  /// `forage_gather_f64`; without a `bias` the sums start at zero.
  public static func gather(
    _ m: Int, _ lookups: Int, group: Int, _ index: UnsafePointer<Int32>, _ table: UnsafePointer<Double>, width: Int,
    bias: UnsafePointer<Double>?, into y: UnsafeMutablePointer<Double>
  ) { forage_gather_f64(m, lookups, group, index, table, width, bias, y, width) }
  /// `forage_scatter_f64`; -1 and -2 in a list mean what they do in `gather`.
  public static func scatter(
    _ m: Int, _ lookups: Int, group: Int, _ index: UnsafePointer<Int32>, _ d: UnsafePointer<Double>, width: Int,
    into table: UnsafeMutablePointer<Double>
  ) { forage_scatter_f64(m, lookups, group, index, d, width, width, table) }
  /// `forage_square_sum_f64`.
  public static func squareSum(_ count: Int, _ x: UnsafePointer<Double>) -> Double { forage_square_sum_f64(count, x) }
  /// `forage_add_f64`.
  public static func add(_ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>) {
    forage_add_f64(count, x, y)
  }
  /// `forage_gather_difference_f64`.
  public static func gatherDifference(
    _ m: Int, _ pairs: Int, _ index: UnsafePointer<Int32>, _ table: UnsafePointer<Double>, width: Int,
    start: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) { forage_gather_difference_f64(m, pairs, index, table, width, start, y, width) }
  /// `forage_scatter_difference_f64`.
  public static func scatterDifference(
    _ m: Int, _ pairs: Int, _ index: UnsafePointer<Int32>, _ d: UnsafePointer<Double>, both: Bool, width: Int,
    into table: UnsafeMutablePointer<Double>
  ) { forage_scatter_difference_f64(m, pairs, index, d, width, both ? 1 : 0, width, table) }
}
