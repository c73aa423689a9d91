internal import Groundwork

/// What came out of a claim: `result.json`, and what `forage reproduce --json` prints.
///
/// A function of the claim and what its seeds measured: no clock, no path and no machine is in it.
public struct ClaimResult: Codable, Hashable, Sendable {
  /// The format's version; a file of another one is refused.
  public static let version = 1

  /// A figure with its 95 % interval.
  public struct Figure: Codable, Hashable, Sendable {
    /// The figure's, as the claim has it.
    public var name: String
    /// How it is made of the quantities.
    public var statistic: String
    /// Digits after the point when it is printed.
    public var digits: Int
    /// NaN where it is not defined.
    public var value: Double
    /// The ends of the interval; nil without one.
    public var low: Double?
    /// The upper end; see `low`.
    public var high: Double?
    /// `[seeds]`: the same figure of each seed alone.
    public var bySeed: [Double]

    /// Value and interval together; its number of runs is not kept and is 0.
    public var estimate: Estimate {
      Estimate(value: value, interval: low.flatMap { low in high.map { Interval(low: low, high: $0) } }, runs: 0)
    }
  }

  /// One thing that must come out.
  public struct Criterion: Codable, Hashable, Sendable {
    /// The name of the figure that it is about.
    public var figure: String
    /// Goes on from the figure's name: "above 1".
    public var rule: String
    /// What the figure's interval says of the rule.
    public var verdict: ClaimVerdict
  }

  /// The version of the format that it was read from or will be written in.
  public var version = ClaimResult.version
  /// The version of the program that made it.
  public var forage = Program.version
  /// The claim's id.
  public var claim: String
  /// The paper.
  public var source: String
  /// What the paper says, in a sentence of our own.
  public var statement: String
  /// Scaled or full.
  public var size: Claim.Size.Name
  /// What was run.
  public var summary: String
  /// The size's numbers.
  public var values: [String: Int]
  /// The command that repeats it.
  public var command: String
  /// The seeds that were measured, in the order of `measured`.
  public var seeds: [UInt64]
  /// Of every interval.
  public var confidence = 0.95
  /// By quantity, in the order of the seeds.
  public var measured: [String: [Double]]
  /// What a quantity's values are, by its name.
  public var units: [String: String]
  /// In the claim's order.
  public var figures: [Figure]
  /// In the claim's order, at least one.
  public var criteria: [Criterion]
  /// Of all criteria together.
  public var verdict: ClaimVerdict
  /// What must be known to judge it.
  public var notes: [String]

  /// - Parameter samples: `[seeds]`
  init(_ claim: Claim, _ description: ClaimDescription, _ samples: [ClaimSample]) {
    let size = claim.size(description.size)
    self.claim = claim.id
    source = claim.source
    statement = claim.statement
    self.size = description.size
    summary = size.summary
    values = size.values
    command = description.command
    seeds = samples.map(\.seed)
    measured = [:]
    units = [:]
    for quantity in claim.quantities {
      measured[quantity.name] = samples.map { $0.values[quantity.name]! }
      units[quantity.name] = quantity.unit
    }
    let trials: (String) -> Int? = { name in
      claim.quantities.first { $0.name == name }?.trials.flatMap { size.values[$0] }
    }
    let estimates = claim.figures.map { $0.estimate(samples.map(\.values), trials: trials) }
    figures = zip(claim.figures, estimates).map { figure, estimate in
      Figure(
        name: figure.name, statistic: figure.statistic.text, digits: figure.digits, value: estimate.value,
        low: estimate.interval?.low, high: estimate.interval?.high,
        bySeed: samples.map { figure.estimate([$0.values], trials: trials).value })
    }
    criteria = claim.criteria.map { criterion in
      let place = claim.figures.firstIndex { $0.name == criterion.figure }!
      return Criterion(
        figure: criterion.figure, rule: criterion.rule.text, verdict: criterion.rule.verdict(estimates[place]))
    }
    verdict = ClaimVerdict(of: criteria.map(\.verdict))
    notes = samples.flatMap { sample in sample.notes.map { "Seed \(sample.seed): \($0)." } }
  }

  init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(path, kind: "a claim's result", version: ClaimResult.version, as: .document,
      fix: "Remove it; the same command writes it anew")
    self = try document.decoded(name: "'\(path)'")
  }

  var text: String { SealedDocument.text(of: self) }

  /// The document as `--json` prints it: the bytes of `result.json`.
  public var document: String { text }

  /// What came out, a sentence for each criterion.
  public var sentences: [String] {
    criteria.map { criterion in
      let figure = figure(criterion.figure)!
      let found = "\(figure.name) is \(NumberText.estimate(figure.estimate, digits: figure.digits))"
      switch criterion.verdict {
      case .held: return "\(found), \(criterion.rule): held."
      case .notHeld: return "\(found), not \(criterion.rule): not held here."
      case .undecided: return "\(found): \(seeds.count) seeds do not tell whether it is \(criterion.rule)."
      }
    }
  }

  /// The figure of that name.
  public func figure(_ name: String) -> Figure? { figures.first { $0.name == name } }
}
