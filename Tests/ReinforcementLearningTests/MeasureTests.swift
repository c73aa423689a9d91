import Groundwork
import Testing

@testable import ReinforcementLearning

@Suite("Measures, added up where episodes run") struct MeasureTests {
  private static func double(_ name: String, _ accumulation: Measure.Accumulation, hasCurve: Bool = false) -> Measure {
    Measure(name, of: .field("double", element: 0), accumulation, hasCurve: hasCurve, summary: "2k")
  }

  /// One of every kind. After step k the signal `double` is 2k.
  private static let all: [Measure] = [
    .success, .return(), .length(), double("last", .last), double("most", .maximum),
    double("sum", .sum, hasCurve: true), double("ever", .any),
    Measure("meanReward", of: .environmentReturn, .mean, summary: "of a step"),
    Measure("successes", of: .success, .sum, .lower, hasCurve: true, summary: "steps that were a success"),
    .successAtEnd,
  ]

  /// The records of two slots that play so many steps in rollouts of `steps`.
  private static func records(
    total: Int, steps: Int, recording: EpisodeRecording = .actions,
    change: (inout CountingEnvironment.Configuration) -> Void
  ) throws -> [EpisodeRecord] {
    let recipe = try CountingEnvironment.recipe {
      $0.measures = all
      change(&$0)
    }
    let batch = recipe.makeBatch(slots: 2, seed: 9)
    batch.recording = recording
    let rollout = batch.makeRollout(steps: steps)
    batch.reset(rollout)
    var records: [EpisodeRecord] = []
    for start in stride(from: 0, to: total, by: steps) {
      for time in 0..<steps {
        for slot in 0..<2 { rollout.actions.discrete[time * 2 + slot] = Int32((start + time + slot) % 3) }
      }
      rollout.fill(by: batch)
      records += batch.absorb(rollout)
      rollout.carry()
    }
    return records
  }

  @Test("several episodes of a rollout, or one over several rollouts, have the sums that hand gives")
  func sums() throws {
    let whole = try Self.records(total: 30, steps: 30) { $0.length = 5 }
    #expect(whole.count == 12)
    #expect(zip(whole, whole.dropFirst()).allSatisfy { ($0.time, $0.slot) < ($1.time, $1.slot) })
    for record in whole {
      let rewards = record.actions.enumerated().map { Double(Float($0.element) + Float($0.offset) / 10) }
      let sum = rewards.reduce(0, +)
      let succeeded = record.actions[4] == 2 ? 1.0 : 0
      #expect(record.environmentReturn == sum && record.success == (succeeded == 1))
      #expect(record.measures == [succeeded, sum, 5, 10, 10, 30, 1, sum / 5, succeeded, succeeded])
      #expect(record.curves == [[], [], [], [], [], [2, 6, 30], [], [], [0, 0, succeeded], []])
    }
    #expect(Set(whole.map(\.success)) == [true, false])
    for steps in [1, 3, 10] {
      var parts = try Self.records(total: 30, steps: steps) { $0.length = 5 }
      for index in parts.indices { parts[index].time = whole[index].time }
      #expect(parts == whole, "rollouts of \(steps) steps")
    }
  }

  @Test("a success on the way counts, and not at the end; one at the end is both")
  func successAtEnd() throws {
    for (step, atEnd) in [(3, 0.0), (5, 1)] {
      for steps in [1, 4, 10] {
        let records = try Self.records(total: 10, steps: steps) {
          ($0.length, $0.successStep, $0.measures) = (5, step, [.success, .successAtEnd])
        }
        #expect(records.count == 4 && records.allSatisfy { $0.measures == [1, atEnd] }, "\(step), \(steps)")
      }
    }
    #expect(Measure.successAtEnd.isRate && !Measure.return().isRate)
  }

  @Test("what a truncated episode's last observation shows is read, not the next episode's first")
  func truncation() throws {
    let records = try Self.records(total: 8, steps: 8) { $0.length = 0; $0.timeLimit = 4 }
    #expect(records.count == 4)
    for record in records {
      #expect(record.outcome == .truncated && record.length == 4 && record.measures[3] == 8 && record.measures[5] == 20)
      #expect(record.curves[5] == [2, 6], "a curve has no point that the episode did not reach")
    }
  }

  @Test("without actions the measures are the same, and nothing is recorded where nothing is asked for")
  func recording() throws {
    let whole = try Self.records(total: 30, steps: 10) { $0.length = 5 }
    var returns = try Self.records(total: 30, steps: 10, recording: .returns) { $0.length = 5 }
    #expect(returns.allSatisfy { $0.actions.isEmpty })
    for index in returns.indices { returns[index].actions = whole[index].actions }
    #expect(returns == whole)
    let none = try Self.records(total: 30, steps: 10, recording: .none) { $0.length = 5 }
    #expect(none.isEmpty)
    let recipe = try CountingEnvironment.recipe { $0.measures = Self.all }
    let batch = recipe.makeBatch(slots: 1, seed: 1)
    #expect(batch.makeRollout(steps: 1).layout.place("double") != nil)
    batch.recording = .none
    #expect(batch.makeRollout(steps: 1).layout.place("double") == nil)
    let plain = try CountingEnvironment.recipe().makeBatch(slots: 1, seed: 1)
    #expect(plain.makeRollout(steps: 1).layout.place("double") == nil)
  }

