import Experiments
import Groundwork
public import LanguageModels
import RealModule
import ReinforcementLearning

/// A designer of rewards that needs no model: it reads the prompt that a model is given and answers with a program.
///
/// It knows forms in which people write rewards (less or more of a number, near 0, a level, success, effort, time) and
/// nothing of any task: which fields there are, between what they lie and how programs did it reads in the prompt.
/// Shown no programs it draws one blindly. Shown some it changes the best by the advice that the prompt gives: what
/// hardly changes in training is replaced, what drowns the rest is made smaller; else a component is added, taken over
/// from the second best, rescaled or left out.
///
/// What it answers depends on its seed, the sampling's, the prompt and its number among equal prompts of one call.
public struct ScriptedDesigner: StreamingLanguageModel {
  /// What results call it.
  public let name = "scripted"
  /// The stream of all that is drawn.
  public let seed: UInt64

  /// A designer that draws from that seed.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// A program for each prompt, between fences; the numbers of equal prompts go on from those that somebody kept.
  public func complete(
    _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
  ) throws -> [Completion] {
    let answers = zip(prompts, repetitions).map { prompt, number in
      let stream = StableDigest.of("\(seed) \(sampling.seed) \(number) \(prompt)")
      var random = RandomSource(seed: RandomSource.seed(stream >> 11, purpose: .scriptedDesign, index: 0))
      let reading = DesignReading(prompt)
      let components = reading.isHopeless ? [] : reading.best?.components ?? []
      var program = ScriptedProgram(reading: reading, components: components)
      if components.isEmpty { program.draw(&random) } else { program.improve(&random) }
      return Completion("\(DesignPrompt.fence)\n\(program.text)\n\(DesignPrompt.fence)")
    }
    for (place, answer) in answers.enumerated() { whenAnswered(place, answer) }
    return answers
  }

  /// - Throws: Always: it writes programs and judges nothing.
  public func score(_ prompt: String, options: [String]) throws -> [Double] {
    throw UserError.languageModel(name, failed: "the scripted designer writes programs and scores nothing")
  }
}

/// What the scripted designer makes of a prompt.
struct DesignReading {
  /// A number that a program can read.
  struct Quantity {
    /// As a program writes it.
    var expression: String
    var low: Double
    var high: Double
    /// What its changes are measured by: a tenth of its range, 1 where it has none to speak of.
    var unit: Double { high - low < 10_000 ? (high - low) / 10 : 1 }
  }

  /// A component of a program that was shown.
  struct Component {
    var name: String
    var weight: Double
    var expression: String
    /// Its sum over an episode of training, at the evaluations.
    var training: [Double] = []

    var size: Double { training.map(abs).max() ?? 0 }
    /// Whether training did not change it by a twentieth of its size.
    var isFlat: Bool {
      guard let first = training.first, let last = training.last, training.count > 1 else { return false }
      return abs(last - first) <= 0.05 * size
    }
  }

  /// A program that was shown.
  struct Program {
    var components: [Component] = []
  }

  var quantities: [Quantity] = []
  /// The length of a vector of actions; 0 where they are numbered.
  var actions = 0
  var hasSuccess = false
  var best: Program?
  var second: Program?
  /// Whether there are scores and all are alike: then nothing is to be learnt from them.
  var isHopeless = false

  init(_ prompt: String) {
    var part = ""
    var isProgram = false
    for line in prompt.split(separator: "\n") {
      if line.hasPrefix("# ") {
        part = String(line)
        isProgram = false
        if part == DesignPrompt.bestTitle { best = Program() }
        if part == DesignPrompt.secondTitle { second = Program() }
        continue
      }
      if line == DesignPrompt.fence {
        isProgram.toggle()
        continue
      }
      switch part {
      case "# What a program can read": readField(line)
      case DesignPrompt.scoresTitle: readScores(line)
      case DesignPrompt.bestTitle: DesignReading.read(line, isProgram, into: &best)
      case DesignPrompt.secondTitle: DesignReading.read(line, isProgram, into: &second)
      default: break
      }
    }
  }

  /// `- distance: a number, -1 to 100: what it is`.
  private mutating func readField(_ line: Substring) {
    let parts = line.dropFirst(2).split(separator: ":", maxSplits: 2)
    guard line.hasPrefix("- "), parts.count > 1 else { return }
    let (name, kind) = (String(parts[0]), parts[1].split(separator: ",", maxSplits: 1).map(\.trimmed))
    if name == "step.success" { hasSuccess = true }
    guard kind.count == 2 else { return }
    let words = kind[0].split(separator: " ")
    let range = kind[1].split(separator: " ")
    guard words.count == 2, words[1].hasPrefix("number"), range.count == 3, let low = Double(range[0]),
      let high = Double(range[2]), low < high
    else { return }
    let count = words[0] == "a" ? 1 : Int(words[0]) ?? 0
    if name == "action" {
      actions = count
    } else if words[0] == "a" {
      quantities.append(Quantity(expression: name, low: low, high: high))
    } else if count <= DesignPrompt.shownElements {
      quantities += (0..<count).map { Quantity(expression: "\(name)[\($0)]", low: low, high: high) }
    }
  }

