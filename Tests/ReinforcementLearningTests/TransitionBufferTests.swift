import Groundwork
import ReinforcementLearning
import Testing

@Suite("Transitions and their buffer")
struct TransitionBufferTests {
  /// Two batches of two slots whose episodes end after three steps, in rollouts of four.
  private struct Source {
    let recipe: EnvironmentRecipe
    let collector: Collector
    private var policies: [UniformPolicy]

    init(masks: Bool = true) throws {
      recipe = try CountingEnvironment.recipe {
        $0.length = 3
        $0.masks = masks
      }
      collector = try Collector(recipe: recipe, slots: 4, batches: 2, steps: 4, signals: ["double"], seed: 2)
      policies = (0..<2).map { [recipe] _ in UniformPolicy(recipe.specification) }
    }

    mutating func collect() throws -> [Rollout] {
      _ = try collector.collect(&policies, workers: Workers(count: 1))
      return collector.rollouts
    }

    func collectOnce() throws -> [Rollout] {
      var copy = self
      return try copy.collect()
    }

    func buffer(capacity: Int, outputs: [PolicyOutput] = []) -> TransitionBuffer {
      TransitionBuffer(
        specification: recipe.specification, signals: ["double"], slots: 4, capacity: capacity, outputs: outputs)
    }
  }

  /// Everything that a transition says, as numbers.
  private func facts(_ transitions: Transitions, _ index: Int) -> [Double] {
    let place = transitions.layout.place("observation")!
    let double = transitions.layout.place("double")!
    let mask = transitions.mask(index).map { $0.map { $0 ? 1.0 : 0 } } ?? []
    let next = transitions.nextMask(index).map { $0.map { $0 ? 1.0 : 0 } } ?? []
    return [
      Rollout.read(transitions.before(index), place), Rollout.read(transitions.after(index), place),
      Rollout.read(transitions.after(index), double), Double(transitions.reward(index)),
      Double(transitions.outcome(index).rawValue), transitions.success(index) ? 1 : 0,
      Double(transitions.discreteAction(index)), transitions.startsEpisode(index) ? 1 : 0,
    ] + mask + next
  }

  private func facts(_ transitions: Transitions) -> [[Double]] {
    (0..<transitions.count).map { facts(transitions, $0) }
  }

  /// What the rollouts of one collection say, step by step over all slots as the buffer orders them.
  private func facts(_ rollouts: [Rollout], fromStarts: Bool) -> [[Double]] {
    let views = rollouts.map { Transitions($0, fromStarts: fromStarts) }
    return (0..<rollouts[0].steps).flatMap { time in
      zip(rollouts, views).flatMap { rollout, view in
        (0..<rollout.slots).map { facts(view, time * rollout.slots + $0) }
      }
    }
  }

  @Test("the buffer says of every step what the rollout said, final rows and the steps after them too")
  func same() throws {
    var source = try Source()
    let buffer = source.buffer(capacity: 8)
    let rollouts = try source.collect()
    buffer.append(rollouts)
    #expect(buffer.count == 16)
    #expect(facts(buffer.transitions) == facts(rollouts, fromStarts: true))
    // Steps to the third end an episode: their rows show 3, and the next step starts from 0.
    let ended = (0..<16).filter { buffer.transitions.outcome($0) == .terminated }
    #expect(ended.count == 4)
    for index in ended {
      #expect(facts(buffer.transitions, index)[1] == 3)
      #expect(facts(buffer.transitions, index + 4)[0] == 0)
      #expect(buffer.transitions.startsEpisode(index + 4))
    }
  }

  @Test("a buffer takes rollouts in whose rows hold a signal more, without it, and is the same restored")
  func longerRows() throws {
    var source = try Source()
    func empty() -> TransitionBuffer {
      TransitionBuffer(specification: source.recipe.specification, slots: 4, capacity: 8)
    }
    let (lean, whole) = (empty(), source.buffer(capacity: 8))
    for _ in 0..<3 {
      let rollouts = try source.collect()
      lean.append(rollouts)
      whole.append(rollouts)
    }
    #expect(lean.layout.place("double") == nil && lean.layout.rowBytes < whole.layout.rowBytes)
    var state = SavedState()
    lean.save(to: &state)
    let restored = empty()
    try restored.restore(from: state)
    for buffer in [lean, restored] {
      let (shown, expected) = (buffer.transitions, whole.transitions)
      let (own, place) = (shown.layout.place("observation")!, expected.layout.place("observation")!)
      for index in 0..<expected.count {
        #expect(Rollout.read(shown.before(index), own) == Rollout.read(expected.before(index), place))
        #expect(Rollout.read(shown.after(index), own) == Rollout.read(expected.after(index), place))
        #expect(shown.startsEpisode(index) == expected.startsEpisode(index))
        #expect(shown.outcome(index) == expected.outcome(index))
      }
    }
  }

