/// A two-dimensional convolution over `[height, width, channels]`, zeros around the edge, then an activation.
///
/// `weight: [kernel, kernel, channels, outputs]` (Flax's order) and `bias: [outputs]`. Patches are laid out as
/// rows of a matrix (`[positions, kernel * kernel * channels]`), a group of samples at a time, and multiplied.
public struct Convolution: Layer {
  /// `[height, width, channels]`, channels next to one another in memory.
  public let inputShape: [Int]
  /// `[outHeight, outWidth, outputs]`, with `outHeight = (height + 2 padding - kernel) / stride + 1`, rounded down, and
  /// `outWidth` alike.
  public let outputShape: [Int]
  /// The side of the square window, in cells, at least 1.
  public let kernel: Int
  /// Cells from one window to the next, in both directions, at least 1.
  public let stride: Int
  /// Zeros on each of the four sides, in cells, at least 0.
  public let padding: Int
  /// Fused into the product; not `gelu`.
  public let activation: Activation
  /// How `initialize` draws the weight, taken as a matrix `[kernel * kernel * channels, outputs]`.
  public let initialization: Initialization
  /// `[kernel, kernel, channels, outputs]`: row of the window, column of the window, input channel, output channel.
  public let weight: ParameterLayout.Block
  /// `[outputs]`, zero at the start.
  public let bias: ParameterLayout.Block

  /// Claims `NAME.weight` and `NAME.bias` in the layout.
  ///
  /// - Parameters:
  ///   - name: The prefix of its blocks.
  ///   - shape: `[height, width, channels]` of a row of the input.
  ///   - channels: Of the output.
  ///   - kernel: At least 1, and at most the padded input's sides.
  public init(
    _ name: String, input shape: [Int], channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    _ activation: Activation = .relu, _ initialization: Initialization = .orthogonal(gain: 1.4142135),
    in layout: inout ParameterLayout
  ) {
    precondition(activation != .gelu, "gelu cannot be fused: use .activation(.gelu) after the layer")
    precondition(shape.count == 3, "a convolution wants [height, width, channels], not \(shape)")
    precondition(kernel > 0 && stride > 0 && padding >= 0, "a kernel and a stride of at least one, no negative padding")
    let height = (shape[0] + 2 * padding - kernel) / stride + 1
    let width = (shape[1] + 2 * padding - kernel) / stride + 1
    precondition(
      shape[0] + 2 * padding >= kernel && shape[1] + 2 * padding >= kernel,
      "a kernel of \(kernel) does not fit into \(shape) with padding \(padding)")
    inputShape = shape
    outputShape = [height, width, channels]
    (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
    self.activation = activation
    self.initialization = initialization
    weight = layout.add("\(name).weight", [kernel, kernel, shape[2], channels])
    bias = layout.add("\(name).bias", [channels])
  }

  private var positions: Int { outputShape[0] * outputShape[1] }
  private var patch: Int { kernel * kernel * inputShape[2] }
  /// Samples whose patches are multiplied at once: enough rows to be worth the packing of the weights.
  private var group: Int { max(1, 512 / positions) }

  /// The patches of a group of samples and their gradients, and the packed weights; it does not grow with `rows`.
  public func scratchCount(rows: Int) -> Int {
    2 * group * positions * patch + productScratch(outputShape[2], patch)
  }

  /// Draws the weight; the bias becomes zero.
  public func initialize(_ parameters: inout Parameters, random: inout some RandomNumberGenerator) {
    parameters[weight] = initialization.draw(rows: patch, columns: outputShape[2], random: &random)[...]
    parameters[bias] = [Float](repeating: 0, count: bias.count)[...]
  }

  /// Writes `output: [rows, outHeight, outWidth, outputs]`, each sample's the same bits whatever samples are beside it.
  @_specialize(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>,
    output: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let space = scratch + 2 * group * positions * patch
    for first in Swift.stride(from: 0, to: rows, by: group) {
      let samples = min(group, rows - first)
      for sample in 0..<samples {
        unfold(input + (first + sample) * inputCount, into: scratch + sample * positions * patch)
      }
      Scalar.product(
        samples * positions, outputShape[2], patch, scratch, parameters + weight.offset, transposed: false,
        bias: parameters + bias.offset, accumulate: false, activation: activation, into: output + first * outputCount,
        scratch: space)
    }
  }

  /// Adds to the gradients of `weight` and `bias`; overwrites `outputGradient` with the gradient before the activation.
  ///
  /// The patches are laid out again rather than kept from the forward pass: they are `kernel²` times as large as the
  /// input.
  @_specialize(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, _ rows: Int, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    outputGradient: UnsafeMutablePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>?,
    into gradient: UnsafeMutablePointer<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let channels = outputShape[2]
    let patchGradient = scratch + group * positions * patch
    let space = scratch + 2 * group * positions * patch
    Scalar.activateBackward(
      rows * positions, channels, activation, output, outputGradient, sum: gradient.map { $0 + bias.offset })
    inputGradient?.update(repeating: 0, count: rows * inputCount)
    for first in Swift.stride(from: 0, to: rows, by: group) {
      let samples = min(group, rows - first)
      let down = outputGradient + first * outputCount
      if let gradient {
        for sample in 0..<samples {
          unfold(input + (first + sample) * inputCount, into: scratch + sample * positions * patch)
        }
        Scalar.outer(
          samples * positions, channels, patch, scratch, down, into: gradient + weight.offset, scratch: space)
      }
      guard let inputGradient else { continue }
      Scalar.product(
        samples * positions, patch, channels, down, parameters + weight.offset, transposed: true, bias: nil,
        accumulate: false, activation: .identity, into: patchGradient, scratch: space)
      for sample in 0..<samples {
        fold(patchGradient + sample * positions * patch, into: inputGradient + (first + sample) * inputCount)
      }
    }
  }

  /// Calls with (offset into the image, offset into the patches, elements) for each run of pixels inside the
  /// image, and with a negative image offset for each run of padding.
  @inline(__always)
  private func forEachRun(_ body: (_ image: Int, _ patches: Int, _ count: Int) -> Void) {
    let (height, width, channels) = (inputShape[0], inputShape[1], inputShape[2])
    let run = kernel * channels
    var target = 0
    for y in 0..<outputShape[0] {
      for x in 0..<outputShape[1] {
        let left = x * stride - padding
        for row in (y * stride - padding)..<(y * stride - padding + kernel) {
          if row < 0 || row >= height {
            body(-1, target, run)
          } else if left >= 0 && left + kernel <= width {
            body((row * width + left) * channels, target, run)
          } else {
            for column in left..<(left + kernel) {
              let inside = column >= 0 && column < width
              body(inside ? (row * width + column) * channels : -1, target + (column - left) * channels, channels)
            }
          }
          target += run
        }
      }
    }
  }

  @inline(__always)
  private func unfold<Scalar: NetworkScalar>(
    _ image: UnsafePointer<Scalar>, into patches: UnsafeMutablePointer<Scalar>
  ) {
    forEachRun { source, target, count in
      if source < 0 {
        (patches + target).update(repeating: 0, count: count)
      } else {
        (patches + target).update(from: image + source, count: count)
      }
    }
  }

  @inline(__always)
  private func fold<Scalar: NetworkScalar>(_ patches: UnsafePointer<Scalar>, into image: UnsafeMutablePointer<Scalar>) {
    forEachRun { source, target, count in
      guard source >= 0 else { return }
      Scalar.add(count, patches + target, into: image + source)
    }
  }
}

