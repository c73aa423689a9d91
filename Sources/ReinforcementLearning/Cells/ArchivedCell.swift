/// What is known of a cell: the best way to it so far, and how often it was visited.
public struct ArchivedCell: Hashable, Sendable {
  /// The return of the best trajectory; minus infinity before there is one.
  public var score = -Double.infinity
  /// Steps of that trajectory.
  public var length = Int32.max
  /// Its last step in the log of steps that an archive keeps; -1 for none.
  public var experience: Int32 = -1
  /// Times that it was chosen.
  public var chosen: Int32 = 0
  /// Times that it was chosen since that last found a new or better cell.
  public var chosenSinceNew: Int32 = 0
  /// Trajectories that began in it or came through it.
  public var seen: Int32 = 0
  /// Actions taken in it.
  public var actionTimes: Int32 = 0
  /// Whether the best trajectory solved the task.
  public var success = false

  /// A cell that nothing is known of.
  @inlinable public init() {}

  /// Whether a trajectory is better than the best: by score, then by length; where episodes end, by success first.
  @inlinable @inline(__always) public func isWorse(than score: Double, length: Int32, success: Bool = false) -> Bool {
    if success != self.success { return success }
    return score > self.score || score == self.score && length < self.length
  }

  /// Forgets how often it was chosen, seen and left.
  public mutating func resetCounters() {
    (chosen, chosenSinceNew, seen, actionTimes) = (0, 0, 0, 0)
  }
}
