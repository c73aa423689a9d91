import RealModule
import ReinforcementLearning

/// Draws from the laws that bandit algorithms need, fast: a Beta number is two gamma numbers, of two normal and two
/// uniform ones.
extension RandomSource {
  /// A standard normal number by the ziggurat of 256 layers: one 64-bit draw and no logarithm in 98.8 % of the cases.
  ///
  /// Source: Marsaglia and Tsang 2000, "The ziggurat method for generating random variables"; the layer, the sign and
  /// the place come from separate bits of the draw (Doornik 2005).
  @inline(__always) mutating func zigguratNormal(_ table: UnsafePointer<Double>) -> Double {
    while true {
      let bits = next()
      let layer = Int(bits & 255)
      let sign: Double = bits & 256 == 0 ? 1 : -1
      let x = Double(bits >> 11) * 0x1p-53 * table[layer]
      if x < table[layer &+ 1] { return sign * x }
      if let tail = zigguratTail(layer, x, table) { return sign * tail }
    }
  }

  /// The rare cases: the tail behind the last layer, and the wedges beside the others.
  @inline(never) mutating func zigguratTail(_ layer: Int, _ x: Double, _ table: UnsafePointer<Double>) -> Double? {
    if layer == 0 {
      let start = Ziggurat.start
      while true {
        let a = -Double.log(1 - uniform()) / start
        let b = -Double.log(1 - uniform())
        if b + b > a * a { return start + a }
      }
    }
    // Between the layer's heights, which grow with the layer's number.
    let low = Double.exp(-0.5 * table[layer] * table[layer])
    let high = Double.exp(-0.5 * table[layer + 1] * table[layer + 1])
    return low + (high - low) * uniform() < Double.exp(-0.5 * x * x) ? x : nil
  }

  /// A gamma number of that shape, at least 1, and scale 1.
  ///
  /// - Parameters:
  ///   - d: shape - 1/3.
  ///   - c: 1 / sqrt(9 d).
  ///
  /// Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
  @inline(__always) mutating func gamma(d: Double, c: Double, _ table: UnsafePointer<Double>) -> Double {
    while true {
      let x = zigguratNormal(table)
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = 1 - uniform()
      let square = x * x
      if u < 1 - 0.0331 * square * square { return d * v }
      if Double.log(u) < 0.5 * square + d * (1 - v + Double.log(v)) { return d * v }
    }
  }

  /// A gamma number of any shape above 0, scale 1.
  mutating func gamma(shape: Double) -> Double {
    Ziggurat.shared.withTable { table in
      let boosted = shape < 1 ? shape + 1 : shape
      let d = boosted - 1 / 3
      let value = gamma(d: d, c: 1 / (9 * d).squareRoot(), table)
      return shape < 1 ? value * Double.pow(1 - uniform(), 1 / shape) : value
    }
  }

  /// A Beta number with both parameters above 0.
  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = gamma(shape: a)
    let y = gamma(shape: b)
    return x + y > 0 ? x / (x + y) : 0.5
  }

  /// An exponential number with mean 1.
  mutating func exponential() -> Double { -Double.log(1 - uniform()) }

  /// A standard normal number by the ziggurat.
  mutating func quickNormal() -> Double { Ziggurat.shared.withTable { zigguratNormal($0) } }
}

/// The layers of the ziggurat for the normal law: 256 of equal area.
struct Ziggurat: Sendable {
  /// Where the tail begins.
  static let start = 3.6541528853610088
  /// Area of a layer, the tail in the lowest one.
  static let area = 0.004928673233974658

  /// Right ends of the layers: the first is as wide as a rectangle of the lowest layer's area and height.
  private let table: [Double]

  static let shared = Ziggurat()

  private init() {
    func density(_ x: Double) -> Double { Double.exp(-0.5 * x * x) }
    var table = [Ziggurat.area / density(Ziggurat.start), Ziggurat.start]
    for _ in 2..<256 {
      let last = table.last!
      let height = Ziggurat.area / last + density(last)
      table.append((-2 * Double.log(min(1, height))).squareRoot())
    }
    table.append(0)
    self.table = table
  }

  @inline(__always) func withTable<Result>(_ body: (UnsafePointer<Double>) -> Result) -> Result {
    table.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