  @Test("a restored batch goes on with totals and curves; without actions only between episodes")
  func restore() throws {
    let recipe = try CountingEnvironment.recipe { $0.length = 5; $0.measures = Self.all }
    for (recording, steps) in [(EpisodeRecording.actions, 3), (.returns, 5), (.returns, 3)] {
      let batch = recipe.makeBatch(slots: 2, seed: 5)
      batch.recording = recording
      let rollout = batch.makeRollout(steps: steps)
      batch.reset(rollout)
      rollout.fillActions()
      rollout.fill(by: batch)
      _ = batch.absorb(rollout)
      rollout.carry()
      var state = SavedState()
      batch.save(to: &state)
      let other = recipe.makeBatch(slots: 2, seed: 5)
      other.recording = recording
      let otherRollout = other.makeRollout(steps: steps)
      if recording == .returns && steps == 3 {
        #expect {
          try other.restore(from: state, rollout: otherRollout)
        } throws: {
          ($0 as? UserError)?.reason
            == "the checkpoint was written in the middle of episodes whose actions were not recorded"
        }
        continue
      }
      try other.restore(from: state, rollout: otherRollout)
      var records: [[EpisodeRecord]] = []
      for (batch, rollout) in [(batch, rollout), (other, otherRollout)] {
        rollout.fillActions()
        rollout.fill(by: batch)
        records.append(batch.absorb(rollout))
      }
      #expect(records[0] == records[1] && records[0].count == 2)
    }
  }

  @Test("curves have points after 1, 2 and 5 times the powers of ten")
  func curveSteps() {
    #expect(Measure.curveSteps(8) == [1, 2, 5, 10, 20, 50, 100, 200])
    let steps = Array(sequence(first: 1) { Measure.curveStep(after: $0) }.prefix { $0 <= 5000 })
    #expect(steps == Measure.curveSteps(steps.count))
    for step in [0, 1, 2, 4, 5, 19, 20, 999, 1000] {
      #expect(Measure.curvePoints(upTo: step) == steps.filter { $0 <= step }.count, "\(step)")
    }
  }

  @Test("a record that an agent made has what return, length and success give, and says of the rest that it is unknown")
  func ownRecords() throws {
    let specification = try CountingEnvironment.recipe { $0.measures = Self.all }.specification
    let record = EpisodeRecord(
      slot: 0, time: 0, episode: 0, seed: 1, length: 7, environmentReturn: 2.5, success: true,
      outcome: .terminated, actions: [])
    let measures = record.withMeasures(of: specification).measures
    #expect(Array(measures[..<3]) == [1, 2.5, 7] && measures[3...].allSatisfy { $0.isNaN })
    var window = EpisodeWindow(specification)
    window.add([record.withMeasures(of: specification)])
    #expect(window.metrics.map(\.name) == ["episode/success", "episode/return", "episode/length", "episode/count"])
  }

  @Test("the window averages the last hundred episodes of each measure and is restored as it was")
  func window() throws {
    let specification = try CountingEnvironment.recipe().specification
    func record(_ number: Int) -> EpisodeRecord {
      EpisodeRecord(
        slot: 0, time: 0, episode: 0, seed: 1, length: number, environmentReturn: 0, success: true,
        outcome: .terminated, actions: [], measures: [Double(number), 1])
    }
    var window = EpisodeWindow(specification)
    #expect(window.metrics == [Metric(.episodeCount, 0)])
    for number in 0..<150 { window.add([record(number)]) }
    window.noteSuccess(step: 3)
    #expect(
      window.metrics == [Metric(.episode("return"), 99.5), Metric(.episode("length"), 1), Metric(.episodeCount, 150)],
      "no first success where success is no measure")
    var state = SavedState()
    window.save(to: &state)
    var other = EpisodeWindow(specification)
    try other.restore(from: state)
    #expect(other.metrics == window.metrics)
    var success = EpisodeWindow(try CountingEnvironment.recipe { $0.measures = [.success] }.specification)
    success.noteSuccess(step: 3)
    success.noteSuccess(step: 4)
    #expect(success.metrics.contains(Metric(.episodeFirstSuccess, 3)))
  }

  @Test("an evaluation averages each measure and its curve, and its median follows the direction")
  func evaluation() {
    func record(_ value: Double, _ total: Double, _ curve: [Double]) -> EpisodeRecord {
      EpisodeRecord(
        slot: 0, time: 0, episode: 0, seed: UInt64(value), length: 1, environmentReturn: total, success: false,
        outcome: .terminated, actions: [], measures: [value], curves: [curve])
    }
    let cost = Measure("cost", of: .environmentReturn, .sum, .lower, hasCurve: true, summary: "")
    var evaluation = Evaluation(
      episodes: [record(1, 0, [1]), record(2, 0, [2, 4]), record(3, 0, [3, 8]), record(6, 0, [6])], measures: [cost])
    #expect(evaluation.means == [3])
    #expect(evaluation.meanCurve(ofMeasure: 0).map(\.step) == [1, 2])
    #expect(evaluation.meanCurve(ofMeasure: 0).map(\.mean) == [3, 6])
    // Of the two in the middle the worse one: 3 where less is better, 2 where more is.
    #expect(evaluation.medianEpisode?.seed == 3)
    evaluation.measures[0].direction = .higher
    #expect(evaluation.medianEpisode?.seed == 2)
    evaluation.episodes = [record(1, 5, []), record(1, 4, []), record(1, 6, [])]
    #expect(evaluation.medianEpisode?.environmentReturn == 5)
  }
}
