#if MuJoCo
  import Catalog
  import Experiments
  import Groundwork
  import ReinforcementLearning
  import Testing

  @testable import ManipulationEnvironments

  @Suite("Manipulation experts", .needsModels, .serialized) struct ManipulationExpertTests {
    /// How many of so many episodes the expert solves.
    private func solved(_ id: String, episodes: Int) throws -> Int {
      let recipe = try Catalog.environment(id).recipe()
      var configuration = RunConfiguration()
      configuration.environment = id
      configuration.agent = "expert"
      let plan = try Catalog.plan(configuration)
      #expect(plan.description.granted.contains("expert"))
      let born = try plan.makeAgent()
      let evaluation = try Evaluation.run(recipe, episodes: episodes, seed: 5, workers: Workers(count: 1)) {
        try born.makePolicy(slots: $0, choice: .mode)
      }
      return evaluation.episodes.count { $0.measures[0] > 0 }
    }

    @Test(
      "experts solve nine of ten episodes",
      arguments: ["metaworld/reach-v3", "metaworld/drawer-close-v3", "fetch/Reach", "fetch/PickAndPlace"])
    func experts(_ id: String) throws { #expect(try solved(id, episodes: 10) >= 9) }

    @Test("an environment without an expert refuses the agent in one line")
    func refusal() {
      var configuration = RunConfiguration()
      configuration.environment = "control/CartPole"
      configuration.agent = "expert"
      let error = #expect(throws: UserError.self) { _ = try Catalog.plan(configuration).makeAgent() }
      #expect(error.map { "\($0)".contains("requires an expert") } == true)
    }
  }
#endif
