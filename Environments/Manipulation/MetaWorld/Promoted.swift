#if MuJoCo
  import RealModule

  /// A number as NumPy computes with it: MetaWorld's rewards are reckoned in single precision from where a float32
  /// action enters them, and in double precision otherwise.
  struct Promoted: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// What the number is of: one of Python's own takes the precision of what it meets.
    enum Kind: UInt8, Sendable { case plain, single, double }

    /// Exactly representable in the kind's precision.
    var value: Double
    var kind: Kind

    /// One of Python's own numbers.
    init(_ value: Double) { (self.value, kind) = (value, .plain) }
    /// A float64 that stays one.
    init(double value: Double) { (self.value, kind) = (value, .double) }
    /// A float32.
    init(single value: Float) { (self.value, kind) = (Double(value), .single) }
    init(floatLiteral value: Double) { self.init(value) }
    init(integerLiteral value: Int) { self.init(Double(value)) }

    private static func join(
      _ a: Promoted, _ b: Promoted, _ double: (Double, Double) -> Double, _ single: (Float, Float) -> Float
    ) -> Promoted {
      if a.kind != .double && b.kind != .double && (a.kind == .single || b.kind == .single) {
        return Promoted(single: single(Float(a.value), Float(b.value)))
      }
      let value = double(a.value, b.value)
      return a.kind == .double || b.kind == .double ? Promoted(double: value) : Promoted(value)
    }

    static func + (a: Promoted, b: Promoted) -> Promoted { join(a, b, +, +) }
    static func - (a: Promoted, b: Promoted) -> Promoted { join(a, b, -, -) }
    static func * (a: Promoted, b: Promoted) -> Promoted { join(a, b, *, *) }
    static func / (a: Promoted, b: Promoted) -> Promoted { join(a, b, /, /) }
  }

  /// How a tolerance falls off beyond its bounds: to 0.1 at the margin.
  enum Falloff: Sendable {
    case longTail, gaussian
  }

  /// 1 for a value between the bounds, falling off outside; with a margin of 0 at once.
  func tolerance(
    _ value: Double, _ lower: Double, _ upper: Double, margin: Double, _ shape: Falloff = .longTail
  ) -> Promoted {
    if lower <= value && value <= upper { return 1 }
    guard margin > 0 else { return 0 }
    let distance = (value < lower ? lower - value : value - upper) / margin
    switch shape {
    case .longTail:
      return Promoted(1 / (squared(distance * (1 / 0.1 - 1).squareRoot()) + 1))
    case .gaussian:
      return Promoted(Double.exp(-0.5 * squared(distance * (-2 * Double.log(0.1)).squareRoot())))
    }
  }

  /// The fuzzy "and" of two numbers of 0...1.
  func hamacher(_ a: Promoted, _ b: Promoted) -> Promoted {
    let denominator = a + b - a * b
    return denominator.value > 0 ? a * b / denominator : 0
  }

  /// As Python's `** 2` reckons it, which is not always the product's bits.
  func squared(_ value: Double) -> Double { Double.pow(value, 2) }

  /// The length of a vector as NumPy reckons it: a dot product whose terms are added with one rounding each.
  func norm(_ v: Vector) -> Double {
    (v.x * v.x).addingProduct(v.y, v.y).addingProduct(v.z, v.z).squareRoot()
  }

  /// The length of a vector of two.
  func norm(_ x: Double, _ y: Double) -> Double { (x * x).addingProduct(y, y).squareRoot() }

  /// The size of a number.
  func norm(_ x: Double) -> Double { (x * x).squareRoot() }

  /// The length of a vector's part in the plane of the table.
  func plane(_ v: Vector) -> Double { norm(v.x, v.y) }

  /// A vector whose numbers are stored in single precision.
  func single(_ x: Float, _ y: Float, _ z: Float) -> Vector { Vector(Double(x), Double(y), Double(z)) }

  /// 1 where a quaternion is the ideal one, 0 where it is `within` from it or farther.
  func uprightness(_ quaternion: SIMD4<Double>, of ideal: SIMD4<Double>, within: Double) -> Promoted {
    let e = quaternion - ideal
    let error = (e.x * e.x).addingProduct(e.y, e.y).addingProduct(e.z, e.z).addingProduct(e.w, e.w).squareRoot()
    return Promoted(max(1 - error / within, 0))
  }

  /// How far inside a box a point is, from 0 at its one corner to 1 at the other; 1 outside of it.
  func clearance(_ point: Vector, from zero: Vector, to one: Vector) -> Promoted {
    func isBetween(_ a: Double, _ b: Double, _ c: Double) -> Bool { c >= b ? b <= a && a <= c : c <= a && a <= b }
    guard isBetween(point.x, zero.x, one.x), isBetween(point.y, zero.y, one.y), isBetween(point.z, zero.z, one.z) else {
      return 1
    }
    let share = (point - zero) / (one - zero)
    // A NumPy number: what it meets stays in double precision.
    return Promoted(double: share.x * share.y * share.z)
  }

  /// NumPy's `isclose` with that absolute tolerance.
  func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance + 1e-5 * abs(b) }
#endif
