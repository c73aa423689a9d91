public import Groundwork
public import ReinforcementLearning
internal import RealModule

/// The figures of a comparison of repetitions, one environment at a time: what tables, page and document show.
public struct RepetitionFigures: Sendable {
  /// One agent in one environment.
  public struct Arm: Sendable {
    /// With its settings.
    public var name: String
    /// Which of the comparison's agents it is, from 0.
    public var place: Int
    /// By measure.
    public var estimates: [Estimate]
    /// Of the first measure: its growth over the last two decades.
    public var slope: Estimate
    /// Of the first measure's mean curve.
    public var fit: RegretFit?
    /// By measure.
    public var curves: [[RepetitionCell.Point]]
  }

  /// How one agent stands to another, repetition by repetition.
  public struct Pair: Sendable {
    /// The share of repetitions in which the first was better, equal ones half; with Wilson's interval.
    public var wins: Estimate
    /// Mean of the first measure of the first less the second, with Student's interval.
    public var difference: Estimate
    /// Whether the interval of the difference leaves 0 out.
    public var isDistinguishable: Bool { difference.interval.map { !$0.contains(0) } ?? false }
  }

  /// One environment.
  public struct Section: Sendable {
    /// With its settings.
    public var name: String
    /// What the agents were judged by first.
    public var measures: [Measure]
    /// Those that are finished, in the order in which they were named.
    public var arms: [Arm]
    /// Row against column.
    public var pairs: [[Pair]]
    /// The coefficient of ln T in Lai and Robbins's bound; nil where it is not defined, or not the same in all
    /// repetitions.
    public var laiRobbins: Double?
    /// Steps of an episode.
    public var steps: Int
  }

  /// What was compared.
  public var description: RepetitionDescription
  /// Those of which anything is finished, in the order in which they were named.
  public var sections: [Section]
  /// What a reader must know before the figures: what is not finished or damaged, and left out.
  public var notes: [String]

  /// Figures of what is finished of a comparison.
  ///
  /// - Throws: `UserError` when nothing is.
  public init(_ study: RepetitionStudy) throws(UserError) {
    description = study.description
    sections = []
    notes = []
    var missing: [String] = []
    for (environment, part) in description.environments.enumerated() {
      var cells: [(agent: Int, cell: RepetitionCell)] = []
      for (agent, other) in description.agents.enumerated() {
        do throws(UserError) {
          if let cell = try study.cell(environment: environment, agent: agent) {
            cells.append((agent, cell))
          } else {
            missing.append("\(other.name) in \(part.name)")
          }
        } catch {
          notes.append("Damaged: \(error.description)")
        }
      }
      guard !cells.isEmpty else { continue }
      sections.append(RepetitionFigures.section(part.name, cells, names: description.agents.map(\.name)))
    }
    let wayOn = "Go on with `forage compare --resume \(Shell.quoted(study.path))`"
    guard !sections.isEmpty else {
      throw UserError("nothing of '\(study.path)' is finished\(notes.first.map { ": \($0)" } ?? "")", fix: wayOn)
    }
    if !missing.isEmpty {
      let named = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", ..." : "")
      notes.insert(
        "\(missing.count) of \(description.environments.count * description.agents.count) parts are not finished and "
          + "are left out (\(named)). \(wayOn).", at: 0)
    }
  }

  private static func section(
    _ name: String, _ found: [(agent: Int, cell: RepetitionCell)], names: [String]
  ) -> Section {
    let cells = found.map(\.cell)
    let first = cells[0]
    var bound: Double?
    if let place = first.place("laiRobbins") {
      let coefficients = first.values[place]
      let (least, most) = (coefficients.min()!, coefficients.max()!)
      // Where arms are drawn anew every repetition has a bound of its own, and their mean is of a law without one.
      if least > 0, most.isFinite, most - least <= 1e-4 * most { bound = Aggregate.mean(of: coefficients) }
    }
    let shown = first.measures.indices.filter { first.measures[$0].name != "laiRobbins" }
    let arms = found.map { agent, cell in
      Arm(
        name: names[agent], place: agent, estimates: shown.map { cell.estimate($0) }, slope: cell.slope,
        fit: first.measures[0].name == "regret" ? RegretFit(cell.curves[0].map { ($0.step, $0.mean) }) : nil,
        curves: shown.map { cell.curves[$0] })
    }
    let sign = first.measures[0].direction == .lower ? -1.0 : 1
    let pairs = cells.map { row in
      cells.map { column -> Pair in
        let differences = zip(row.values[0], column.values[0]).map { $0 - $1 }
        let wins = differences.reduce(0.0) { $0 + (sign * $1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) }
        return Pair(
          wins: Estimate(
            value: wins / Double(differences.count),
            interval: SuccessRate.wilsonInterval(successes: wins, trials: differences.count),
            runs: differences.count),
          difference: Estimate(
            value: Aggregate.mean(of: differences), interval: StudentInterval.ofMean(differences),
            runs: differences.count))
      }
    }
    return Section(
      name: name, measures: shown.map { first.measures[$0] }, arms: arms, pairs: pairs, laiRobbins: bound,
      steps: first.curves[0].last?.step ?? 0)
  }

  /// For each pair of agents, the share of environments in which the first is better by a test at 5 % (EVOLvE's win
  /// rate, over all opponents).
  ///
  /// - Parameter agent: Its place among the comparison's agents.
  public func winRate(of agent: Int) -> Double {
    var (wins, trials) = (0.0, 0.0)
    for section in sections {
      guard let row = section.arms.firstIndex(where: { $0.place == agent }) else { continue }
      for other in section.arms.indices where other != row {
        let pair = section.pairs[row][other]
        trials += 1
        if section.isWon(pair) { wins += 1 }
      }
    }
    return trials > 0 ? wins / trials : .nan
  }
}

