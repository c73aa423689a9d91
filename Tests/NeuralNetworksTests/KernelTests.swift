import RealModule
import Testing

@testable import NeuralNetworks

@Suite("The kernels against plain loops")
struct KernelTests {
  /// Sizes around the widths of vectors and blocks.
  static let sizes = [
    (1, 1, 1), (5, 2, 64), (13, 1, 64), (6, 64, 4), (32, 64, 64), (7, 16, 3), (12, 17, 33), (31, 100, 37), (130, 80, 6),
    (300, 7, 9), (256, 130, 20),
  ]

  @Test("products with bias, accumulation and transposition, in Float and in Double", arguments: sizes)
  func product(_ m: Int, _ n: Int, _ k: Int) {
    var random = TestRandom(11)
    let (a, b, bias, start) = (random.floats(m * k), random.floats(n * k), random.floats(n), random.floats(m * n))
    for transposed in [false, true] {
      for accumulate in [false, true] {
        var expected = [Double](repeating: 0, count: m * n)
        for row in 0..<m {
          for column in 0..<n {
            var sum = Double(bias[column]) + (accumulate ? Double(start[row * n + column]) : 0)
            for inner in 0..<k {
              sum += Double(a[row * k + inner]) * Double(b[transposed ? column * k + inner : inner * n + column])
            }
            expected[row * n + column] = sum
          }
        }
        var single = start
        var double = start.map(Double.init)
        var scratch = [Float](repeating: .nan, count: productScratch(n, k))
        var doubleScratch = [Double](repeating: .nan, count: productScratch(n, k))
        Float.product(
          m, n, k, a, b, transposed: transposed, bias: bias, accumulate: accumulate, activation: .identity,
          into: &single, scratch: &scratch)
        Double.product(
          m, n, k, a.map(Double.init), b.map(Double.init), transposed: transposed, bias: bias.map(Double.init),
          accumulate: accumulate, activation: .identity, into: &double, scratch: &doubleScratch)
        for index in expected.indices {
          #expect(abs(Double(single[index]) - expected[index]) < 1e-5 * Double(k + 4).squareRoot())
          #expect(abs(double[index] - expected[index]) < 1e-12)
        }
      }
    }
  }

  @Test("the product of a transpose adds to what is there", arguments: sizes)
  func outer(_ m: Int, _ n: Int, _ k: Int) {
    var random = TestRandom(12)
    let (a, d, start) = (random.floats(m * k), random.floats(m * n), random.floats(k * n))
    var result = start
    var scratch = [Float](repeating: .nan, count: productScratch(n, k))
    Float.outer(m, n, k, a, d, into: &result, scratch: &scratch)
    for row in 0..<k {
      for column in 0..<n {
        var sum = Double(start[row * n + column])
        for sample in 0..<m { sum += Double(a[sample * k + row]) * Double(d[sample * n + column]) }
        #expect(abs(Double(result[row * n + column]) - sum) < 1e-4)
      }
    }
  }

  @Test("a row of a product is the same bits however many rows are computed with it")
  func rowsAreIndependent() {
    for (n, k) in [(64, 64), (2, 64), (64, 4), (70, 33), (1, 5)] {
      var random = TestRandom(13)
      let (a, b, bias) = (random.floats(41 * k), random.floats(n * k), random.floats(n))
      var scratch = [Float](repeating: 0, count: productScratch(n, k))
      var together = [Float](repeating: 0, count: 41 * n)
      Float.product(
        41, n, k, a, b, transposed: false, bias: bias, accumulate: false, activation: .tanh, into: &together,
        scratch: &scratch)
      for row in 0..<41 {
        var alone = [Float](repeating: 0, count: n)
        Float.product(
          1, n, k, Array(a[(row * k)..<((row + 1) * k)]), b, transposed: false, bias: bias, accumulate: false,
          activation: .tanh, into: &alone, scratch: &scratch)
        #expect(alone.map(\.bitPattern) == together[(row * n)..<((row + 1) * n)].map(\.bitPattern))
      }
    }
  }

  @Test("tanh is within 2e-7 of libm over the whole range, odd, and lets NaN and infinity through")
  func tanh() {
    let inputs = stride(from: Float(-12), through: 12, by: 0.0007).map { $0 } + [1e-8, -1e-8, 1e-30, 0, 100, -100]
    var outputs = inputs
    Float.activate(inputs.count, .tanh, inputs, into: &outputs)
    for (x, y) in zip(inputs, outputs) {
      let exact = Double.tanh(Double(x))
      #expect(abs(Double(y) - exact) <= min(2e-7, 3e-7 * abs(exact)))
      #expect(abs(y) <= 1)
    }
    var odd: [Float] = [.infinity, -.infinity, .nan, -0.0]
    Float.activate(4, .tanh, odd, into: &odd)
    #expect(odd[0] == 1 && odd[1] == -1 && odd[2].isNaN && odd[3] == 0 && odd[3].sign == .minus)
  }

  @Test("elu, sigmoid and gelu are within 1e-6 of their definitions, and a NaN passes through")
  func others() {
    let inputs = stride(from: Float(-30), through: 30, by: 0.003).map { $0 }
    let definitions: [(Activation, (Double) -> Double)] = [
      (.relu, { max(0, $0) }), (.elu, { $0 > 0 ? $0 : .expMinusOne($0) }), (.sigmoid, { 1 / (1 + .exp(-$0)) }),
      (.gelu, { 0.5 * $0 * (1 + .tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
    ]
    for (activation, definition) in definitions {
      var outputs = inputs + [.nan]
      Float.activate(outputs.count, activation, outputs, into: &outputs)
      for (x, y) in zip(inputs, outputs) {
        let exact = definition(Double(x))
        #expect(abs(Double(y) - exact) < 1e-6 * max(1, abs(exact)), "\(activation) at \(x)")
      }
      #expect(outputs.last!.isNaN, "\(activation)")
    }
  }
}
