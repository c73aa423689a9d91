import CAllocationCounter
import Experiments
import Groundwork
import ReinforcementLearning
import Synchronization

/// What an environment costs: steps with their observations, resets, snapshots, allocations.
///
/// Every figure is the median of a few measurements of `seconds` each.
struct EnvironmentBench {
  /// The id, with settings where it was given some.
  let name: String
  /// What is measured.
  let recipe: EnvironmentRecipe
  /// Seconds of one measurement.
  let seconds: Double
  /// Measurements of every figure.
  let repeats: Int

  /// Slots of a worker's batch.
  let slots: Int

  /// Slots of a batch where nobody says otherwise, and steps of a rollout, for every environment the same.
  static let usualSlots = 64
  /// A rollout is 8,192 steps, so that resets of most environments fall into it as often as in training.
  static let steps = 128

  /// The figures of one environment.
  struct Result: Sendable {
    /// The id, with settings where it was given some.
    var id: String
    /// Steps a second of all workers together, by the number of workers.
    var stepsPerSecond: [(workers: Int, value: Double)]
    /// Resets a second of one slot, each with a seed of its own.
    var resetsPerSecond: Double
    /// Copying a slot and the first write to the copy; nil where that is lost in how much steps differ by chance.
    var snapshotNanoseconds: Double?
    /// Inline bytes and what the first write copies.
    var snapshotBytes: Int
    /// Heap allocations over steps; those of resets that fall into the measurement count, too, as they do in
    /// training.
    var allocationsPerStep: Double
    /// Pictures of 480 x 480 pixels a second; nil where there is no renderer.
    var picturesPerSecond: Double?

    /// `{id, stepsPerSecond: {workers: value}, resetsPerSecond, snapshotNanoseconds, snapshotBytes,
    /// allocationsPerStep}`, and where there is a renderer `picturesPerSecond`; snapshotNanoseconds may be null.
    var json: JSON {
      var document = costs
      if let picturesPerSecond { document["picturesPerSecond"] = .number((picturesPerSecond * 10).rounded() / 10) }
      return document
    }

    private var costs: JSON {
      [
        "id": .string(id),
        "stepsPerSecond": .object(
          Dictionary(stepsPerSecond.map { (String($0.workers), JSON.number($0.value.rounded())) }) { $1 }),
        "resetsPerSecond": .number(resetsPerSecond.rounded()),
        "snapshotNanoseconds": snapshotNanoseconds.map { .number(($0 * 10).rounded() / 10) } ?? .null,
        "snapshotBytes": .integer(snapshotBytes),
        "allocationsPerStep": .number((allocationsPerStep * 1e6).rounded() / 1e6),
      ]
    }
  }

  /// Figures but steps a second are measured on one thread.
  ///
  /// - Parameters:
  ///   - workers: The numbers of workers to measure steps with.
  ///   - report: Told what is measured next.
  /// - Returns: Nil when the program was asked to stop.
  func run(workers: [Int], report: (String) -> Void) -> Result? {
    var rates: [(workers: Int, value: Double)] = []
    for count in workers {
      let pool = Workers(count: count)
      report("steps with \(Format.number(of: count, "worker"))")
      rates.append((count, median { stepsPerSecond(pool) }))
      if Interruption.wasRequested { return nil }
    }
    report("resets")
    let resets = median(resetsPerSecond)
    report("snapshots")
    let snapshot = snapshotCost()
    report("allocations")
    let allocations = allocationsPerStep()
    report("pictures")
    let result = Result(
      id: name, stepsPerSecond: rates, resetsPerSecond: resets, snapshotNanoseconds: snapshot.nanoseconds,
      snapshotBytes: snapshot.bytes, allocationsPerStep: allocations, picturesPerSecond: picturesPerSecond())
    return Interruption.wasRequested ? nil : result
  }

