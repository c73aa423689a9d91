internal import CKernels
public import Groundwork

/// What is done to a flat gradient buffer between the backward pass and the optimizer: one loop each, always in
/// the same order.
public enum Gradient {
  /// Adds a part (a worker's, a chunk's) to the total. Add workers in a fixed order: float sums depend on it.
  public static func add(_ part: [Float], into total: inout [Float]) {
    precondition(part.count == total.count, "gradients of \(part.count) and \(total.count) elements")
    total.withUnsafeMutableBufferPointer { forage_add_f32($0.count, part, $0.baseAddress!) }
  }

  /// Adds a range of a part to the same range of a total.
  static func add(_ part: [Float], _ range: Range<Int>, into total: UnsafeMutablePointer<Float>) {
    part.withUnsafeBufferPointer {
      forage_add_f32(range.count, $0.baseAddress! + range.lowerBound, total + range.lowerBound)
    }
  }

  /// Sets it to zero, keeping its memory.
  public static func clear(_ gradient: inout [Float]) {
    gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }

  /// Sets a part of it to zero.
  static func clear(_ gradient: inout [Float], _ range: Range<Int>) {
    gradient.withUnsafeMutableBufferPointer {
      ($0.baseAddress! + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  /// The Euclidean norm over all parameters, summed in `Double`. It is not finite when any element is not.
  ///
  /// - Parameters:
  ///   - gradient: `[layout.count]`.
  ///   - workers: Who share the sum; it is taken in blocks of a fixed size, in order, however many they are.
  /// - Complexity: O(parameters).
  public static func norm(_ gradient: [Float], workers: Workers? = nil) -> Double {
    squareSum(gradient, 0..<gradient.count, workers: workers).squareRoot()
  }

  /// The sum of the squares of a part of it, as `norm` takes it.
  static func squareSum(_ gradient: [Float], _ range: Range<Int>, workers: Workers?) -> Double {
    let block = 1 << 15
    let blocks = (range.count + block - 1) / block
    return gradient.withUnsafeBufferPointer { gradient in
      nonisolated(unsafe) let start = gradient.baseAddress! + range.lowerBound
      let count = range.count
      if blocks == 1 { return forage_square_sum_f32(count, start) }
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { sums in
        nonisolated(unsafe) let sums = sums.baseAddress!
        func add(_ index: Int) {
          let first = index * block
          sums[index] = forage_square_sum_f32(min(block, count - first), start + first)
        }
        if let workers { workers.perform(blocks, add) } else { for index in 0..<blocks { add(index) } }
        return (0..<blocks).reduce(0) { $0 + sums[$1] }
      }
    }
  }

  /// The factor, at most 1, that brings the norm down to `maximum`, as PyTorch's `clip_grad_norm_` computes it: `min(1,
  /// maximum / (norm + 1e-6))`. Give it to the optimizer's step.
  ///
  /// - Parameters:
  ///   - norm: From `norm`, over everything that one step moves.
  ///   - maximum: Above 0: 0 would stop the training.
  /// - Throws: `UserError` when the norm is not finite, since a step would destroy the parameters.
  public static func clipScale(norm: Double, maximum: Double) throws(UserError) -> Float {
    guard norm.isFinite else {
      throw UserError.diverged(
        "the gradient's norm is \(norm): the training has diverged",
        fix: "Lower the learning rate, or look for a reward or an observation that is not finite")
    }
    return Float(min(1, maximum / (norm + 1e-6)))
  }
}
