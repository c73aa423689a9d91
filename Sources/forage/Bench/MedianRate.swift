import Groundwork

/// How much of some work is done a second.
struct MedianRate {
  /// Of one measurement.
  let seconds: Double
  /// Measurements, of which the median counts.
  let repeats: Int

  /// - Parameters:
  ///   - report: Told which measurement is next.
  ///   - work: Does some, and says how much; asked until the time is over.
  /// - Returns: Nil when the program was asked to stop.
  func measure(report: (String) -> Void, _ work: () throws -> Int) rethrows -> Double? {
    var rates: [Double] = []
    for number in 0..<repeats {
      report("\(number + 1) of \(repeats)")
      let start = Clock.seconds
      var (done, elapsed) = (0, 0.0)
      while elapsed < seconds && !Interruption.wasRequested {
        done += try work()
        elapsed = Clock.seconds - start
      }
      if Interruption.wasRequested { return nil }
      rates.append(Double(done) / elapsed)
    }
    rates.sort()
    return rates[rates.count / 2]
  }
}