extension RepetitionFigures.Section {
  /// Whether the mean of the first is the better one.
  func isBetter(_ pair: RepetitionFigures.Pair) -> Bool {
    measures[0].direction == .lower ? pair.difference.value < 0 : pair.difference.value > 0
  }

  /// Whether the mean of the first is better by a test at 5 %.
  func isWon(_ pair: RepetitionFigures.Pair) -> Bool { pair.isDistinguishable && isBetter(pair) }

  /// Lai and Robbins's bound at the end; nil where it is not defined.
  public var bound: Double? { laiRobbins.map { $0 * Double.log(Double(max(1, steps))) } }
}

extension RepetitionFigures {
  static let sharesTitle =
    "share of repetitions in which the row is better than the column; * where the row's mean is better (test at 5 %)"

  /// Tables for a terminal.
  public func terminalText(width: Int? = nil) -> String {
    var blocks = notes.map { PlainText.wrapped($0, width) + "\n" }
    for section in sections {
      var head = ["agent"] + section.measures.map(\.name) + ["slope", "a", "b"]
      if section.bound != nil { head.append("over bound") }
      let rows = section.arms.map { arm -> [String] in
        var row = [arm.name] + zip(section.measures, arm.estimates).map { measure, estimate in
          NumberText.estimate(estimate, digits: measure.range == 0...1 ? 3 : nil)
        }
        row.append(arm.slope.value.isNaN ? NumberText.missing : NumberText.estimate(arm.slope, digits: 2))
        row.append(arm.fit?.powerText ?? NumberText.missing)
        row.append(arm.fit.map { NumberText.fixed($0.linear, 5) } ?? NumberText.missing)
        if let bound = section.bound { row.append(NumberText.fixed(arm.estimates[0].value / bound, 2)) }
        return row
      }
      var text = "\(section.name), \(description.repetitions) repetitions of \(section.steps) pulls\n"
      text += PlainText.table([head] + rows, width)
      if section.arms.count > 1 {
        let title = RepetitionFigures.sharesTitle
        text += "\n\(PlainText.wrapped(title, width))\n"
        text += PlainText.table(
          [[""] + section.arms.map(\.name)]
            + section.arms.indices.map { row in
              [section.arms[row].name]
                + section.arms.indices.map { column in
                  guard row != column else { return NumberText.missing }
                  let pair = section.pairs[row][column]
                  return (section.isWon(pair) ? "* " : "") + NumberText.estimate(pair.wins, digits: 2)
                }
            }, width)
      }
      if let bound = section.bound {
        let coefficient = NumberText.fixed(section.laiRobbins!, 2)
        let end = NumberText.short(bound)
        text +=
          PlainText.wrapped(
            "Lai and Robbins's bound: \(coefficient) ln T, at the end \(end); it holds in the long run, so that an "
              + "algorithm may be below it for now", width) + "\n"
      }
      blocks.append(text)
    }
    if sections.count > 1 {
      blocks.append(
        "pairs of agent and environment won by a test at 5 %\n"
          + PlainText.table(
            [["agent", "won"]]
              + description.agents.indices.map {
                [description.agents[$0].name, NumberText.fixed(winRate(of: $0), 2)]
              }, width))
    }
    blocks.append(
      PlainText.wrapped(
        "[low, high] are 95 % intervals over repetitions, which are paired. slope: of log regret over log pulls in the "
          + "last two decades, below 0.9 sub-linear. a, b: regret fitted as l1 ln(T)^a + b T + l2.", width) + "\n")
    return blocks.joined(separator: "\n")
  }

  /// The document of `report.json`.
  public var json: JSON {
    func estimate(_ estimate: Estimate) -> JSON {
      var object: JSON = ["value": number(estimate.value)]
      if let interval = estimate.interval {
        object["low"] = number(interval.low)
        object["high"] = number(interval.high)
      }
      return object
    }
    func number(_ value: Double) -> JSON { value.isFinite ? .number(value) : .null }
    return [
      "command": .string(description.command), "repetitions": .integer(description.repetitions),
      "seed": .string(String(description.seed)), "notes": .array(notes.map { .string($0) }),
      "environments": .array(
        sections.map { section in
          [
            "name": .string(section.name), "steps": .integer(section.steps),
            "laiRobbins": section.laiRobbins.map { number($0) } ?? .null,
            "bound": section.bound.map { number($0) } ?? .null,
            "agents": .array(
              section.arms.indices.map { index in
                let arm = section.arms[index]
                var object: JSON = [
                  "name": .string(arm.name),
                  "measures": .object(
                    Dictionary(
                      uniqueKeysWithValues: zip(section.measures, arm.estimates).map { ($0.name, estimate($1)) })),
                  "slope": estimate(arm.slope),
                  "curve": .array(
                    arm.curves[0].map {
                      [
                        "step": .integer($0.step), "mean": number($0.mean), "low": number($0.low),
                        "high": number($0.high),
                      ]
                    }),
                  "better": .array(section.pairs[index].map { estimate($0.wins) }),
                  "difference": .array(section.pairs[index].map { estimate($0.difference) }),
                ]
                if let fit = arm.fit {
                  object["fit"] = [
                    "coefficient": number(fit.coefficient), "power": number(fit.power), "linear": number(fit.linear),
                    "constant": number(fit.constant), "error": number(fit.error),
                  ]
                }
                return object
              }),
          ]
        }),
      "winRates": .array(description.agents.indices.map { number(winRate(of: $0)) }),
    ]
  }
}
