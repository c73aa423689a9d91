import Experiments
import Groundwork
import Testing

/// Configurations change only by keys that exist and values that fit.
@Suite struct SettingsTests {
  enum Color: String, Codable, CaseIterable { case red, green }

  struct Inner: Codable, Hashable {
    var depth = 2
    var sizes = [1, 2]
  }

  struct Outer: Codable, Hashable {
    var rate = 1.0
    var count = 3
    var positive: UInt64 = 4
    var name = "a"
    var isOn = false
    var limit: Int?
    var color = Color.red
    var inner = Inner()
  }

  private func change(_ changes: JSON) throws(UserError) -> Outer {
    try Settings.apply(changes, to: Outer(), of: "the thing", path: "thing.")
  }

  @Test("changes go over the defaults, in any depth")
  func changes() throws {
    let changed = try change([
      "rate": 3, "name": "b", "isOn": true, "limit": 7, "color": "green", "inner": ["depth": 5],
    ])
    var expected = Outer()
    expected.rate = 3
    expected.name = "b"
    expected.isOn = true
    expected.limit = 7
    expected.color = .green
    expected.inner.depth = 5
    #expect(changed == expected)
  }

  struct Own: ConfigurationPart {
    var color = Color.red
    var limit: Int?
    var inner = Inner()
  }

  struct Shared: ConfigurationPart {
    var slots = 16
    var name = "a"
  }

