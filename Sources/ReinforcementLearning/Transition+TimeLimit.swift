extension Transition {
  /// The rule of the time limit, wherever an episode is stepped: one that goes on is cut when its steps are used up; a
  /// true ending on the last step stays `terminated`.
  ///
  /// - Parameters:
  ///   - elapsed: Steps of the episode, this one included.
  ///   - limit: Steps after which it is truncated.
  @inlinable @inline(__always) mutating func cut(after elapsed: Int, limit: Int) {
    if outcome == .running && elapsed >= limit { outcome = .truncated }
  }
}
