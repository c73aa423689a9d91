/// How often each arm was pulled in the running episode and what it paid: what a board shows beside the truth.
///
/// Sixty-four arms at most are counted; O(1) a pull, allocates nothing.
struct ArmTally: Sendable {
  private(set) var counts: [Int32]
  private var sums: [Float]
  /// Pulls whose reward has come.
  private var paid: [Int32]
  /// Of all arms.
  private(set) var pulls = 0

  init(arms: Int) {
    counts = Array(repeating: 0, count: min(arms, 64))
    sums = Array(repeating: 0, count: counts.count)
    paid = counts
  }

  mutating func clear() {
    for arm in counts.indices { forget(arm) }
    pulls = 0
  }

  /// A pull and what it paid.
  mutating func add(_ arm: Int, _ reward: Float) {
    pull(arm)
    pay(arm, reward)
  }

  /// A pull whose reward may come later.
  mutating func pull(_ arm: Int) {
    pulls &+= 1
    if arm < counts.count { counts[arm] &+= 1 }
  }

  /// The reward of a pull.
  mutating func pay(_ arm: Int, _ reward: Float) {
    guard arm < counts.count else { return }
    paid[arm] &+= 1
    sums[arm] += reward
  }

  /// Another arm has come in its place.
  mutating func forget(_ arm: Int) {
    if arm < counts.count { (counts[arm], sums[arm], paid[arm]) = (0, 0, 0) }
  }

  /// A row of the board.
  func row(_ arm: Int, mean: Double) -> BanditPicture.Arm {
    let (count, known) = arm < counts.count ? (Int(counts[arm]), Int(paid[arm])) : (0, 0)
    return BanditPicture.Arm(mean: mean, seen: known > 0 ? Double(sums[arm]) / Double(known) : nil, pulls: count)
  }
}
