@testable import Environments
@testable import XLandEnvironments
import Groundwork
import ReinforcementLearning
import Testing

/// Whether a goal can be reached, by working backwards from it through the rules to the objects that lie around.
///
/// Written apart from the generator. Things are made one after another; what happens to a thing by itself, when the
/// agent comes to stand beside it or takes it, is taken into account.
private struct Solver {
  let ruleset: XLand.Ruleset
  var objects: [XLand.Cell]

  init(_ ruleset: XLand.Ruleset) {
    self.ruleset = ruleset
    objects = ruleset.objects
  }

  private static let portable: [XLand.Tile] = [.ball, .square, .pyramid, .key, .hex, .star]

  /// What a thing has become once the agent is beside it.
  private func approached(_ cell: XLand.Cell) -> XLand.Cell {
    ruleset.rules.reduce(cell) { cell, rule in
      if case .agentNear = rule.kind, rule.a == cell { rule.product } else { cell }
    }
  }

  /// What a thing has become once it is taken; nil when it cannot be.
  private func taken(_ cell: XLand.Cell) -> XLand.Cell? {
    let cell = approached(cell)
    guard Self.portable.contains(cell.tile) else { return nil }
    return ruleset.rules.reduce(cell) { cell, rule in rule.kind == .agentHold && rule.a == cell ? rule.product : cell }
  }

  /// The rule that two things bring into play when one of them is put beside the other, on any side.
  private func joined(_ a: XLand.Cell, _ b: XLand.Cell) -> XLand.Rule? {
    ruleset.rules.first { rule in
      guard case .tileNear(nil) = rule.kind else { return false }
      return rule.a == a && rule.b == b || rule.a == b && rule.b == a
    }
  }

  private func canBePut(_ a: XLand.Cell, beside b: XLand.Cell) -> Bool { taken(a) == a || taken(b) == b }

  mutating func canMake(_ cell: XLand.Cell) -> Bool {
    if let index = objects.firstIndex(of: cell) {
      objects.remove(at: index)
      return true
    }
    for rule in ruleset.rules where rule.product == cell {
      let before = self
      switch rule.kind {
      case .agentHold: if taken(rule.a) == cell, canMake(rule.a) { return true }
      case .agentNear: if approached(rule.a) == cell, canMake(rule.a) { return true }
      case .tileNear:
        let other = joined(rule.a, rule.b)
        if other == nil || other == rule, canBePut(rule.a, beside: rule.b), canMake(rule.a), canMake(rule.b) {
          return true
        }
      }
      self = before
    }
    return false
  }

  mutating func canReachGoal() -> Bool {
    let goal = ruleset.goal
    switch goal.kind {
    case .agentHold:
      // Making it in the hands is holding it.
      return ruleset.rules.contains { $0.kind == .agentHold && $0.product == goal.a } && canMake(goal.a)
        || taken(goal.a) == goal.a && canMake(goal.a)
    case .agentNear: return approached(goal.a) == goal.a && canMake(goal.a)
    case .tileNear:
      return joined(goal.a, goal.b) == nil && canBePut(goal.a, beside: goal.b) && canMake(goal.a) && canMake(goal.b)
    default: return false
    }
  }
}

@Suite("XLand's rulesets") struct XLandRulesetTests {
  @Test("every drawn ruleset can be solved with the objects that lie around", arguments: XLand.Setting.allCases)
  func solvable(_ setting: XLand.Setting) {
    for number in 0..<1500 {
      let ruleset = XLand.ruleset(setting, seed: 7, number: number)
      var solver = Solver(ruleset)
      let isSolvable = solver.canReachGoal()
      #expect(isSolvable, "\(setting) \(number): \(ruleset.document.text())")
    }
  }

  @Test("without one of the rules of the chain a ruleset cannot be solved any more")
  func necessary() {
    var broken = 0
    for number in 0..<200 {
      var ruleset = XLand.ruleset(.medium, seed: 3, number: number)
      guard ruleset.rules.count > 2, !ruleset.objects.contains(ruleset.goal.a) else { continue }
      ruleset.rules.removeAll { $0.product == ruleset.goal.a }
      var solver = Solver(ruleset)
      let isSolvable = solver.canReachGoal()
      #expect(!isSolvable)
      broken += 1
    }
    #expect(broken > 100)
  }

