import ReinforcementLearning
import Testing

@testable import Experiments

@Suite("Steps to the first success") struct FirstSuccessTests {
  private static func run(_ seed: UInt64, first: Int?, trained: Int = 1000) -> RunSummary {
    RunSummary(
      seed: seed, curve: [], final: first == nil ? [0, 0] : [1, 1], episodes: 1, wallSeconds: 1, stepsPerSecond: 1,
      firstSuccess: first, trainedSteps: trained)
  }

  private static func figures(_ arms: [[Int?]]) -> ComparisonFigures {
    ComparisonFigures(
      ComparisonSummary(
        title: "", date: "", commandLine: "", agent: "", steps: 1000,
        environments: [
          EnvironmentSummary(
            id: "a/B", measures: [.success, .return()],
            arms: arms.enumerated().map { index, firsts in
              ArmSummary(name: "arm \(index)", runs: firsts.enumerated().map { run(UInt64($0), first: $1) })
            })
        ]))
  }

  @Test("mean and median are over runs; a run without a success counts with all its steps and makes them lower bounds")
  func figures() throws {
    let arms = Self.figures([[100, 200, 600], [400, nil, 700]]).environments[0].arms
    let first = try #require(arms[0].firstSuccess)
    #expect(first.mean.value == 300 && first.median.value == 200 && first.succeeded == 3)
    let interval = try #require(first.mean.interval)
    #expect(interval.low >= 100 && interval.high <= 600 && interval.contains(300))
    #expect(first.medianText == "200 [100, 600]")
    let other = try #require(arms[1].firstSuccess)
    #expect(other.mean.value == 700 && other.succeeded == 2 && other.steps == [400, nil, 700])
    #expect(other.meanText.hasPrefix("≥ 700 ["))
  }

  @Test("where no run succeeded there is no table, and the other figures do not depend on it")
  func none() {
    #expect(Self.figures([[nil, nil], [nil, nil]]).environments[0].firstSuccessRows == nil)
    let with = Self.figures([[100, 200], [300, 400]]).environments[0].arms
    let other = Self.figures([[150, 250], [350, 450]]).environments[0].arms
    #expect(with.map(\.measures) == other.map(\.measures))
  }
}