  @Test("the later steps of an episode end with it, with what is held, and where something else was appended")
  func laterSteps() throws {
    var source = try Source()
    let buffer = source.buffer(capacity: 8)
    buffer.append(try source.collect())
    // Episodes of three steps, collections of four: 0 1 2 | 0.
    #expect((0..<4).map { buffer.laterSteps(of: 4 * $0 + 1) } == [2, 1, 0, 0])
    buffer.append(try source.collect())
    // 0 1 2 | 0 1 2 | 0 1
    #expect((0..<8).map { buffer.laterSteps(of: 4 * $0 + 2) } == [2, 1, 0, 2, 1, 0, 1, 0])
    var other = try Source()
    _ = try other.collect()
    let apart = source.buffer(capacity: 8)
    apart.append(try other.collect())
    apart.append(try Source().collectOnce())
    // 1 2 | 0 1 broken off | 0 1 2 | 0
    #expect((0..<8).map { apart.laterSteps(of: 4 * $0) } == [1, 0, 1, 0, 2, 1, 0, 0])
  }

  @Test("a ring that is full keeps the last steps, wherever they lie in it", arguments: [1, 3, 4, 5, 7])
  func wrapAround(capacity: Int) throws {
    var source = try Source()
    let buffer = source.buffer(capacity: capacity)
    var all: [[Double]] = []
    for round in 0..<5 {
      let rollouts = try source.collect()
      buffer.append(rollouts)
      // A rollout alone does not know whether its first steps start an episode; in this task those from 0 do.
      all += facts(rollouts, fromStarts: false).map { fact in
        var fact = fact
        fact[7] = fact[0] == 0 ? 1 : 0
        return fact
      }
      let held = min(capacity, (round + 1) * 4)
      #expect(buffer.held == held)
      #expect(facts(buffer.transitions) == Array(all.suffix(held * 4)))
    }
  }

  @Test("memory stays within its bound, however many episodes end")
  func memory() throws {
    var source = try Source()
    let buffer = source.buffer(capacity: 6)
    for _ in 0..<5 { buffer.append(try source.collect()) }
    let bytes = buffer.bytes
    for _ in 0..<20 { buffer.append(try source.collect()) }
    #expect(buffer.bytes == bytes)
    #expect(bytes <= (6 + 1) * 4 * (2 * buffer.layout.rowBytes + 32))
  }

  @Test("rollouts that do not go on from what is held leave the last step's row as it was")
  func interruption() throws {
    var first = try Source()
    var other = try Source()
    let buffer = first.buffer(capacity: 8)
    let rollouts = try first.collect()
    buffer.append(rollouts)
    let before = facts(buffer.transitions)
    _ = try other.collect()
    let later = try other.collect()
    buffer.append([later[1], later[0]], fromStarts: false)
    let after = facts(buffer.transitions)
    // Only what may be done next is no longer known there.
    for index in 0..<16 { #expect(after[index].prefix(8) == before[index].prefix(8)) }
  }

  @Test("a restored buffer goes on as the saved one does, and draws the same")
  func saving() throws {
    var source = try Source()
    let output = PolicyOutput("probability", width: 2)
    let buffer = source.buffer(capacity: 5, outputs: [output])
    func outputs(_ start: Int) -> [[[Float]]] {
      (0..<2).map { rollout in [(0..<16).map { Float(start + 100 * rollout + $0) }] }
    }
    for round in 0..<3 { buffer.append(try source.collect(), outputs: outputs(1000 * round)) }
    var state = SavedState()
    buffer.save(to: &state)
    let restored = source.buffer(capacity: 5, outputs: [output])
    try restored.restore(from: SavedState(safetensors: state.safetensors(), name: "test"))
    let next = try source.collect()
    for buffer in [buffer, restored] { buffer.append(next, outputs: outputs(9000)) }
    #expect(facts(restored.transitions) == facts(buffer.transitions))
    for index in 0..<buffer.count {
      let values = try #require(buffer.transitions.output("probability", index))
      let again = try #require(restored.transitions.output("probability", index))
      #expect(values.elementsEqual(again))
    }
    #expect(buffer.transitions.output("nothing", 0) == nil)
    #expect(buffer.transitions.output("probability", buffer.count - 1)?[1] == 9115)
    var randoms = [RandomSource(seed: 4), RandomSource(seed: 4)]
    let numbers = buffer.sample(40, random: &randoms[0])
    #expect(numbers == restored.sample(40, random: &randoms[1]))
    #expect(Set(numbers).count > 10 && numbers.allSatisfy { (0..<20).contains($0) })
    #expect(facts(buffer.transitions(at: numbers)) == numbers.map { facts(buffer.transitions)[$0] })
    let other = source.buffer(capacity: 4)
    #expect(throws: UserError.self) { try other.restore(from: state) }
  }

  @Test("steps lead back to their episode's start")
  func previous() throws {
    var source = try Source()
    let view = Transitions(try source.collect()[0], fromStarts: true)
    // Two slots; every third step ends an episode.
    #expect((0..<8).map { view.previous($0) } == [nil, nil, 0, 1, 2, 3, nil, nil])
    #expect((0..<8).map { view.startsEpisode($0) } == [true, true, false, false, false, false, true, true])
  }
}
