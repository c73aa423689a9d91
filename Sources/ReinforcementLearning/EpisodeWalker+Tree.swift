/// Episodes of one start that share their first steps, as a tree of steps: how an archive keeps the ways to its cells.
public struct EpisodeTree: Sendable {
  /// By step, the step before it; -1 for the first of an episode.
  public var previous: [Int32]
  /// `[steps, width]`
  public var actions: [Float]

  /// A tree of those steps.
  ///
  /// - Parameters:
  ///   - previous: By step, a smaller number or -1.
  ///   - actions: `[steps, width]`; numbers that are no whole action a step stop the program.
  public init(previous: [Int32], actions: [Float]) {
    precondition(previous.isEmpty ? actions.isEmpty : actions.count.isMultiple(of: previous.count), "an action a step")
    (self.previous, self.actions) = (previous, actions)
  }
}

extension EpisodeWalker {
  /// Steps all episodes of a tree again from a seed; steps that episodes share are taken once.
  ///
  /// Branches are walked depth first. A state is copied where a branch forks, and given up at its end, so there are
  /// never more copies than forks on one path.
  ///
  /// - Parameter body: Called once for the start, with step -1, and once for each step: the step, and the number of the
  ///   state that it led to in the arena, where it stands for the time of the call.
  public static func walk(
    _ tree: EpisodeTree, of recipe: EnvironmentRecipe, seed: UInt64,
    _ body: (_ step: Int, _ state: Int, _ arena: SnapshotArena) -> Void
  ) {
    let arena = recipe.makeArena(capacity: 64, fields: [])
    let scratch = SnapshotArena.Scratch(recipe.specification)
    let width = scratch.actions.width
    let count = tree.previous.count
    precondition(tree.actions.count == count * width, "a tree of steps of another environment")
    // Children by step, the start's at 0, as linked lists in the order of their numbers.
    var firstChild = [Int32](repeating: -1, count: count + 1)
    var nextSibling = [Int32](repeating: -1, count: count)
    for step in (0..<count).reversed() {
      let parent = Int(tree.previous[step]) + 1
      nextSibling[step] = firstChild[parent]
      firstChild[parent] = Int32(step)
    }
    arena.start(0, seed: seed)
    body(-1, 0, arena)
    var free: [Int] = []
    var used = 1
    // Steps to take, each with the snapshot from which.
    var pending: [(step: Int32, state: Int)] = []
    if firstChild[0] >= 0 { pending.append((firstChild[0], 0)) }
    while let (step, source) = pending.popLast() {
      let sibling = nextSibling[Int(step)]
      var target = source
      if sibling >= 0 {
        target = free.popLast() ?? used
        if target == used { used += 1 }
        if used > arena.capacity { arena.reserve(used * 2) }
        pending.append((sibling, source))
      }
      scratch.set(tree.actions[Int(step) * width..<(Int(step) + 1) * width])
      _ = arena.advance(source, to: target, scratch)
      body(Int(step), target, arena)
      let child = firstChild[Int(step) + 1]
      if child >= 0 { pending.append((child, target)) } else { free.append(target) }
    }
  }
}