  /// The middle one of the repeats; the greater of two middle ones.
  private func median(_ measure: () -> Double) -> Double {
    // What is stopped is reported by nobody.
    var values = (0..<repeats).map { _ in Interruption.wasRequested ? 0 : measure() }
    values.sort()
    return values[values.count / 2]
  }

  /// A batch with a rollout whose actions are drawn beforehand (or, where actions can be illegal, step by step).
  ///
  /// Drawing beforehand keeps the policy's own cost out of the figure.
  private struct Lane {
    /// The slots of one worker.
    let batch: EnvironmentBatch
    /// Where their steps go; used over and over.
    let rollout: Rollout
    /// Uniform over the legal actions; drawing them is not part of what is measured where every action is
    /// legal.
    var policy: UniformPolicy
    /// The policy's draws, a stream for each worker.
    var random: RandomSource

    /// - Parameters:
    ///   - index: The worker's number; its slots follow those of the workers before it.
    ///   - slots: A batch's number, 1 for copies.
    init(_ recipe: EnvironmentRecipe, index: Int, slots: Int) {
      batch = recipe.makeBatch(slots: slots, firstSlot: index * slots, seed: 1)
      rollout = batch.makeRollout(steps: EnvironmentBench.steps)
      policy = UniformPolicy(recipe.specification)
      random = RandomSource(seed: 1, purpose: .environmentBench, index: index)
      batch.reset(rollout)
      for time in 0..<rollout.steps where !rollout.hasMasks {
        policy.act(on: rollout, at: time, in: batch.view, random: &random)
      }
    }

    /// One rollout, or its beginning where the time is over before its end.
    ///
    /// - Parameter deadline: By `Clock.seconds`; looked at every eight times, which costs nothing beside the steps.
    /// - Returns: Steps of all slots.
    @discardableResult
    mutating func roll(until deadline: Double = .infinity) -> Int {
      for time in 0..<rollout.steps where !Interruption.wasRequested {
        if time % 8 == 0, time > 0, Clock.seconds >= deadline {
          batch.observe(rollout)
          return time * rollout.slots
        }
        if rollout.hasMasks { policy.act(on: rollout, at: time, in: batch.view, random: &random) }
        batch.step(rollout, at: time)
      }
      rollout.carry()
      return rollout.steps * rollout.slots
    }
  }

  /// One measurement: every worker steps a batch of its own until the time is over.
  private func stepsPerSecond(_ pool: Workers) -> Double {
    let total = Atomic<Int>(0)
    // Side by side: a start that is simulated takes milliseconds, and there are as many as all workers' slots.
    var made = [Lane?](repeating: nil, count: pool.count)
    made.withUnsafeMutableBufferPointer { made in
      nonisolated(unsafe) let made = made
      pool.perform(pool.count) { index in
        if !Interruption.wasRequested { made[index] = Lane(recipe, index: index, slots: slots) }
      }
    }
    var lanes = made.compactMap(\.self)
    guard lanes.count == pool.count else { return 0 }
    // What the first steps have to fetch into the caches is no part of the figure.
    for index in lanes.indices { lanes[index].roll(until: Clock.seconds + seconds / 2) }
    let start = Clock.seconds
    lanes.withUnsafeMutableBufferPointer { lanes in
      nonisolated(unsafe) let lanes = lanes
      pool.perform(pool.count) { index in
        var count = 0
        repeat {
          count += lanes[index].roll(until: start + seconds)
        } while Clock.seconds - start < seconds && !Interruption.wasRequested
        total.add(count, ordering: .relaxed)
      }
    }
    return Double(total.load(ordering: .relaxed)) / (Clock.seconds - start)
  }

  /// One measurement of starting episodes, layouts drawn, without observing them.
  private func resetsPerSecond() -> Double {
    let batch = recipe.makeBatch(slots: 1, seed: 1)
    var count: UInt64 = 0
    let start = Clock.seconds
    repeat {
      for _ in 0..<16 {
        batch.start(slot: 0, seed: RandomSource.seed(1, purpose: .benchEpisodes, index: count))
        count += 1
      }
    } while Clock.seconds - start < seconds && !Interruption.wasRequested
    return Double(count) / (Clock.seconds - start)
  }