  @Test("settings in parts stand side by side: keys, documents, changes, outlines and errors know of no part")
  func parts() throws {
    typealias Joint = JointConfiguration<Own, JointConfiguration<Shared, Empty>>
    var expected = Joint()
    #expect(Settings.keys(of: expected) == ["color", "limit", "inner", "slots", "name"])
    #expect(JSON(encoding: expected).text() == #"{"color":"red","inner":{"depth":2,"sizes":[1,2]},"name":"a","slots":16}"#)
    let changes: JSON = ["color": "green", "limit": 3, "inner": ["depth": 7], "slots": 4]
    let changed = try Settings.apply(changes, to: Joint(), of: "the thing", path: "thing.")
    expected.color = .green
    expected.limit = 3
    expected.inner.depth = 7
    expected.slots = 4
    #expect(changed == expected && changed.shared.own.slots == 4 && changed != Joint())
    #expect(try JSON(encoding: changed).decoded(as: Joint.self, name: "it") == changed)
    let outline = Settings.outline(of: Joint())
    #expect(outline.map(\.key) == ["color", "limit", "inner.depth", "inner.sizes", "slots", "name"])
    #expect(
      outline.map(\.declaration) == [
        "SettingsTests.Own.color", "SettingsTests.Own.limit", "SettingsTests.Inner.depth", "SettingsTests.Inner.sizes",
        "SettingsTests.Shared.slots", "SettingsTests.Shared.name",
      ])
    #expect(outline[0].choices == ["red", "green"] && outline[1].isOptional && outline[4].type == "whole number")
    for (changes, message) in [
      (["slot": 1], "there is no setting 'thing.slot'. Did you mean 'thing.slots'? "
        + "Those of the thing are color, limit, inner, slots, name"),
      (["slots": "many"], "thing.slots of the thing cannot be \"many\". It is a whole number"),
      (["inner": ["depth": 1.5]], "thing.inner.depth of the thing cannot be 1.5. It is a whole number"),
      (["own": ["color": "red"]], "there is no setting 'thing.own'. "
        + "Those of the thing are color, limit, inner, slots, name"),
    ] as [(JSON, String)] {
      #expect {
        try Settings.apply(changes, to: Joint(), of: "the thing", path: "thing.")
      } throws: { ($0 as? UserError)?.description == message }
    }
  }

  struct Empty: ConfigurationPart {}

  @Test("the keys are those of the type, nil ones included")
  func keys() {
    #expect(Settings.keys(of: Outer()) == ["rate", "count", "positive", "name", "isOn", "limit", "color", "inner"])
  }

  @Test(
    "a value of another type is named with what is expected",
    arguments: [
      (["count": 2.5], "thing.count of the thing cannot be 2.5. It is a whole number"),
      (["count": "many"], "thing.count of the thing cannot be \"many\". It is a whole number"),
      (["positive": -1], "thing.positive of the thing cannot be -1. It is a whole number from 0, below 2^63"),
      (["rate": "fast"], "thing.rate of the thing cannot be \"fast\". It is a number"),
      (["rate": ".nan"], "thing.rate of the thing cannot be \".nan\". It is a number, and finite"),
      (["rate": "1e400"], "thing.rate of the thing cannot be \"1e400\". It is a number, and finite"),
      (["count": 1e18], "thing.count of the thing cannot be 1000000000000000000. It is a whole number, nearer to 0 than 2^53"),
      (["isOn": 1], "thing.isOn of the thing cannot be 1. It is true or false"),
      (["count": .null], "thing.count of the thing cannot be null. It is a whole number"),
      (["color": "gren"], "thing.color of the thing cannot be \"gren\". Did you mean 'green'? It is one of red, green"),
      (
        ["inner": ["sizes": [1, "a"]]],
        "thing.inner.sizes of the thing cannot be [1,\"a\"]. It is a list of whole numbers such as [64, 64]"
      ),
    ] as [(JSON, String)])
  func wrongTypes(_ changes: JSON, _ message: String) {
    #expect { try change(changes) } throws: { ($0 as? UserError)?.description == message }
  }

  private struct Texts: Codable, Equatable {
    struct Place: Codable, Equatable {
      var text: String
      init(_ text: String) { self.text = text }
      init(from decoder: any Decoder) throws { text = try String(from: decoder) }
      func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }
    }
    var name = "a"
    var place = Place("here")
    var words = ["x"]
  }

  @Test("an empty text is typed as a pair of quotes, and a list of texts with or without any")
  func texts() throws {
    func changed(_ text: String) throws -> Texts {
      let assignment = try SettingAssignment(parsing: text)
      return try Settings.apply([assignment.path[0]: assignment.value], to: Texts(), of: "the thing", path: "thing.")
    }
    for quotes in ["''", "\"\""] {
      #expect(try changed("name=\(quotes)").name == "" && changed("place=\(quotes)").place.text == "")
    }
    #expect(try changed("name='7, it''s'").name == "'7, it''s'")
    #expect(try changed("name='a = b'").name == "a = b")
    for list in ["[RS,5]", "RS,5", "[\"RS\",\"5\"]", "['RS', '5']", "RS, 5"] {
      #expect(try changed("words=\(list)").words == ["RS", "5"], "\(list)")
    }
    #expect(try changed("words=[]").words == [] && changed("words=a").words == ["a"])
    for (text, message) in [
      ("name=", "thing.name of the thing cannot be null. It is a text, written '' where there is none"),
      ("place=", "thing.place of the thing cannot be null. It is a text, written '' where there is none"),
      ("words=", "thing.words of the thing cannot be null. It is a list of texts such as [a,b]"),
      ("words=[[1]]", "thing.words of the thing cannot be [[1]]. It is a list of texts such as [a,b]"),
    ] {
      #expect { try changed(text) } throws: { ($0 as? UserError)?.description == message }
    }
  }

  @Test("a key that does not exist gives the nearest one and the list")
  func unknownKey() {
    #expect { try change(["conut": 1]) } throws: {
      ($0 as? UserError)?.description
        == """
        there is no setting 'thing.conut'. Did you mean 'thing.count'? Those of the thing \
        are rate, count, positive, name, isOn, limit, color, inner
        """
    }
    #expect(throws: UserError.self) { try change(["inner": ["dept": 1]]) }
  }

  @Test(
    "a value is read as a person means it",
    arguments: [
      ("3e-4", 3e-4), ("1_000", 1000), ("1e6", 1_000_000), ("-2", -2), ("true", true), ("null", .null),
      ("[64, 32]", [64, 32]),
      ("no", "no"), ("environment+0.1*rnd", "environment+0.1*rnd"), ("1.5.2", "1.5.2"), ("{\"a\": 1}", ["a": 1]),
    ] as [(String, JSON)])
  func scalars(_ text: String, _ value: JSON) {
    #expect(JSON(scalar: text) == value)
  }

  @Test("a bare key finds its section, and an ambiguous one is refused")
  func assignments() throws {
    var configuration = RunConfiguration()
    let keys = (environment: ["size", "steps"], agent: ["learningRate", "inner"])
    func apply(_ text: String) throws(UserError) {
      try configuration.apply(
        [try SettingAssignment(parsing: text)], environmentKeys: keys.environment, agentKeys: keys.agent)
    }
    try apply("size=5")
    try apply("agent.inner.depth=3")
    try apply("learningRate=1e-3")
    try apply("seed=9")
    #expect(configuration.environmentChanges == ["size": 5])
    #expect(configuration.agentChanges == ["inner": ["depth": 3], "learningRate": 1e-3])
    #expect(configuration.runChanges == ["seed": 9])
    for bad in ["steps=1", "nothing=1", "size", "=1", "agent.=1"] {
      #expect(throws: UserError.self, "\(bad)") { try apply(bad) }
    }
  }

  @Test("a configuration file has sections, and an unknown key is refused")
  func file() throws {
    let text = """
      environment: {id: gridworld/DoorKey-8x8, viewSize: 5}
      agent:
        id: ppo
        learningRate: 3e-4   # a number, unlike in YAML 1.1
        hiddenLayers: [64, 64]
      reward: environment+0.01*rnd
      steps: 200_000
      """
    let configuration = try RunConfiguration(YAML.parse(text, name: "file"), name: "file")
    #expect(configuration.environment == "gridworld/DoorKey-8x8")
    #expect(configuration.environmentChanges == ["viewSize": 5])
    #expect(configuration.agent == "ppo")
    #expect(configuration.agentChanges == ["learningRate": 3e-4, "hiddenLayers": [64, 64]])
    #expect(configuration.reward == "environment+0.01*rnd")
    #expect(configuration.runChanges == ["steps": 200_000])
    #expect { try RunConfiguration(YAML.parse("step: 3", name: "file"), name: "file") } throws: {
      ($0 as? UserError)?.description.hasPrefix("there is no key of file 'step'. Did you mean 'steps'") == true
    }
    #expect(throws: UserError.self) { try YAML.parse("a: 1\na: 2", name: "file") }
  }
}
