#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import ReinforcementLearning

  extension NetHackConfiguration {
    /// Whether the task is one that can be done, which ends the episode.
    var hasGoal: Bool {
      switch task {
      case .staircase, .staircasePet, .oracle, .events, .sokoban: true
      case .score, .gold, .eat, .scout, .descend: false
      }
    }

    /// What episodes are judged by: doing the task where it can be done, the return otherwise; how deep they led, and
    /// how many broke.
    var measures: [Measure] {
      let common = [
        Measure("deepest", of: .field("deepest", element: 0), .maximum, summary: "the greatest depth of the episode"),
        Measure("kills", of: .field("kills", element: 0), .maximum, summary: "monsters that the player killed"),
        Measure(
          "fault", of: .field("fault", element: 0), .any, .lower,
          summary: "whether the game broke, which truncates the episode"),
      ]
      return hasGoal ? [.success, .return(), .length()] + common : [.return(), .length(.higher)] + common
    }

    /// Bounds of one step's reward; infinite where the game sets none.
    var rewardRange: ClosedRange<Double> {
      guard hasGoal, task != .events, penalty == .constant || penalty == .always, penaltyTime == 0 else {
        return -Double.infinity...Double.infinity
      }
      // Sokoban pays for each pit, of which MiniHack's levels have 18 at most.
      guard task != .sokoban || level.setting.hasPrefix("soko") else { return -Double.infinity...Double.infinity }
      let pits = task == .sokoban ? 18 * Self.pitReward : 0
      return
        (min(0, winReward, loseReward) + min(0, penaltyStep) - pits - 1)...(max(0, winReward, loseReward)
        + max(0, penaltyStep) + pits)
    }

    /// Paid for each pit that a boulder fills.
    static let pitReward = 0.1
    /// Paid for each step of Sokoban.
    static let sokobanStep = -0.001
  }

  extension Progress {
    /// What a step is worth, and how the episode stands.
    ///
    /// Rewards as NLE 1.3 and MiniHack 1.0 pay them: the change of score, gold or nutrition, newly seen
    /// squares, or what the task's end is worth, and the penalty of a clock that stood. Gold, eat and scout pay
    /// nothing in the step in which the game ends, as there.
    mutating func judge(_ view: GameView, isOver: Bool, before: Progress, _ plan: NetHackPlan) -> Transition {
      let rules = plan.stepRules
      let isNormal = view.isNormal
      // The step in which the game ends pays no penalty, as in NLE, whose clock is 0 then.
      let clockStood = isNormal && self[.turn] == before[.turn]
      frozenSteps = clockStood ? frozenSteps + 1 : 0
      let penalty = timePenalty(rules, turns: Double(self[.turn] - before[.turn]))
      var reward = 0.0
      var isDone = false
      switch rules.task {
      case .score:
        reward = (isNormal ? Double(self[.score] - before[.score]) : 0) + penalty
      case .gold:
        reward = isNormal ? Double(self[.gold] - before[.gold]) + penalty : 0
      case .eat:
        reward = isNormal ? Double(max(0, nutrition - before.nutrition)) + penalty : 0
      case .scout:
        reward = isNormal ? Double(newlySeen(view)) + penalty : 0
      case .descend:
        reward = Double(deepest - before.deepest) + penalty
      case .staircase, .staircasePet, .oracle:
        isDone = !isOver && isNormal && isAtGoal(view, rules.task)
        reward = (isDone ? rules.winReward : isOver ? rules.loseReward : 0) + penalty
      case .events:
        let (paid, ends) = pay(view, plan)
        let isOnStairs = isNormal && view.onStairs
        isDone = !isOver && (ends || isOnStairs)
        reward = paid + (isOnStairs ? rules.stairsReward : 0) + penalty
      case .sokoban:
        (reward, isDone) = fillPits(view, isOver: isOver, rules)
      }
      let success: Bool
      switch rules.task {
      case .events: success = isDone && reward > 0
      case .score, .gold, .eat, .scout, .descend: success = isOver && nethack_game_how_done(view.game) == Self.ascended
      default: success = isDone
      }
      // A game that only broke off, by `exit`, is not one that says how it ended.
      if isOver, view.isGameOver, nethack_game_how_done(view.game) <= Self.lastDeath { told |= Event.death.bit }
      let stalls = rules.stallLimit > 0 && Int(frozenSteps) >= rules.stallLimit
      let outcome: Outcome = isOver || isDone ? .terminated : stalls ? .truncated : .running
      return Transition(reward: Float(reward), outcome: outcome, success: success)
    }

    /// NetHack's ends by number are the ways to die first: 0, killed, to 10, genocide.
    private static let lastDeath: Int32 = 10
    /// NetHack's number of an end by ascension.
    private static let ascended: Int32 = 15

    /// NLE's `_get_time_penalty`: by steps in which the clock stood and by turns that went by.
    private func timePenalty(_ rules: StepRules, turns: Double) -> Double {
      let frozen = Double(frozenSteps)
      let step = rules.penaltyStep
      let stood =
        switch rules.penalty {
        case .constant: frozenSteps > 0 ? step : 0
        case .exp: Double(UInt64(1) << UInt64(min(30, frozenSteps))) * step
        case .square: frozen * frozen * step
        case .linear: frozen * step
        case .always: step
        }
      return stood + turns * rules.penaltyTime
    }

    /// Squares of this level that show something and did not when the level was last looked at.
    private mutating func newlySeen(_ view: GameView) -> Int {
      let shown = Glyph.shown(in: view.glyphs)
      let known = Int(explored[levelNumber])
      explored[levelNumber] = UInt16(shown)
      return shown - known
    }

    /// On stairs that lead down, there with the pet beside, or beside the Oracle.
    private func isAtGoal(_ view: GameView, _ task: NetHackConfiguration.Task) -> Bool {
      switch task {
      case .staircase: view.onStairs
      case .staircasePet: view.onStairs && isBeside(view) { Glyph.pets.contains($0) }
      default: isBeside(view) { $0 == Glyph.oracle }
      }
    }

    /// What the message's events pay, and whether they end the episode.
    private mutating func pay(_ view: GameView, _ plan: NetHackPlan) -> (reward: Double, ends: Bool) {
      var reward = 0.0
      var ends = false
      for (index, event) in plan.configuration.events.enumerated() {
        let bit = UInt64(1) << UInt64(index)
        guard event.repeats || happened & bit == 0 else { continue }
        guard plan.events[index].contains(where: { text in text.withUnsafeBufferPointer { view.says($0) } }) else {
          continue
        }
        happened |= bit
        reward += event.reward
        if event.ends { ends = true }
      }
      if plan.requiredEvents != 0, happened & plan.requiredEvents == plan.requiredEvents { ends = true }
      return (reward, ends)
    }

    /// Sokoban: boulders fill pits, and the stairs count while no pit is shown.
    ///
    /// Each pit that is shown no more pays `pitReward`, each that is shown again costs it, each step costs a little, as
    /// in MiniHack's Sokoban: who walks into a pit hides it, and who climbs out shows it again.
    private mutating func fillPits(
      _ view: GameView, isOver: Bool, _ rules: StepRules
    ) -> (reward: Double, isDone: Bool) {
      guard !isOver else { return (rules.loseReward, false) }
      let before = pits
      pits = Self.countPits(view)
      if view.onStairs && pits == 0 { return (rules.winReward, true) }
      return (NetHackConfiguration.sokobanStep + Double(before - pits) * NetHackConfiguration.pitReward, false)
    }
  }
#endif
