import Synchronization

/// The seconds that a run has worked since a program took it up. Those for which it stood still, until somebody outside
/// of the program had done something, are not among them: they say nothing of how long the rest takes.
public struct WorkTime: Sendable {
  private let start: Double
  /// Seconds of the times that it stood still and went on.
  private var stood = 0.0
  /// Since when it stands still; nil while it works.
  private var standsSince: Double?

  /// - Parameter start: Seconds on the clock, as everywhere here.
  public init(start: Double) { self.start = start }

  /// It stands still from now on; nothing changes where it does.
  public mutating func stand(at now: Double) {
    if standsSince == nil { standsSince = now }
  }

  /// It works from now on; nothing changes where it does.
  public mutating func goOn(at now: Double) {
    if let standsSince { stood += now - standsSince }
    standsSince = nil
  }

  /// How long it has worked.
  public func seconds(at now: Double) -> Double { (standsSince ?? now) - start - stood }

  /// A guess of the seconds that it still works for.
  ///
  /// - Parameters:
  ///   - done: Steps since the program took it up.
  ///   - open: Steps that are left.
  /// - Returns: nil where nothing is done, or within less than a second: nobody knows yet.
  public func left(done: Int, open: Int, at now: Double) -> Double? {
    let seconds = seconds(at: now)
    guard done > 0, seconds >= 1 else { return nil }
    return seconds / Double(done) * Double(max(0, open))
  }
}

/// How long a run stood still, for whoever measures its speed. A class: it is told by the reward design and read by the
/// observer.
final class WaitMeter: Sendable {
  private let state = Mutex<(since: Double?, seconds: Double)>((nil, 0))

  /// - Parameter now: Seconds on the clock.
  func take(isWaiting: Bool, at now: Double) {
    state.withLock { state in
      if let since = state.since { state.seconds += now - since }
      state.since = isWaiting ? now : nil
    }
  }

  /// Seconds that it stood still since this was last asked.
  func takeSeconds() -> Double {
    state.withLock { state in
      defer { state.seconds = 0 }
      return state.seconds
    }
  }
}
