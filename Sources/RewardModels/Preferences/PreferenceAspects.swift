import Groundwork
import ReinforcementLearning
import RewardPrograms

/// In what clips are judged: nothing but altogether, or named aspects, each with a head of the networks, answers of its
/// own and a weight.
struct PreferenceAspects: Sendable {
  /// As metrics and questions call them; empty for altogether.
  let names: [String]
  /// What their rewards are multiplied by, in order; one of 1 for altogether.
  let weights: [Double]
  /// What a scripted teacher judges them by; nil for the environment's rewards.
  let program: CompiledProgram?
  /// The program's components that are judged, by aspect, with the sign of their weights: more of it is better.
  let components: [(number: Int, sign: Float)]

  /// Heads of the networks.
  var count: Int { weights.count }

  /// The most aspects.
  static let most = 16

  /// - Throws: `UserError` for names that are none or twice, weights of another number, a program that cannot be read
  ///   or lacks an aspect, and a scripted teacher that has nothing to judge aspects by.
  init(_ c: PreferenceReward.Configuration, for specification: Specification) throws(UserError) {
    // Also as JSON writes a list.
    var names = c.aspects.filter { !"[]\"' ".contains($0) }.split(separator: ",").map(String.init)
    try Check(
      "preferences.aspects", c.aspects.isEmpty ? "nothing" : "'\(c.aspects.prefix(60))'",
      names.isEmpty == c.aspects.isEmpty && names.count <= PreferenceAspects.most && Set(names).count == names.count
        && names.allSatisfy { name in
          name.utf8.count <= 40 && name.utf8.allSatisfy { $0 == 45 || $0 == 95 || ($0 < 128 && ($0.isLetterOrDigit)) }
        },
      "Use up to \(PreferenceAspects.most) names of letters, digits, - and _, each once, between commas",
      fix: "preferences(aspects=speed,safety)"
    ).enforce()
    var program: CompiledProgram?
    if !c.program.text.isEmpty {
      let text = try c.program.read()
      program = try CompiledProgram(RewardProgram(parsing: text, name: c.program.name), for: specification)
    }
    let known = program?.components ?? []
    if names.isEmpty, program != nil { names = known.map(\.name) }
    try SizeLimit.check(
      "the program has", names.count, "components", most: PreferenceAspects.most,
      fix: "Name those that are to be judged (preferences(aspects=))")
    var components: [(number: Int, sign: Float)] = []
    for name in names where program != nil {
      guard let number = known.firstIndex(where: { $0.name == name }) else {
        throw UserError.unknown(
          "aspect", name, among: known.map(\.name),
          hint: "The program has \(known.map(\.name).joined(separator: ", ")): preferences(aspects=)")
      }
      components.append((number, known[number].weight < 0 ? -1 : 1))
    }
    if program == nil, !names.isEmpty, c.teacher == .synthetic, c.answers.isEmpty {
      throw UserError(
        "a synthetic teacher has nothing to judge the aspects '\(names.joined(separator: ","))' by",
        fix: "Name a program with a reward of each (preferences(program=my.reward)), or let people answer "
          + "(preferences(teacher=person))")
    }
    let count = max(1, names.count)
    try Check(
      "preferences.weights", "\(c.weights.count) numbers", c.weights.isEmpty || c.weights.count == count,
      "Use a number for each aspect (\(count))", fix: "preferences(weights=[1,0.5])"
    ).enforce()
    self.names = names
    self.program = program
    self.components = components
    weights =
      !c.weights.isEmpty
      ? c.weights
      : components.isEmpty
        ? Array(repeating: 1, count: count) : components.map { abs(known[$0.number].weight) }
    for weight in weights {
      try Check("an element of preferences.weights", weight, in: -1e6...1e6, fix: "preferences(weights=)").enforce()
    }
  }

  /// What each network makes of a clip, all aspects together by their weights; one of which nothing is known yet
  /// counts, too, so that it is asked about.
  ///
  /// - Parameter returns: `[aspects][networks]`
  func weighed(_ returns: [[Double]]) -> [Double] {
    returns[0].indices.map { network in zip(returns, weights).reduce(0) { $0 + $1.0[network] * $1.1 } }
  }

  /// What steps are worth to a scripted teacher by aspect, `[aspects][transitions]`; nil for the environment's rewards.
  ///
  /// - Throws: `UserError` for a component that is not finite.
  func values(of transitions: Transitions, workers: Workers) throws(UserError) -> [[Float]]? {
    guard let program else { return nil }
    let scores = RewardScores(components: program.components.count, count: transitions.count)
    try program.evaluate(transitions, into: scores, workers: workers)
    return components.map { component in scores[component.number].map { $0 * component.sign } }
  }
}

extension UInt8 {
  /// Of ASCII.
  fileprivate var isLetterOrDigit: Bool {
    (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self)
  }
}
