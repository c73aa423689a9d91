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
      ("nan*environment", "the weight 'nan'"), ("count(of=cell", "lacks a ')'"), ("count)", "has a ')' too many"),
      ("count(of)", "is not key=value"), ("count(of=cell)x", "does not end with ')'"), ("a b", "is not the name"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: UserError.self) { _ = try RewardSpecification(parsing: text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  func design(_ text: String) throws -> RewardDesign {
    let specification = Specification(
      fields: [
        Field("x", shape: [2], element: .float32), .signal("distance", range: 0...10), .signal("height"),
      ], actions: .discrete(["a", "b"]), timeLimit: 5, rewards: 0...1, cell: ["distance"])
    return try RewardDesign(
      RewardSpecification(parsing: text), available: RewardModels.all, specification: specification, seed: 1)
  }

  @Test("unknown models, parameters and signals are named with the nearest that exists")
  func unknown() {
    func reason(_ text: String) -> String {
      (#expect(throws: UserError.self) { _ = try design(text) })?.description ?? ""
    }
    #expect(reason("environmnt") == "there is no reward 'environmnt'. Did you mean 'environment'? `forage list rewards` shows all")
    #expect(reason("count(off=cell)").contains("Did you mean 'of'?"))
    #expect(reason("potential(signal=hight)").contains("Did you mean 'height'?"))
    #expect(reason("count(of=place)").contains("Use cell or observation"))
    #expect(reason("rnd(features=0)").contains("not a whole number of 1...4096"))
  }

  @Test("a design lists its components with their weights and asks for the signals that they read")
  func components() throws {
    let design = try design("environment+0.5*count+2*potential+rnd+count(episodic=true)")
    #expect(design.components.map(\.name) == ["environment", "count", "potential", "rnd", "count#2"])
    #expect(design.components.map(\.weight) == [1, 0.5, 2, 1, 1])
    #expect(design.components.map(\.isEpisodic) == [true, true, true, false, true])
    #expect(design.signals == ["distance"])
  }
}
