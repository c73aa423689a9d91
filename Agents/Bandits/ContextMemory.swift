/// Where an algorithm with a context keeps what arms were pulled in: the vectors of a slot's last pulls.
///
/// Rewards that come with their pulls need the last moment alone, so all of it is kept and whichever arm was pulled,
/// whoever chose it, can be learnt of. Where rewards may be late, every arm keeps what it had when it was chosen last.
///
/// Memory: one vector an arm.
struct ContextMemory {
  let arms: Int
  let dimension: Int
  /// Whether the context is one vector for all arms, so that every arm has parameters of its own.
  let isShared: Bool
  private let isLate: Bool

  init(_ problem: BanditProblem) {
    arms = problem.arms
    dimension = problem.dimension
    isShared = problem.features.count == 1
    isLate = problem.arrivals > 0
  }

  var width: Int { arms * dimension }

  /// An arm's vector now.
  func features(_ moment: BanditMoment, _ arm: Int) -> UnsafePointer<Float> {
    moment.features! + (isShared ? 0 : arm * dimension)
  }

  /// What an arm had when it was pulled.
  func chosen(_ memory: BanditMemory, _ arm: Int) -> BanditMemory {
    memory + (isShared && !isLate ? 0 : arm * dimension)
  }

  /// Keeps what an arm is pulled in.
  func keep(_ memory: BanditMemory, _ moment: BanditMoment, _ arm: Int) {
    let all = !isShared && !isLate
    let (from, to) = (features(moment, all ? 0 : arm), chosen(memory, all ? 0 : arm))
    for place in 0..<(all ? width : dimension) { to[place] = Double(from[place]) }
  }
}
