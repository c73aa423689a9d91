/// The memory of the observations of one collection: the rows of all its rollouts, one rollout after the other,
/// `[rollouts, steps + 1, slots of a rollout, rowBytes]`.
///
/// The rollouts own it together: it lives as long as any of them, whoever made them. So a learner may pick rows out of
/// all of them by number, once it has made sure that they tile it.
public final class ObservationSlab: @unchecked Sendable {
  /// Row 0 of the first rollout.
  public let base: UnsafeMutableRawPointer
  /// Bytes from `base` on.
  public let byteCount: Int

  /// Memory of that many bytes, all 0.
  public init(byteCount: Int) {
    precondition(byteCount >= 0, "a slab has no negative size")
    self.byteCount = byteCount
    base = .allocate(byteCount: max(1, byteCount), alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: max(1, byteCount))
  }

  deinit { base.deallocate() }

  /// Whether the rollouts' rows fill this slab, one rollout after the other in that order, with nothing left over.
  ///
  /// - Complexity: O(rollouts); allocates nothing.
  public func isTiled(by rollouts: [Rollout]) -> Bool {
    var next = base
    for rollout in rollouts {
      guard rollout.slab === self, rollout.observations == next else { return false }
      next += rollout.observationBytes
    }
    return next == base + byteCount
  }
}
