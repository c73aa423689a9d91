internal import RealModule

/// How the first values of a weight matrix `[inputs, outputs]` are drawn.
///
/// The draws come from the caller's generator alone, so a seed determines a network.
public enum Initialization: Sendable, Hashable {
  case zeros
  case constant(Float)
  /// Rows or columns (whichever are fewer) orthonormal, times the gain: Saxe et al. 2013. PPO uses sqrt(2) in
  /// hidden layers, 0.01 in the policy head and 1 in the value head.
  case orthogonal(gain: Float)
  /// Uniform in ±bound.
  case uniform(Float)
  /// Normal with this standard deviation.
  case normal(Float)
  /// Uniform in ±gain sqrt(6 / (inputs + outputs)): Glorot and Bengio 2010.
  case xavier(gain: Float = 1)
  /// Uniform in ±sqrt(6 / inputs), for relu: He et al. 2015.
  case kaiming

  /// Draws a matrix `[rows, columns]`, row-major; `rows` are the inputs of one output and `columns` the outputs.
  ///
  /// The same generator state gives the same bits. `zeros` and `constant` draw nothing, `normal` two numbers a value,
  /// the uniform ones one. The orthogonal one is O(rows · columns · min(rows, columns)), in `Double`.
  public func draw(rows: Int, columns: Int, random: inout some RandomNumberGenerator) -> [Float] {
    let count = rows * columns
    switch self {
    case .zeros: return [Float](repeating: 0, count: count)
    case .constant(let value): return [Float](repeating: value, count: count)
    case .uniform(let bound): return Self.uniform(count, Double(bound), &random)
    case .xavier(let gain):
      return Self.uniform(count, Double(gain) * (6 / Double(rows + columns)).squareRoot(), &random)
    case .kaiming: return Self.uniform(count, (6 / Double(rows)).squareRoot(), &random)
    case .normal(let deviation): return (0..<count).map { _ in Float(Self.gaussian(&random) * Double(deviation)) }
    case .orthogonal(let gain):
      let matrix = Self.orthogonal(rows: rows, columns: columns, random: &random)
      return matrix.map { Float($0 * Double(gain)) }
    }
  }

  private static func uniform(_ count: Int, _ bound: Double, _ random: inout some RandomNumberGenerator) -> [Float] {
    (0..<count).map { _ in Float((2 * unit(&random) - 1) * bound) }
  }

  /// Uniform in [0, 1) with 53 bits.
  static func unit(_ random: inout some RandomNumberGenerator) -> Double {
    Double(random.next() >> 11) * 0x1p-53
  }

  /// A standard normal draw by Box and Muller's formula, one of each pair.
  static func gaussian(_ random: inout some RandomNumberGenerator) -> Double {
    let radius = (-2 * Double.log(1 - unit(&random))).squareRoot()
    return radius * Double.cos(2 * .pi * unit(&random))
  }

  /// A matrix drawn uniformly (by Haar's measure) from those with orthonormal columns, or rows when it is wide.
  ///
  /// Gram-Schmidt, done twice over for accuracy, on a Gaussian matrix: its triangular factor has a positive
  /// diagonal, which is the sign rule that makes the draw uniform.
  static func orthogonal(rows: Int, columns: Int, random: inout some RandomNumberGenerator) -> [Double] {
    let long = max(rows, columns)
    let short = min(rows, columns)
    var vectors: [[Double]] = []
    for _ in 0..<short {
      var vector = (0..<long).map { _ in gaussian(&random) }
      for _ in 0..<2 {
        for earlier in vectors {
          var overlap = 0.0
          for index in 0..<long { overlap += vector[index] * earlier[index] }
          for index in 0..<long { vector[index] -= overlap * earlier[index] }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vectors.append(vector.map { $0 / length })
    }
    var matrix = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        matrix[row * columns + column] = rows >= columns ? vectors[column][row] : vectors[row][column]
      }
    }
    return matrix
  }
}
