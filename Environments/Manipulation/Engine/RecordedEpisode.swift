import Groundwork
import ReinforcementLearning

extension JSON {
  /// The elements of an array of numbers; true and false are 1 and 0.
  var numbers: [Double]? {
    guard let array else { return nil }
    let numbers = array.compactMap { $0.double ?? $0.bool.map { $0 ? 1 : 0 } }
    return numbers.count == array.count ? numbers : nil
  }

  /// An array of arrays of numbers; a row that is none is empty.
  var rows: [[Double]]? { array?.map { $0.numbers ?? [] } }
}

#if MuJoCo
  extension VectorAction {
    /// The four numbers of a recorded action.
    init(recorded action: [Double]) {
      var values = SIMD16<Float>.zero
      for index in 0..<4 { values[index] = Float(action[index]) }
      self.init(values)
    }
  }

  extension TracedEpisode {
    /// The first number that is not within the tolerance of the recorded one; nil where all are.
    ///
    /// - Parameter word: What a number is called.
    static func difference(
      _ mine: [Double], _ recorded: [Double], within tolerance: Double, word: String
    ) -> String? {
      guard mine.count == recorded.count else { return "\(mine.count) numbers for \(recorded.count)" }
      for index in mine.indices where !(abs(mine[index] - recorded[index]) <= tolerance) {
        return "\(word) \(index): \(mine[index]) for \(recorded[index])"
      }
      return nil
    }

    /// Counts a step as equal, or keeps what was found in it where it is the first.
    ///
    /// - Parameter time: Steps before this one.
    mutating func count(_ found: String?, after time: Int) {
      if let found {
        difference = difference ?? "step \(time + 1): \(found)"
      } else {
        equalSteps += 1
      }
    }
  }
#endif
