import Groundwork
import Labels
import LanguageModels
import ReinforcementLearning
import Testing

/// Requires what its configuration says, and keeps what it was given.
private final class Applicant: Agent {
  struct Configuration: Codable, Hashable, Sendable {
    var needs = 0
    var isDeterministic = false
    var takesVectors = true
    var takesAnyReward = true
    var signals: [String] = []
  }

  let setting: AgentSetting

  static func requirements(_ configuration: Configuration) -> Requirements {
    Requirements(
      needs: Needs(rawValue: configuration.needs), actions: configuration.takesVectors ? .any : .discrete,
      rewards: configuration.takesAnyReward ? .any : .environment, isDeterministic: configuration.isDeterministic,
      demonstrations: "/nowhere/replays")
  }

  static func signals(_ configuration: Configuration, in specification: Specification) -> [String] {
    configuration.signals
  }

  init(_ configuration: Configuration, in setting: AgentSetting) { self.setting = setting }
  func train(in session: TrainingSession) {}
  func makePolicy(slots: Int, choice: ActionChoice) -> any Policy { UniformPolicy(setting.specification) }
  func save(to state: inout SavedState) {}
  func restore(from state: SavedState) {}
}

@Suite struct GrantTests {
  private func recipe(_ change: (inout Applicant.Configuration) -> Void) -> AgentRecipe {
    var configuration = Applicant.Configuration()
    change(&configuration)
    return AgentRecipe(id: "applicant", Applicant.self, configuration: configuration)
  }

  private func born(
    in environment: EnvironmentRecipe, rewards: [String] = ["environment"], weight: Double = 1,
    services: Services = .init(), _ change: (inout Applicant.Configuration) -> Void
  ) throws -> AgentSetting {
    let agent = try recipe(change).makeAgent(
      in: environment, rewards: rewards.map { RewardComponent($0, weight: weight) }, seed: 1, services: services)
    return try #require(agent as? Applicant).setting
  }

  private func bandit() throws -> EnvironmentRecipe {
    try EnvironmentRecipe(id: "bandit/Two", TwoArmedBandit.self, configuration: .init())
  }

  @Test("an agent is given what it declared and nothing else")
  func grants() throws {
    let services = Services(languageModel: ScriptedLanguageModel(rules: []), labels: MemoryLabelStore())
    let counting = try CountingEnvironment.recipe()
    let nothing = try born(in: counting, services: services) { _ in }
    #expect(nothing.simulator == nil && nothing.languageModel == nil && nothing.labels == nil)
    #expect(nothing.demonstrations == nil && nothing.signals.isEmpty)
    let needs: Needs = [.simulator, .languageModel, .labels, .signals]
    let all = try born(in: counting, services: services) {
      $0.needs = needs.rawValue
      $0.signals = ["double"]
    }
    #expect(
      all.simulator != nil && all.languageModel?.name == "script" && all.labels != nil && all.signals == ["double"])
  }

  @Test("what is missing is refused in one wording, with the requirement, what there is, and what to do")
  func refusals() throws {
    func reason(_ body: () throws -> AgentSetting) -> String? {
      do { _ = try body() } catch let error as UserError { return error.fix.isEmpty ? nil : error.reason } catch {}
      return nil
    }
    let (counting, two) = (try CountingEnvironment.recipe(), try bandit())
    #expect(
      reason { try born(in: two) { $0.isDeterministic = true } }
        == """
        agent 'applicant' requires steps that draw nothing, and those of 'bandit/Two' as it is set draw random \
        numbers
        """
    )
    #expect(
      reason { try born(in: counting, rewards: ["environment", "count"]) { $0.takesAnyReward = false } }
        == "agent 'applicant' requires the environment's own reward, and the design gives 'environment', 'count'")
    #expect(
      reason { try born(in: counting, weight: -2) { $0.takesAnyReward = false } }
        == "agent 'applicant' requires the environment's own reward, and the design gives -2 of 'environment'")
    #expect(
      reason { try born(in: counting) { $0.needs = Needs.languageModel.rawValue } }
        == "agent 'applicant' requires a language model, and none was given")
    #expect(
      reason { try born(in: counting) { $0.needs = Needs.labels.rawValue } }
        == "agent 'applicant' requires a store of labels, and none was given")
    #expect(
      reason { try born(in: counting) { ($0.needs, $0.signals) = (Needs.signals.rawValue, ["doubel"]) } }
        == "there is no signal 'doubel'")
    #expect(reason { try born(in: counting) { $0.needs = Needs.demonstrations.rawValue } } != nil)
  }

  @Test("signals that are not read are not said to be granted")
  func signals() throws {
    let counting = try CountingEnvironment.recipe().specification
    #expect(try recipe { $0.needs = Needs.signals.rawValue }.needs(in: counting) == [])
    let reading = recipe { ($0.needs, $0.signals) = (Needs.signals.rawValue, ["double"]) }
    #expect(try reading.needs(in: counting).names == ["signals"])
  }

  @Test("without the grants no arena is made, no slot is copied and no signal is shown: the program stops")
  func sealed() async throws {
    await #expect(processExitsWith: .failure) {
      let setting = AgentSetting(try CountingEnvironment.recipe(), seed: 1)
      _ = setting.recipe.makeArena(capacity: 1)
    }
    await #expect(processExitsWith: .failure) {
      let setting = AgentSetting(try CountingEnvironment.recipe(), seed: 1)
      let batch = setting.recipe.makeBatch(slots: 2, seed: 1)
      batch.copy(slot: 0, of: batch, to: 1)
    }
    await #expect(processExitsWith: .failure) {
      let setting = AgentSetting(try CountingEnvironment.recipe(), seed: 1)
      let batch = setting.recipe.makeBatch(slots: 2, seed: 1)
      batch.reset(batch.makeRollout(steps: 1, signals: ["double"]))
    }
  }
}
