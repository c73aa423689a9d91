public import Groundwork

/// A published statement that `forage reproduce` tests: what is done once a seed, what is measured of it, and what must
/// come out.
///
/// A claim is one file and one line in the catalog. Its experiment is run once for each seed, from nothing but that
/// seed and the size; figures and verdict are made of what the seeds measured. Not a benchmark: nothing is ranked, and
/// the verdict can be that it does not hold here, which is a finding.
public struct Claim: Sendable {
  /// How large the experiment is.
  public struct Size: Codable, Hashable, Sendable {
    /// What it is called in files.
    public enum Name: String, Codable, Sendable, CaseIterable {
      /// What an ordinary machine does in minutes.
      case scaled
      /// The published size, as near as what is here comes to it.
      case full
    }

    /// How many seeds, at least `Claim.fewestSeeds`.
    public var seeds: Int
    /// What is run, and in what it differs from what was published, in a sentence or two.
    public var summary: String
    /// The numbers that the experiment reads, by name: steps, episodes, levels.
    public var values: [String: Int]

    /// A size; fewer than `Claim.fewestSeeds` seeds stop the program.
    public init(seeds: Int, summary: String, values: [String: Int]) {
      precondition(seeds >= Claim.fewestSeeds, "a claim needs \(Claim.fewestSeeds) seeds at least")
      self.seeds = seeds
      self.summary = summary
      self.values = values
    }
  }

  /// With fewer seeds nothing is said of how much they differ.
  public static let fewestSeeds = 5

  /// `subject/name`, for example `go-explore/cell-selection`.
  public let id: String
  /// The paper.
  public let source: String
  /// What it says, in a sentence of our own.
  public let statement: String
  /// The size by default.
  public let scaled: Size
  /// With `--full`.
  public let full: Size
  /// What is measured of each seed, in the order of the tables.
  public let quantities: [ClaimQuantity]
  /// What is made of the seeds' measurements.
  public let figures: [ClaimFigure]
  /// What must come out; the claim is held when all of them are.
  public let criteria: [ClaimCriterion]
  /// The trainings whose curves and episodes the page shows, by the names that the experiment gives them.
  public let shownTrainings: [String]
  /// Measures one seed: a value for each quantity.
  let experiment: @Sendable (ClaimSeed) throws -> [String: Double]

  /// - Parameter experiment: A pure function of the seed and the size; what it trains goes through `ClaimSeed.train`,
  ///   and long computations ask `ClaimSeed.checkStop` now and then.
  /// - Precondition: Figures name quantities, criteria name figures, and there is a criterion.
  public init(
    _ id: String, source: String, statement: String, scaled: Size, full: Size, quantities: [ClaimQuantity],
    figures: [ClaimFigure], criteria: [ClaimCriterion], shownTrainings: [String] = [],
    experiment: @escaping @Sendable (ClaimSeed) throws -> [String: Double]
  ) {
    let names = quantities.map(\.name)
    precondition(Set(names).count == names.count, "claim '\(id)' has a quantity twice")
    precondition(
      figures.allSatisfy { $0.quantities.allSatisfy(names.contains) },
      "claim '\(id)' has a figure of an unknown quantity")
    precondition(
      !criteria.isEmpty && criteria.allSatisfy { criterion in figures.contains { $0.name == criterion.figure } },
      "claim '\(id)' needs criteria of its figures")
    self.id = id
    self.source = source
    self.statement = statement
    self.scaled = scaled
    self.full = full
    self.quantities = quantities
    self.figures = figures
    self.criteria = criteria
    self.shownTrainings = shownTrainings
    self.experiment = experiment
  }

  /// The size of that name.
  public func size(_ name: Size.Name) -> Size { name == .full ? full : scaled }

  /// A digest of all that is declared: measurements that were made under other words or numbers are not mixed in.
  func definition(_ name: Size.Name) -> String {
    let size = size(name)
    let parts: JSON = [
      "id": .string(id), "source": .string(source), "statement": .string(statement), "summary": .string(size.summary),
      "values": JSON(encoding: size.values), "quantities": .array(quantities.map { .string($0.text) }),
      "figures": .array(figures.map { .string("\($0.name): \($0.statistic.text)") }),
      "criteria": .array(criteria.map { .string("\($0.figure) \($0.rule.text)") }),
    ]
    return Checkpoint.digest(Array(parts.text().utf8))
  }
}

extension Claim {
  /// What is declared, as `forage reproduce --list --json` prints it.
  public var document: JSON {
    func size(_ size: Size) -> JSON {
      ["seeds": .integer(size.seeds), "summary": .string(size.summary), "values": JSON(encoding: size.values)]
    }
    return [
      "id": .string(id), "source": .string(source), "statement": .string(statement), "scaled": size(scaled),
      "full": size(full),
      "quantities": .array(quantities.map { ["name": .string($0.name), "unit": .string($0.unit)] }),
      "figures": .array(figures.map { ["name": .string($0.name), "statistic": .string($0.statistic.text)] }),
      "criteria": .array(criteria.map { ["figure": .string($0.figure), "rule": .string($0.rule.text)] }),
    ]
  }
}
