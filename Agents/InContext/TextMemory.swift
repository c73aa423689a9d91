import Groundwork
import ReinforcementLearning

/// A step as it is written.
final class TextStep: Sendable {
  let state: TextRules.State
  let action: Int
  let reward: Float
  /// Whether it ended the episode; a truncated one is not over.
  let isDone: Bool
  let next: TextRules.State
  /// The state's line with its hint and without, and the action's.
  private let stateLines: (hinted: String, bare: String)
  private let nextLines: (hinted: String, bare: String)
  let actionLines: String
  let rewardLines: String
  var endLine: String { TextRules.line(ofEnd: isDone) }

  init(
    _ state: TextRules.State, action: Int, reward: Float, isDone: Bool, next: TextRules.State, _ rules: TextRules
  ) {
    (self.state, self.action, self.reward, self.isDone, self.next) = (state, action, reward, isDone, next)
    stateLines = (rules.line(of: state), rules.line(of: state, showingHint: false))
    nextLines = (rules.line(of: next), rules.line(of: next, showingHint: false))
    actionLines = rules.actions[action]
    rewardLines = rules.lines(ofReward: reward)
  }

  func stateLine(hints: Bool) -> String { hints ? stateLines.hinted : stateLines.bare }
  func nextLine(hints: Bool) -> String { hints ? nextLines.hinted : nextLines.bare }
}

/// What an agent has experienced, as text: the examples that prompts are made of.
struct TextMemory: Sendable {
  /// Whole episodes, the latest last; as many as hold `rememberedSteps`.
  private(set) var episodes: [[TextStep]] = []
  /// The latest that show the policy.
  private(set) var recent: [[TextStep]] = []
  /// By slot, the steps of the episode that runs.
  private(set) var running: [[TextStep]]
  private var remembered = 0

  init(slots: Int) { running = Array(repeating: [], count: slots) }

  /// Adds a step of a slot's episode.
  ///
  /// - Parameter isOver: Whether the episode has ended, be it truncated.
  mutating func add(_ step: TextStep, slot: Int, isOver: Bool, _ configuration: InContextConfiguration) {
    running[slot].append(step)
    guard isOver else { return }
    let episode = running[slot]
    running[slot] = []
    episodes.append(episode)
    remembered += episode.count
    while remembered > configuration.rememberedSteps, episodes.count > 1 { remembered -= episodes.removeFirst().count }
    let value = episode.reversed().reduce(0.0) { Double($1.reward) + configuration.discount * $0 }
    if !configuration.keepsSuccesses || value > configuration.successReturn {
      recent.append(episode)
      if recent.count > configuration.recentEpisodes { recent.removeFirst() }
    }
  }

  /// Whether every action was tried.
  func knowsActions(_ count: Int) -> Bool {
    var tried = Set<Int>()
    for episode in episodes {
      for step in episode { tried.insert(step.action) }
      if tried.count == count { return true }
    }
    return false
  }

  /// Arrays under `episodes`, `recent` and `running`.
  func save(to state: inout SavedState) {
    for (name, episodes) in [("episodes", episodes), ("recent", recent), ("running", running)] {
      var part = SavedState()
      let steps = episodes.flatMap(\.self)
      part.set("lengths", episodes.map { Int64($0.count) })
      part.set("actions", steps.map { Int32($0.action) })
      part.set("rewards", steps.map(\.reward))
      part.set("done", steps.map { $0.isDone ? UInt8(1) : 0 })
      let texts = steps.flatMap { [$0.state.fact, $0.state.hint, $0.next.fact, $0.next.hint] }
      part.set("texts", Array(texts.joined(separator: "\n").utf8))
      state.set(prefix: name, part)
    }
  }

  /// - Throws: `UserError` when an array is missing or they do not belong together.
  mutating func restore(from state: SavedState, _ rules: TextRules) throws {
    func read(_ name: String) throws -> [[TextStep]] {
      let part = state.get(prefix: name)
      let lengths: [Int64] = try part.get("lengths")
      let count = try SavedSizes.sum(lengths)
      let actions: [Int32] = try part.get("actions", count: count)
      let rewards: [Float] = try part.get("rewards", count: count)
      let done: [UInt8] = try part.get("done", count: count)
      let texts = String(decoding: try part.get("texts", as: UInt8.self), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard texts.count == 4 * count || count == 0, actions.allSatisfy({ rules.actions.indices.contains(Int($0)) })
      else { throw UserError("the checkpoint's steps lack their texts", fix: "Use another checkpoint") }
      var steps: [TextStep] = []
      for index in 0..<count {
        let text = texts[(4 * index)..<(4 * index + 4)]
        let first = text.startIndex
        steps.append(
          TextStep(
            .init(text[first], hint: text[first + 1]), action: Int(actions[index]), reward: rewards[index],
            isDone: done[index] != 0, next: .init(text[first + 2], hint: text[first + 3]), rules))
      }
      var start = 0
      return lengths.map { length in
        defer { start += Int(length) }
        return Array(steps[start..<start + Int(length)])
      }
    }
    episodes = try read("episodes")
    recent = try read("recent")
    let slots = running.count
    running = try read("running")
    guard running.count == slots else {
      throw UserError("the checkpoint is of \(running.count) slots, not \(slots)", fix: "Use its configuration")
    }
    remembered = episodes.reduce(0) { $0 + $1.count }
  }
}

/// Sizes that a file says.
private enum SavedSizes {
  static func sum(_ sizes: [Int64]) throws(UserError) -> Int {
    guard sizes.allSatisfy({ (0...1 << 32).contains($0) }), sizes.count < 1 << 24 else {
      throw UserError("the checkpoint's episodes have impossible lengths", fix: "Use another checkpoint")
    }
    return Int(sizes.reduce(0, +))
  }
}