  private mutating func readScores(_ line: Substring) {
    let scores = line.split(separator: ",").compactMap { Double($0.trimmed) }
    isHopeless = scores.allSatisfy { $0 == scores.first }
  }

  /// A line of a program, or of what is said of its components.
  private static func read(_ line: Substring, _ isProgram: Bool, into program: inout Program?) {
    if isProgram {
      guard line.hasPrefix("reward."), let equals = line.firstRange(of: " = ") else { return }
      let words = line[..<equals.lowerBound].dropFirst(7).split(separator: " ")
      let weight = words.count == 3 ? Double(words[2]) ?? 1 : 1
      program?.components.append(
        Component(name: String(words.first ?? ""), weight: weight, expression: String(line[equals.upperBound...])))
    } else if line.hasPrefix("- "), let colon = line.firstIndex(of: ":"),
      let place = program?.components.firstIndex(where: { $0.name == line[..<colon].dropFirst(2) }),
      let start = line.firstRange(of: "episode of training ")?.upperBound
    {
      program?.components[place].training = line[start...].split(separator: ",").compactMap { Double($0.trimmed) }
    }
  }
}

/// A program of the scripted designer.
struct ScriptedProgram {
  let reading: DesignReading
  var components: [DesignReading.Component]

  /// The most components.
  private static let most = 6

  var text: String {
    components.map { part in
      let weight = part.weight == 1 ? "" : " weight \(DesignPrompt.short(part.weight))"
      return "reward.\(part.name)\(weight) = \(part.expression)"
    }.joined(separator: "\n")
  }

  /// One to four components, knowing nothing.
  mutating func draw(_ random: inout RandomSource) {
    components = []
    for _ in 0...random.integer(in: 0..<4) { add(fresh(&random)) }
  }

  /// One or two changes.
  mutating func improve(_ random: inout RandomSource) {
    let before = text
    var changes = random.chance(0.3) ? 2 : 1
    // A change may undo another, or come to nothing; a program that was tried is no use.
    for _ in 0..<20 where changes > 0 || text == before {
      change(&random)
      changes -= 1
    }
  }

  private mutating func change(_ random: inout RandomSource) {
    let all = components.reduce(0) { $0 + $1.size }
    if let large = components.firstIndex(where: { $0.size > 5 * (all - $0.size) }), components.count > 1,
      random.chance(0.3)
    {
      components[large].weight /= random.chance(0.5) ? 3 : 10
      return
    }
    if let flat = components.firstIndex(where: \.isFlat), random.chance(0.35) {
      components.remove(at: flat)
      return add(fresh(&random))
    }
    let others = reading.second?.components.filter { part in !components.contains { $0.name == part.name } } ?? []
    switch random.uniform() {
    case ..<0.25 where !others.isEmpty: add(others[random.integer(in: 0..<others.count)])
    case ..<0.6 where components.count < ScriptedProgram.most: add(fresh(&random))
    case ..<0.85:
      let place = random.integer(in: 0..<components.count)
      components[place].weight *= random.chance(0.5) ? 3 : 1.0 / 3
    default:
      if components.count > 1 { components.remove(at: random.integer(in: 0..<components.count)) }
    }
  }

  /// Adds a component, or puts it in the place of the one of its name.
  private mutating func add(_ part: DesignReading.Component) {
    if let place = components.firstIndex(where: { $0.name == part.name }) {
      components[place] = part
    } else {
      components.append(part)
    }
  }

  /// A component of a form and a quantity that are drawn.
  private func fresh(_ random: inout RandomSource) -> DesignReading.Component {
    let weight = [0.1, 0.3, 1, 3][random.integer(in: 0..<4)]
    let general = random.integer(in: 0..<8)
    if general == 0 || reading.quantities.isEmpty { return .init(name: "time", weight: weight, expression: "-0.01") }
    if general == 1, reading.hasSuccess {
      return .init(name: "success", weight: 10 * weight, expression: "number(step.success)")
    }
    if general == 1, reading.actions > 0 {
      return .init(name: "effort", weight: weight, expression: "-norm(action)")
    }
    let quantity = reading.quantities[random.integer(in: 0..<reading.quantities.count)]
    let field = quantity.expression
    let name = field.filter { $0.isLetter || $0.isNumber }.capitalizedFirst
    let unit = DesignPrompt.short(quantity.unit)
    switch random.integer(in: 0..<6) {
    case 0, 1: return .init(name: "less\(name)", weight: weight, expression: "(before(\(field)) - \(field)) / \(unit)")
    case 2: return .init(name: "more\(name)", weight: weight, expression: "(\(field) - before(\(field))) / \(unit)")
    case 3 where quantity.low <= 0 && quantity.high >= 0:
      let margin = DesignPrompt.short(quantity.unit * (random.chance(0.5) ? 1 : 3))
      return .init(name: "near\(name)", weight: weight, expression: "tolerance(\(field), 0, 0, \(margin))")
    case 3, 4: return .init(name: "high\(name)", weight: weight, expression: "\(field) / \(unit) / 10")
    default: return .init(name: "low\(name)", weight: weight, expression: "-\(field) / \(unit) / 10")
    }
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
