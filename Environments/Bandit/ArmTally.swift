/// How often each arm was pulled in the running episode and what it paid: what a board shows beside the truth.
///
/// Sixty-four arms at most are counted; O(1) a pull, allocates nothing.
struct ArmTally: Sendable {
  private(set) var counts: [Int32]
  private var sums: [Float]
  /// Of all arms.
  private(set) var pulls = 0

  init(arms: Int) {
    counts = Array(repeating: 0, count: min(arms, 64))
    sums = Array(repeating: 0, count: counts.count)
  }

  mutating func clear() {
    for arm in counts.indices { (counts[arm], sums[arm]) = (0, 0) }
    pulls = 0
  }

  mutating func add(_ arm: Int, _ reward: Float) {
    pulls &+= 1
    guard arm < counts.count else { return }
    counts[arm] &+= 1
    sums[arm] += reward
  }

  /// A row of the board.
  func row(_ arm: Int, mean: Double) -> BanditPicture.Arm {
    let count = arm < counts.count ? Int(counts[arm]) : 0
    return BanditPicture.Arm(mean: mean, seen: count > 0 ? Double(sums[arm]) / Double(count) : nil, pulls: count)
  }
}
