import Groundwork
import ReinforcementLearning
import RewardModels
import Testing

@Suite("The grammar of reward designs")
struct RewardSpecificationTests {
  @Test(
    "a specification reads back as it was written in its shortest form",
    arguments: [
      ("environment", "environment"), (" environment + 0.01 * rnd ", "environment+0.01*rnd"),
      ("1*environment+2*count(of=cell)", "environment+2*count(of=cell)"),
      ("-0.5*count", "-0.5*count"), ("1e-3*rnd+environment", "0.001*rnd+environment"),
      ("1e+2*count(of = observation , episodic=true)", "100*count(of=observation,episodic=true)"),
      ("program(file=a+b*(c).reward)", "program(file=a+b*(c).reward)"),
    ])
  func roundTrip(text: String, expected: String) throws {
    #expect(try RewardSpecification(parsing: text).description == expected)
  }

  @Test(
    "what cannot be read is refused in one line",
    arguments: [
      ("", "has an empty term"), ("environment+", "has an empty term"), ("x*environment", "the weight 'x'"),
      ("1e-400*environment", "the weight '1e-400'"), ("0x10*environment", "the weight '0x10'"),
      ("nan*environment", "the weight 'nan'"), ("count(of=cell", "lacks a ')'"), ("count)", "has a ')' too many"),
      ("count(of)", "is not key=value"), ("count(of=cell)x", "does not end with a ')'"),
      ("count(of=cell,of=observation)", "sets 'of' twice"), ("count(=cell)", "has an empty key"),
      ("(of=cell)", "has no name"),
      ("rnd(hidden=[1)]", "has a ')' where a ']' belongs"), ("a b", "is not the name"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: UserError.self) { _ = try RewardSpecification(parsing: text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  func design(_ text: String, agentDiscount: Double? = nil) throws -> RewardDesignRecipe {
    let specification = Specification(
      fields: [
        Field("x", shape: [2], element: .float32), .signal("distance", range: 0...10), .signal("height"),
      ], actions: .discrete(["a", "b"]), timeLimit: 5, rewards: 0...1, cell: ["distance"])
    return try RewardDesignRecipe(
      RewardSpecification(parsing: text), among: RewardModels.all, for: specification, agentDiscount: agentDiscount)
  }

  @Test("unknown models, parameters and signals are named with the nearest that exists")
  func unknown() {
    func reason(_ text: String) -> String {
      (#expect(throws: UserError.self) { _ = try design(text) })?.description ?? ""
    }
    #expect(
      reason("environmnt")
        == "there is no reward 'environmnt'. Did you mean 'environment'? `forage list rewards` shows all")
    #expect(reason("count(off=cell)").contains("Did you mean 'count.of'?"))
    #expect(reason("potential(signal=hight)").contains("Did you mean 'height'?"))
    #expect(reason("count(of=place)").contains("It is one of cell, observation"))
    #expect(reason("rnd(features=0)").contains("Use a whole number from 1 to 4096"))
  }

  @Test("a design lists its components with their weights and asks for the signals that they read")
  func components() throws {
    let design = try design("environment+0.5*count+2*potential+rnd+count(episodic=true)")
    #expect(design.components.map(\.name) == ["environment", "count", "potential", "rnd", "count#2"])
    #expect(design.components.map(\.weight) == [1, 0.5, 2, 1, 1])
    #expect(design.components.map(\.isEpisodic) == [true, true, true, false, true])
    #expect(design.signals == ["distance"])
  }

  @Test("shaping takes the agent's discount unless it is told another, and says when that differs")
  func discount() throws {
    func discount(_ text: String, _ agent: Double?) throws -> JSON? {
      try design(text, agentDiscount: agent).terms[0].recipe.configuration["discount"]
    }
    #expect(try discount("potential", 0.98) == 0.98)
    #expect(try discount("potential", nil) == 1)
    #expect(try discount("potential(discount=0.5)", 0.98) == 0.5)
    #expect(try design("potential", agentDiscount: 0.98).remarks.isEmpty)
    #expect(try design("potential(discount=0.98)", agentDiscount: 0.98).remarks.isEmpty)
    #expect(try design("3*potential(discount=1)", agentDiscount: 0.98).remarks.count == 1)
  }

  @Test("a design's document has every setting of every term, defaults included")
  func document() throws {
    let terms = try design("environment+0.01*rnd(features=32)").terms
    #expect(terms.map(\.weight) == [1, 0.01])
    #expect(
      terms[1].recipe.configuration == [
        "hidden": 128, "features": 32, "learningRate": 0.001, "fraction": 0.25, "epochs": 1, "discount": 0.99,
      ])
  }
}
