import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@testable import OffPolicy

/// Rewards that are learnt beside the learner that keeps them.
@Suite struct RelabellingTests {
  private let reward = "2*preferences(labels=60,questions=20,interval=160,segment=5,epochs=4)"

  private var configuration: SACConfiguration {
    var configuration = SACConfiguration()
    (configuration.slots, configuration.batches, configuration.steps) = (4, 1, 4)
    (configuration.learningStarts, configuration.batchSize, configuration.hiddenLayers) = (200, 32, [16])
    return configuration
  }

  @Test("when a reward has learnt, all that the store holds is paid by what it says now, weights applied")
  func relabelled() throws {
    let recipe = try Learners.tracking()
    // Ends between two sessions: what was collected since has the same rewards.
    let result = try Learners.train(SAC.self, configuration, in: recipe, reward: reward, steps: 400)
    let held = try #require(result.agent.store.collected).transitions
    let rewards = (0..<held.count).map { held.output(ExperienceStore.reward, $0)![0] }
    #expect(held.count == 400)
    #expect(rewards == (try result.session.rewards(of: held)))
    // The first hundred steps were collected before anything was known.
    #expect(rewards.prefix(100).allSatisfy { $0 != 0 })
  }

  @Test("a resumed run relabels as the whole one does", arguments: [9, 10, 11])
  func resumed(_ iteration: Int) throws {
    let recipe = try Learners.tracking()
    let recorder = Recorder(saving: iteration)
    let whole = try Learners.train(SAC.self, configuration, in: recipe, reward: reward, steps: 480, observer: recorder)
    let again = try Learners.train(
      SAC.self, configuration, in: recipe, reward: reward, steps: 480, resuming: recorder.state)
    #expect(Learners.digest(whole) == Learners.digest(again))
  }

  @Test("a design with a term that depends on the episode is not relabelled")
  func episodic() throws {
    let recipe = try Learners.tracking()
    let result = try Learners.train(
      SAC.self, configuration, in: recipe, reward: reward + "+0*count(of=observation,episodic=true)", steps: 400)
    let held = try #require(result.agent.store.collected).transitions
    #expect((0..<100).allSatisfy { held.output(ExperienceStore.reward, $0)![0] == 0 })
  }
}