  /// A copy of a slot in the midst of an episode and the first write to it, less the step that makes that write.
  ///
  /// - Returns: Nanoseconds, nil where steps alone differ by as much or the copy is a fiftieth of a step, and the bytes
  ///   that the value holds itself plus those that the first step after the copy had to allocate: what an archive or a
  ///   tree pays for each state.
  private func snapshotCost() -> (nanoseconds: Double?, bytes: Int) {
    var source = Lane(recipe, index: 0, slots: 1)
    var target = Lane(recipe, index: 1, slots: 1)
    // A few steps into an episode; one that has just ended would be shorter than its kind.
    for time in 0..<min(5, source.rollout.steps) {
      if source.rollout.hasMasks {
        source.policy.act(on: source.rollout, at: time, in: source.batch.view, random: &source.random)
      }
      source.batch.step(source.rollout, at: time)
    }
    func step(_ lane: inout Lane) {
      lane.batch.observe(lane.rollout)
      if lane.rollout.hasMasks { lane.policy.act(on: lane.rollout, at: 0, in: lane.batch.view, random: &lane.random) }
      lane.batch.step(lane.rollout, at: 0)
    }
    func nanoseconds(copies: Bool) -> Double {
      var count = 0
      let start = Clock.seconds
      repeat {
        for _ in 0..<64 {
          if copies { target.batch.copy(slot: 0, of: source.batch, to: 0) }
          step(&target)
        }
        count += 64
      } while Clock.seconds - start < seconds / 2 && !Interruption.wasRequested
      return (Clock.seconds - start) / Double(count) * 1e9
    }
    var (plain, costs): ([Double], [Double]) = ([], [])
    let cost = median {
      plain.append(nanoseconds(copies: false))
      costs.append(nanoseconds(copies: true) - plain.last!)
      return costs.last!
    }
    let (least, most) = (plain.min() ?? 0, plain.max() ?? 0)
    target.batch.copy(slot: 0, of: source.batch, to: 0)
    let before = forage_allocated_bytes()
    step(&target)
    let copied = forage_allocated_bytes() - before
    // Each of the measurements says so, not only the middle one: of a few noisy figures two may lie close by chance.
    return ((costs.min() ?? 0) > max(most - least, least / 50) ? cost : nil, source.batch.inlineBytes + Int(copied))
  }

  /// One measurement of a renderer's pictures of a running episode, steps included; nil where there is none.
  private func picturesPerSecond() -> Double? {
    guard recipe.isDrawable else { return nil }
    var lane = Lane(recipe, index: 0, slots: 1)
    guard lane.batch.sketch(slot: 0).view?.isAvailable == true else { return nil }
    lane.roll()
    var count = 0
    let start = Clock.seconds
    repeat {
      lane.batch.step(lane.rollout, at: count % lane.rollout.steps)
      guard let view = lane.batch.sketch(slot: 0).view,
        (try? view.pixels(.init(), width: 480, height: 480)) != nil
      else { return nil }
      count += 1
    } while Clock.seconds - start < seconds && !Interruption.wasRequested
    return Double(count) / (Clock.seconds - start)
  }

  /// Allocations of a step, resets that fall into the rollouts included.
  private func allocationsPerStep() -> Double {
    var lane = Lane(recipe, index: 0, slots: slots)
    lane.roll(until: Clock.seconds + seconds / 2)
    let before = forage_allocations()
    let start = Clock.seconds
    var count = 0
    for _ in 0..<4 where count == 0 || Clock.seconds - start < seconds { count += lane.roll(until: start + seconds) }
    return Double(forage_allocations() - before) / Double(count)
  }
}
