import RealModule
import ReinforcementLearning

/// The roots and logarithms of small counts, which a selection rule needs at every node.
struct SearchTables: @unchecked Sendable {
  /// Made once and never freed.
  static let shared = SearchTables()

  private static let count = 1 << 13
  private let inverseRoots: UnsafeMutablePointer<Float>
  private let rootLogarithms: UnsafeMutablePointer<Float>

  private init() {
    inverseRoots = .allocate(capacity: SearchTables.count)
    rootLogarithms = .allocate(capacity: SearchTables.count)
    for number in 0..<SearchTables.count {
      inverseRoots[number] = 1 / Float(max(1, number)).squareRoot()
      rootLogarithms[number] = Float(Double.log(Double(max(1, number))).squareRoot())
    }
  }

  /// `1 / sqrt(count)`; 1 for 0.
  @inline(__always) func inverseRoot(_ count: Int32) -> Float {
    Int(count) < SearchTables.count ? inverseRoots[Int(count)] : 1 / Float(count).squareRoot()
  }

  /// `sqrt(ln count)`; 0 for 0.
  @inline(__always) func rootLogarithm(_ count: Int32) -> Float {
    Int(count) < SearchTables.count ? rootLogarithms[Int(count)] : Float(Double.log(Double(count)).squareRoot())
  }
}

extension RandomSource {
  /// A gamma-distributed number of that shape, above 0, and scale 1 (Marsaglia and Tsang 2000).
  mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * Double.pow(1 - uniform(), 1 / shape) }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if Double.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Double.log(v) { return d * v }
    }
  }

  /// `count` shares that add up to 1, from a symmetric Dirichlet distribution.
  mutating func dirichlet(_ count: Int, concentration: Double) -> [Double] {
    let draws = (0..<count).map { _ in max(gamma(concentration), 1e-300) }
    let sum = draws.reduce(0, +)
    return draws.map { $0 / sum }
  }
}
