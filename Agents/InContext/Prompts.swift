import ReinforcementLearning

/// Makes the prompts of in-context policy iteration out of what was experienced: examples, then the question.
///
/// An example of what comes of a step is the state's line, the action's and the line that is asked for, then a blank
/// one. The policy is asked for with episodes and their parts, each begun by a blank line and the opening.
struct Prompts {
  /// What is asked of a step.
  enum Question {
    case end
    case reward(isDone: Bool)
    case next
  }

  let configuration: InContextConfiguration
  let rules: TextRules
  let memory: TextMemory

  /// Examples of what comes of a step, in an order that is drawn, and the question.
  func world(
    _ question: Question, _ state: TextRules.State, action: Int, random: inout RandomSource
  ) -> String {
    let all = memory.episodes.lazy.flatMap(\.self).filter { step in
      guard step.action == action || !configuration.constrains else { return false }
      return switch question {
      case .end: true
      case .reward(let isDone): step.isDone == isDone
      case .next: !step.isDone
      }
    }
    var groups: [[TextStep]]
    switch question {
    case .end: groups = [all.filter(\.isDone), all.filter { !$0.isDone }]
    case .reward:
      let steps = Array(all)
      groups = Set(steps.map(\.reward)).sorted().map { reward in steps.filter { $0.reward == reward } }
    // Every recent episode counts as a success unless only those are kept: nothing to balance.
    case .next: groups = [Array(all)]
    }
    groups.removeAll(where: \.isEmpty)
    let query = rules.line(of: state, showingHint: configuration.hints) + rules.actions[action]
    return Prompts.joined(
      Prompts.ordered(groups, balanced: configuration.balances, &random), query: query,
      most: configuration.promptBytes
    ) { step in
      let answer =
        switch question {
        case .end: step.endLine
        case .reward: step.rewardLines
        case .next: step.nextLine(hints: configuration.hints)
        }
      return step.stateLine(hints: configuration.hints) + step.actionLines + answer + "\n"
    }
  }

  /// Recent episodes and all their parts, in an order that is drawn, and the state.
  func policy(_ state: TextRules.State, random: inout RandomSource) -> String {
    var parts: [ArraySlice<TextStep>] = []
    for episode in memory.recent {
      for start in episode.indices {
        for end in start + 1...episode.count { parts.append(episode[start..<end]) }
      }
    }
    random.shuffle(&parts)
    let hints = configuration.policyHints
    let query = "\n" + rules.opening + rules.line(of: state, showingHint: hints)
    return Prompts.joined(parts, query: query, most: configuration.promptBytes) { part in
      part.reduce("\n" + rules.opening) { text, step in
        text + step.stateLine(hints: hints) + step.actionLines + step.rewardLines + step.endLine
      }
    }
  }

  /// All elements in an order that is drawn; balanced, smaller groups are gone through again until each is as large as
  /// the largest.
  private static func ordered(
    _ groups: [[TextStep]], balanced: Bool, _ random: inout RandomSource
  ) -> [TextStep] {
    let largest = groups.map(\.count).max() ?? 0
    var all: [TextStep] = []
    for group in groups {
      var group = group
      random.shuffle(&group)
      let count = balanced ? largest : group.count
      for index in 0..<count { all.append(group[index % group.count]) }
    }
    random.shuffle(&all)
    return all
  }

  /// The last examples that fit before the query, whole ones.
  private static func joined<Example>(
    _ examples: [Example], query: String, most: Int, _ text: (Example) -> String
  ) -> String {
    var room = most - query.utf8.count
    var parts: [String] = []
    for example in examples.reversed() {
      let part = text(example)
      room -= part.utf8.count
      guard room >= 0 else { break }
      parts.append(part)
    }
    return parts.reversed().joined() + query
  }
}
