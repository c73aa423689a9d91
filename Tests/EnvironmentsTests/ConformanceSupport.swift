import Catalog
import Glibc
import Groundwork
import ReinforcementLearning

/// Every environment's id, in the catalog's order: for tests that take milliseconds an id.
let everyEnvironment = Catalog.environments.map(\.id)

/// An id for each piece of code (`EnvironmentListing.isRepresentative`): for tests that play on and on.
///
/// `FORAGE_TEST_ALL=1` (`make test-all`) makes it every environment.
let sampledEnvironments =
  (getenv("FORAGE_TEST_ALL").map { String(cString: $0) } == "1"
    ? everyEnvironment : Catalog.environments.filter(\.isRepresentative).map(\.id)) + stackedEnvironments

/// What shows its last observations at once: bytes, numbers, text, goals, opponents, mazes and puzzles.
let stackedEnvironments = [
  "gridworld/DoorKey-5x5(frameStack=4)", "gridworld/Dynamic-Obstacles-6x6(frameStack=2)",
  "gridworld/GoToObject-6x6-N2(frameStack=3)", "control/CartPole(frameStack=4)", "control/Pendulum(frameStack=2)",
  "domain/Snake(frameStack=3)", "domain/LavaMine(frameStack=2)", "board/ConnectFour(frameStack=2)",
  "puzzle/GameOf24(frameStack=3)",
]

private let recipes = Dictionary(
  uniqueKeysWithValues: Catalog.environments.map { listing in (listing.id, Result { try listing.recipe() }) })

/// The environment of that id with its default configuration, or of an id with settings.
func recipe(_ id: String) throws -> EnvironmentRecipe { try recipes[id]?.get() ?? Catalog.recipe(id) }

/// A batch that plays random legal actions, and the rollout that it fills.
struct RandomPlay {
  let batch: EnvironmentBatch
  let rollout: Rollout
  var random: RandomSource
  private(set) var time = 0

  /// - Parameter signals: Nil for all that the environment has.
  init(
    _ recipe: EnvironmentRecipe, slots: Int = 1, firstSlot: Int = 0, seed: UInt64 = 1, steps: Int,
    signals: [String]? = nil,
    actions: UInt64 = 11
  ) {
    batch = recipe.makeBatch(slots: slots, firstSlot: firstSlot, seed: seed)
    rollout = batch.makeRollout(steps: steps, signals: signals ?? recipe.specification.signals.map(\.name))
    random = RandomSource(seed: actions)
    batch.reset(rollout)
  }

  /// Draws an action for every slot and steps.
  mutating func step() {
    for slot in 0..<rollout.slots { choose(slot) }
    batch.step(rollout, at: time)
    time += 1
  }

  /// Steps until the rollout is full.
  mutating func finish() {
    while time < rollout.steps { step() }
  }

  /// Steps until an episode of slot 0 ends or the rollout is full; whether one ended.
  mutating func playToEnd() -> Bool {
    while time < rollout.steps {
      step()
      if rollout.outcomes[(time - 1) * rollout.slots] != 0 { return true }
    }
    return false
  }

  /// Steps with the actions of another play's step.
  mutating func step(like other: Rollout, at otherTime: Int) {
    for slot in 0..<rollout.slots {
      let place = time * rollout.slots + slot
      let otherPlace = otherTime * other.slots + min(slot, other.slots - 1)
      if rollout.isDiscrete {
        rollout.actions.discrete[place] = other.actions.discrete[otherPlace]
      } else {
        let width = rollout.actions.width
        for element in 0..<width {
          rollout.actions.continuous[place * width + element] = other.actions.continuous[otherPlace * width + element]
        }
      }
    }
    batch.step(rollout, at: time)
    time += 1
  }

  /// Makes the last row the first and goes on.
  mutating func carry() {
    rollout.carry()
    time = 0
  }

  private mutating func choose(_ slot: Int) {
    let place = time * rollout.slots + slot
    if rollout.isDiscrete {
      var action = random.integer(in: 0..<rollout.actionCount)
      if let mask = rollout.mask(time: time, slot: slot), mask.contains(true) {
        while !mask[action] { action = random.integer(in: 0..<rollout.actionCount) }
      }
      rollout.actions.discrete[place] = Int32(action)
    } else if case .continuous(let low, let high) = batch.specification.actions {
      for element in low.indices {
        rollout.actions.continuous[place * low.count + element] = Float(
          random.uniform(Double(low[element]), Double(high[element])))
      }
    }
  }
}

extension Rollout {
  /// The fields' bytes of a row, without what lies between them.
  func bytes(_ row: UnsafeMutableRawPointer) -> [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(layout.rowBytes + 64)
    for place in layout.places {
      all += UnsafeRawBufferPointer(start: row + place.offset, count: place.field.count * place.field.element.size)
    }
    return all
  }

  func bytes(time: Int, slot: Int = 0) -> [UInt8] { bytes(observation(time: time, slot: slot)) }

  /// Everything that one slot's step shows: next row, mask, reward, outcome, success.
  func shown(time: Int, slot: Int = 0) -> [UInt8] {
    let place = time * slots + slot
    var all = bytes(nextObservation(time: time, slot: slot))
    withUnsafeBytes(of: rewards[place].bitPattern) { all += $0 }
    all.append(outcomes[place])
    all.append(successes[place] ? 1 : 0)
    if let mask = mask(time: time + 1, slot: slot) { all += mask.map { $0 ? 1 : 0 } }
    return all
  }

  /// All of a slot's rows, rewards and outcomes.
  func everything(slot: Int = 0) -> [[UInt8]] {
    [bytes(time: 0, slot: slot)] + (0..<steps).map { shown(time: $0, slot: slot) + bytes(time: $0 + 1, slot: slot) }
  }
}

/// Enough steps for an episode of that environment to end, at most 10,000.
func stepsToEnd(_ recipe: EnvironmentRecipe) -> Int { min(10_000, (recipe.specification.timeLimit ?? 2_000) + 1) }
