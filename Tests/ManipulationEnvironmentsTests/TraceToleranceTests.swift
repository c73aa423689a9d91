import Groundwork
import Testing

@testable import ManipulationEnvironments

/// What recordings of Python packages are held to.
@Suite struct TraceToleranceTests {
  @Test("a reward beside the tolerance is named with the recorded one, and what is no number is never near enough")
  func rewards() throws {
    var tolerances = TraceTolerances()
    #expect(tolerances.difference("reward", Float(0.5), 0.5 + 1e-7) == nil)
    #expect(tolerances.difference("reward", Float(0.5), 0.75) == "reward 0.5 for 0.75")
    #expect(tolerances.difference("grasp_reward", Double.nan, .nan) == "grasp_reward nan for nan")
    tolerances.rewardTolerance = 0.25
    #expect(tolerances.difference("reward", 0.5, 0.75) == nil)
    try tolerances.check()
    tolerances.observationTolerance = -1
    #expect(throws: UserError.self) { try tolerances.check() }
  }
}