  @Test("settings keep to their numbers of rules and objects, and reach them")
  func sizes() {
    for setting in XLand.Setting.allCases {
      let drawn = (0..<2000).map { XLand.ruleset(setting, seed: 1, number: $0) }
      #expect(drawn.map(\.rules.count).max()! <= setting.mostRules)
      #expect(drawn.map(\.objects.count).max()! <= setting.mostObjects)
      #expect(drawn.allSatisfy { $0.objects.allSatisfy { $0.isOne(of: XLand.Tiles.objects) } })
      if setting == .trivial { #expect(drawn.allSatisfy { $0.rules.isEmpty && [4, 5].contains($0.objects.count) }) }
      if setting == .small { #expect(Set(drawn.map(\.rules.count)) == [0, 1, 2, 3, 4]) }
      if setting == .high { #expect(drawn.map(\.rules.count).max()! >= 14) }
    }
    #expect(XLand.Setting.allCases.map(\.mostRules) == [0, 4, 9, 18])
    #expect(XLand.Setting.allCases.map(\.mostObjects) == [5, 10, 16, 25])
    let goals = Set((0..<2000).map { XLand.ruleset(.trivial, seed: 1, number: $0).goal.kind.code })
    #expect(goals == [1, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14])
    let rules = Set((0..<500).flatMap { XLand.ruleset(.high, seed: 1, number: $0).rules.map(\.kind.code) })
    #expect(rules == Set(1...11))
    let colors = Set((0..<500).flatMap { XLand.ruleset(.trivial, seed: 1, number: $0).objects.map(\.color) })
    #expect(colors.count == 10 && !colors.contains(.black))
  }

  @Test("a ruleset is a function of setting, seed and number")
  func determinism() {
    for setting in XLand.Setting.allCases {
      let first = XLand.ruleset(setting, seed: 42, number: 5)
      var again = XLand.ruleset(setting, seed: 1, number: 9)
      XLand.draw(&again, setting, seed: 42, number: 5)
      #expect(first == again)
      #expect(
        XLand.ruleset(setting, seed: 42, number: 6) != first && XLand.ruleset(setting, seed: 43, number: 5) != first)
    }
    // Changes here change every run that names no ruleset of its own.
    #expect(
      XLand.ruleset(.small, seed: 42).document
        == [
          "goal": ["kind": "agentHold", "a": "purple star"],
          "rules": [["kind": "agentHold", "a": "purple hex", "product": "purple star"]],
          "objects": ["purple hex", "grey ball", "grey goal"],
        ])
  }

  @Test("a ruleset file holds the ruleset again, in words and in numbers")
  func roundTrip() throws {
    let path = "/tmp/forage-xland-\(RandomSource.mixed(1, 2, 3)).json"
    defer { try? Files.remove(path) }
    for number in 0..<50 {
      let ruleset = XLand.ruleset(.high, seed: 11, number: number)
      try ruleset.write(to: path)
      #expect(try XLand.Ruleset(path: path) == ruleset)
      let numbers: JSON = [
        "goal": .array(ruleset.goal.encoding.map { .integer(Int($0)) }),
        "rules": .array(
          (ruleset.rules.map(\.encoding) + [Array(repeating: 0, count: 7)]).map { .array($0.map { .integer(Int($0)) }) }
        ),
        "objects": .array(ruleset.objects.map { [.integer(Int($0.tileCode)), .integer(Int($0.colorCode))] }),
      ]
      #expect(try XLand.Ruleset(numbers, name: "numbers") == ruleset)
    }
    for kind in [
      XLand.Goal(.none), XLand.Goal(.agentOnTile, .floor), XLand.Goal(.tileOnPosition, redBall, row: 2, column: 3),
      XLand.Goal(.agentOnPosition, row: 3, column: 1),
    ] {
      #expect(try XLand.Ruleset(XLand.Ruleset(goal: kind).document, name: "goal").goal == kind)
    }
  }

  @Test(
    "a bad ruleset is refused with the part and the reason",
    arguments: [
      ("[1, 2]", "is no ruleset"),
      ("{}", "has no goal"),
      (
        "{\"goal\": {\"kind\": \"agentNear\", \"a\": \"red ball\"}, \"rule\": []}",
        "there is no part of a ruleset 'rule'"
      ),
      (
        "{\"goal\": {\"kind\": \"agentNear\", \"a\": \"rad ball\"}}",
        "goal.a is 'rad ball', which is not in this world. Did you mean 'red ball'?"
      ),
      ("{\"goal\": {\"kind\": \"agentNear\"}}", "goal.a is missing"),
      ("{\"goal\": {\"kind\": \"near\", \"a\": \"red ball\"}}", "goal.kind is 'near'"),
      ("{\"goal\": {\"kind\": \"agentNear\", \"a\": \"red ball\", \"side\": \"north\"}}", "goal.side is \"north\""),
      (
        "{\"goal\": {\"kind\": \"agentHold\", \"a\": \"red ball\", \"side\": \"up\"}}",
        "goal has 'side', which means nothing there"
      ),
      ("{\"goal\": {\"kind\": \"agentOnPosition\", \"position\": [1]}}", "goal.position is no place"),
      ("{\"goal\": [15, 0, 0, 0, 0]}", "goal has the number 15"),
      ("{\"goal\": [3, 3, 1]}", "goal is [3,3,1]"),
      ("{\"goal\": [3, 2, 6, 0, 0]}", "goal.a has tile 2 in colour 6"),
      ("{\"goal\": [0, 0, 0, 0, 0], \"rules\": {}}", "rules is no list"),
      ("{\"goal\": [0, 0, 0, 0, 0], \"rules\": [[12, 0, 0, 0, 0, 0, 0]]}", "rules[0] has the number 12"),
      (
        "{\"goal\": [0, 0, 0, 0, 0], \"rules\": [{\"kind\": \"agentHold\", \"a\": \"red ball\"}]}",
        "rules[0].product is missing"
      ),
      ("{\"goal\": [0, 0, 0, 0, 0], \"rules\": [7]}", "rules[0] is 7"),
      ("{\"goal\": [0, 0, 0, 0, 0], \"objects\": [\"floor\"]}", "objects[0] is 'floor'"),
      ("{\"goal\": [0, 0, 0, 0, 0], \"objects\": [[13, 1]]}", "objects[0] has tile 13 in colour 1"),
      ("{\"goal\": [0, 0, 0, 0, 0], \"objects\": [3]}", "objects[0] is no text"),
    ])
  func badDocuments(_ text: String, _ reason: String) throws {
    let document = try JSON(parsing: text, name: "test")
    let error = #expect(throws: UserError.self) { try XLand.Ruleset(document, name: "the ruleset") }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test("a ruleset is named on the command line by its file, and the configuration then holds it")
  func configuration() throws {
    let path = "/tmp/forage-xland-\(RandomSource.mixed(4, 5, 6)).json"
    defer { try? Files.remove(path) }
    let ruleset = XLand.ruleset(.medium, seed: 5)
    try ruleset.write(to: path)
    let listing = try #require(XLand.environments.first { $0.id == "gridworld/XLand-R4-13x13" })
    let recipe = try listing.recipe(changes: ["ruleset": .string(path)])
    #expect(recipe.configuration["ruleset"] == ruleset.document)
    #expect(recipe.specification.field("rules")?.shape == [max(1, ruleset.rules.count), 7])
    #expect(try listing.recipe(changes: recipe.configuration).configuration == recipe.configuration)
    try Files.writeAtomically("{\"goal\": {\"kind\": \"agentNear\", \"a\": \"red bal\"}}", to: path)
    let bad = #expect(throws: UserError.self) { try listing.recipe(changes: ["ruleset": .string(path)]) }
    #expect(bad?.description.contains("'\(path)': goal.a is 'red bal'") == true, "\(bad?.description ?? "")")
    try Files.writeAtomically("{\"goal\": ", to: path)
    let cut = #expect(throws: UserError.self) { try listing.recipe(changes: ["ruleset": .string(path)]) }
    #expect(cut?.description.contains("is not valid JSON") == true, "\(cut?.description ?? "")")
    let missing = #expect(throws: UserError.self) { try listing.recipe(changes: ["ruleset": "/nowhere/rules.json"]) }
    #expect(missing?.description.contains("cannot read '/nowhere/rules.json'") == true, "\(missing?.description ?? "")")
  }
}
