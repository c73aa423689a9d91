import Groundwork
import Testing

@Suite("A name with settings")
struct NamedSettingsTests {
  private func parse(_ text: String) throws(UserError) -> NamedSettings {
    try NamedSettings(parsing: text, example: "a(b=1)")
  }

  @Test(
    "what a person writes is read as meant",
    arguments: [
      ("ppo", "ppo", [:]), ("ppo()", "ppo", [:]), (" ppo ( epochs = 8 ) ", "ppo", ["epochs": 8]),
      ("ppo(hiddenLayers=[64,64],epochs=8)", "ppo", ["hiddenLayers": [64, 64], "epochs": 8]),
      ("go-explore(cell=position,carried, batchSize=50)", "go-explore", ["cell": "position,carried", "batchSize": 50]),
      ("robustify(learner.steps=64,learner.slots=8)", "robustify", ["learner": ["steps": 64, "slots": 8]]),
      ("program(file=a+b*(c).reward)", "program", ["file": "a+b*(c).reward"]),
      ("judge(prompt='is it near, or k=v?',n=2)", "judge", ["prompt": "is it near, or k=v?", "n": 2]),
      ("gridworld/DoorKey-8x8(level.side=6)", "gridworld/DoorKey-8x8", ["level": ["side": 6]]),
      ("x(rate=1e+3)", "x", ["rate": 1000]),
    ] as [(String, String, JSON)])
  func reads(text: String, name: String, changes: JSON) throws {
    let parsed = try parse(text)
    #expect(parsed.name == name)
    #expect(parsed.changes() == changes)
    #expect(try parse(parsed.text).changes() == changes, "its shortest form means the same")
  }

  @Test(
    "what cannot be read is named in one line with an example",
    arguments: [
      ("ppo(epochs=8", "does not end with a ')'"), ("ppo)", "has a ')' too many"), ("(a=1)", "has no name"),
      ("ppo(epochs)", "'epochs' in 'ppo(epochs)' is not key=value"), ("ppo(=8)", "has an empty key"),
      ("ppo(a.=8)", "has an empty key"), ("ppo(a=1,a=2)", "sets 'a' twice"), ("ppo(a=[1,2)", "lacks a ']'"),
      ("ppo(a=(1)", "lacks a ')'"), ("ppo(a='b)", "that is not closed"), ("ppo(a=1))", "has a ')' too many"),
      ("ppo(a=1)b", "does not end with a ')'"), ("ppo(,a=1)", "has an empty setting"),
    ])
  func refuses(text: String, reason: String) {
    let error = #expect(throws: UserError.self) { _ = try parse(text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.fix.isEmpty == false)
    #expect(error?.description.contains("\n") == false)
  }

  @Test("a key may begin with its section")
  func section() throws {
    #expect(
      try parse("ppo(agent.epochs=8,learner.steps=2)").changes(section: "agent") == [
        "epochs": 8, "learner": ["steps": 2],
      ])
  }

  @Test("documents are laid over one another member by member")
  func overlay() {
    let base: JSON = ["a": 1, "b": ["c": 2, "d": 3]]
    #expect(base.overlaid(with: ["b": ["c": 9], "e": [1]]) == ["a": 1, "b": ["c": 9, "d": 3], "e": [1]])
  }
}
