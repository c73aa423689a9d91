internal import CKernels
public import Groundwork

/// Adam (Kingma and Ba 2015) as PyTorch computes it, with AdamW's decoupled weight decay (Loshchilov and Hutter
/// 2019) where one is given.
///
/// `x -= rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`
public struct Adam: Sendable {
  /// β₁
  public var meanDecay: Float
  /// β₂
  public var squareDecay: Float
  /// ε: 1e-5 in PPO, 1e-8 in PyTorch.
  public var epsilon: Float
  /// λ: each step multiplies the parameters by `1 - rate · λ`.
  public var weightDecay: Float
  /// Steps taken.
  public private(set) var steps = 0
  private let layout: ParameterLayout
  private var mean: [Float]
  private var square: [Float]

  /// Moments of zero for every element of the layout, those that no optimizer moves included.
  ///
  /// - Parameters:
  ///   - layout: Of the parameters and the gradients of every later step.
  ///   - meanDecay: β₁, at least 0 and below 1.
  ///   - squareDecay: β₂, at least 0 and below 1.
  ///   - epsilon: ε, above 0: it keeps an element whose gradient was always zero from a division by zero.
  ///   - weightDecay: λ; 0 is Adam, anything above it AdamW.
  public init(
    _ layout: ParameterLayout, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-5,
    weightDecay: Float = 0
  ) {
    self.layout = layout
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    mean = [Float](repeating: 0, count: layout.count)
    square = mean
  }

  /// Moves the parameters one step down `gradient · gradientScale`; blocks with `isTrained` false stay as they are.
  ///
  /// - Parameters:
  ///   - parameters: `[layout.count]`.
  ///   - gradient: `[layout.count]`, of the loss that is to fall.
  ///   - learningRate: Of this step, at least 0; schedules are the caller's.
  ///   - gradientScale: From `Gradient.clipScale`, or one over a number of samples.
  ///   - workers: Who share the buffer; the bits do not depend on them, since an element's step needs no other's.
  /// - Complexity: O(parameters); allocates nothing.
  public mutating func step(
    _ parameters: inout Parameters, gradient: [Float], learningRate: Float, gradientScale: Float = 1,
    workers: Workers? = nil
  ) {
    precondition(
      gradient.count == mean.count && parameters.values.count == mean.count,
      "an optimizer of \(mean.count) parameters was given a gradient of \(gradient.count)")
    steps += 1
    let meanCorrection = 1 - power(Double(meanDecay), steps)
    let squareCorrection = 1 - power(Double(squareDecay), steps)
    let stepSize = Float(Double(learningRate) / meanCorrection)
    let rootCorrection = Float(squareCorrection.squareRoot())
    let decay = 1 - learningRate * weightDecay
    let (meanDecay, squareDecay, epsilon) = (meanDecay, squareDecay, epsilon)
    parameters.values.withUnsafeMutableBufferPointer { values in
      mean.withUnsafeMutableBufferPointer { mean in
        square.withUnsafeMutableBufferPointer { square in
          gradient.withUnsafeBufferPointer { gradient in
            nonisolated(unsafe) let (x, m, v) = (values.baseAddress!, mean.baseAddress!, square.baseAddress!)
            nonisolated(unsafe) let g = gradient.baseAddress!
            func move(_ range: Range<Int>) {
              let first = range.lowerBound
              forage_adam_f32(
                range.count, gradientScale, meanDecay, squareDecay, stepSize, rootCorrection, epsilon, decay, g + first,
                m + first, v + first, x + first)
            }
            for range in layout.trainedRanges {
              // Below this a barrier costs more than it saves.
              guard let workers, workers.count > 1, range.count >= 1 << 14 else {
                move(range)
                continue
              }
              let parts = min(workers.count, 16)
              // Cut at whole vectors: the elements after the last one take another way through the loop.
              func edge(_ part: Int) -> Int {
                part == parts ? range.upperBound : range.lowerBound + part * range.count / parts / 64 * 64
              }
              workers.perform(parts) { move(edge($0)..<edge($0 + 1)) }
            }
          }
        }
      }
    }
  }

  /// The moments under `mean` and `square`, one array per block, and the number of steps.
  public func savedState() -> SavedState {
    var state = SavedState()
    state.set(prefix: "mean", layout.savedState(mean, trainedOnly: true))
    state.set(prefix: "square", layout.savedState(square, trainedOnly: true))
    state.set("steps", scalar: Int64(steps))
    return state
  }

  /// Takes the moments and the number of steps of a saved state; the rates are the configuration's and not in it.
  ///
  /// - Throws: `UserError` when a moment is missing or has another shape; nothing is changed then.
  public mutating func restore(_ state: SavedState) throws(UserError) {
    let mean = try layout.values(in: state.get(prefix: "mean"), trainedOnly: true)
    let square = try layout.values(in: state.get(prefix: "square"), trainedOnly: true)
    steps = Int(try state.scalar("steps", as: Int64.self))
    (self.mean, self.square) = (mean, square)
  }

  /// By squaring: the same bits everywhere, which `pow` does not promise.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }
}
