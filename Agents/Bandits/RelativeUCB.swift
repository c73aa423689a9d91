public import Groundwork
public import ReinforcementLearning
import RealModule

/// RUCB: relative upper confidence bounds for dueling arms, with Copeland's scores where no arm can beat all others.
///
/// U_ij = wins_ij / n_ij + sqrt(alpha ln t / n_ij), 1 without a comparison, U_ii = 1/2. C are the arms whose every U_cj
/// is at least 1/2; of it the hypothesised winner B is kept with probability 1/2. The challenger is the arm with the
/// largest U_jc. Where C is empty for `patience` rounds in a row nobody beats everybody: from then on the champion is
/// the arm whose bounds let it beat the most others, and its challenger the arm whose comparison with it is least
/// certain among those that may still change its score; when none may, it is compared with itself.
///
/// Source: Zoghi, Whiteson, Munos and de Rijke 2014, "Relative upper confidence bound for the K-armed dueling bandit
/// problem"; Zoghi, Karnin, Whiteson and de Rijke 2015, "Copeland dueling bandits", for the score.
public struct RelativeUCB: BanditRule {
  /// The bound.
  public struct Parameters: ConfigurationPart {
    /// alpha, above 1/2.
    public var exploration = 0.51
    /// Rounds in a row without a possible winner after which Copeland's score decides, at least 1.
    public var patience = 1
    /// alpha 0.51.
    public init() {}
  }

  let exploration: Double
  let patience: Double
  let arms: Int

  /// - Throws: `UserError` for alpha of at most 1/2, or actions that are no pairs.
  public init(_ parameters: Parameters, for problem: BanditProblem) throws {
    try Check.all([
      Check("agent.exploration", parameters.exploration, in: 0.5001...1e6),
      Check("agent.patience", parameters.patience, in: 1...1_000_000_000),
    ])
    guard problem.isDuel else {
      throw UserError("these \(problem.arms) actions are no pairs of arms", fix: "Use bandit/Dueling")
    }
    exploration = parameters.exploration
    patience = Double(parameters.patience)
    arms = Int(Double(problem.arms).squareRoot().rounded())
  }

  /// None.
  public static var takesLog: Bool { false }
  /// Wins of every ordered pair, the hypothesised winner plus 1, rounds without one.
  public var width: Int { arms * arms + 2 }

  /// Counts a win of the first or the second arm.
  public func learn(_ memory: BanditMemory, arm: Int, reward: Double, random: inout RandomSource) {
    let (first, second) = (arm / arms, arm % arms)
    memory[reward > 0.5 ? first * arms + second : second * arms + first] += 1
  }

  /// Bounds of the probability that the first beats the second.
  private func bounds(_ memory: BanditMemory, _ first: Int, _ second: Int, _ time: Double) -> (Double, Double) {
    guard first != second else { return (0.5, 0.5) }
    let (wins, losses) = (memory[first * arms + second], memory[second * arms + first])
    let count = wins + losses
    guard count > 0 else { return (0, 1) }
    let width = (exploration * time / count).squareRoot()
    return (wins / count - width, wins / count + width)
  }

  /// The next pair.
  public func choose(
    _ memory: BanditMemory, _ moment: BanditMoment, propensity: inout Double, random: inout RandomSource
  ) -> Int {
    let time = Double.log(Double(max(2, moment.pulls + 1)))
    let base = arms * arms
    var possible = 0
    for arm in 0..<arms where canWin(memory, arm, time) { possible += 1 }
    if possible == 0 {
      memory[base + 1] += 1
      if memory[base + 1] >= patience { return copeland(memory, time, random: &random) }
    } else {
      memory[base + 1] = 0
    }
    let champion: Int
    let believed = Int(memory[base]) - 1
    if possible == 0 {
      champion = random.integer(in: 0..<arms)
    } else if possible == 1 {
      champion = (0..<arms).first { canWin(memory, $0, time) }!
      memory[base] = Double(champion + 1)
    } else {
      let isIn = believed >= 0 && canWin(memory, believed, time)
      if !isIn { memory[base] = 0 }
      if isIn && random.uniform() < 0.5 {
        champion = believed
      } else {
        var rest = random.integer(in: 0..<(isIn ? possible - 1 : possible))
        var found = 0
        for arm in 0..<arms where canWin(memory, arm, time) && !(isIn && arm == believed) {
          found = arm
          if rest == 0 { break }
          rest -= 1
        }
        champion = found
      }
    }
    // Ties of the challenger go to another arm than the champion.
    var (challenger, top) = (champion, -1.0)
    for arm in 0..<arms {
      let bound = bounds(memory, arm, champion, time).1
      if bound > top || (bound == top && challenger == champion) { (challenger, top) = (arm, bound) }
    }
    return champion * arms + challenger
  }

  private func canWin(_ memory: BanditMemory, _ arm: Int, _ time: Double) -> Bool {
    for other in 0..<arms where bounds(memory, arm, other, time).1 < 0.5 { return false }
    return true
  }

  /// The arm that may beat the most others against the least certain of its comparisons.
  private func copeland(_ memory: BanditMemory, _ time: Double, random: inout RandomSource) -> Int {
    var (best, score, ties) = (0, (-1, -1), 0)
    for arm in 0..<arms {
      var (may, does) = (0, 0)
      for other in 0..<arms where other != arm {
        let (low, high) = bounds(memory, arm, other, time)
        may += high > 0.5 ? 1 : 0
        does += low > 0.5 ? 1 : 0
      }
      if (may, does) > score { (best, score, ties) = (arm, (may, does), 1) }
      else if (may, does) == score {
        ties += 1
        if random.integer(in: 0..<ties) == 0 { best = arm }
      }
    }
    var (challenger, top) = (best, -1.0)
    for other in 0..<arms where other != best {
      let (low, high) = bounds(memory, best, other, time)
      guard low <= 0.5, high >= 0.5, high - low > top else { continue }
      (challenger, top) = (other, high - low)
    }
    return best * arms + challenger
  }
}
