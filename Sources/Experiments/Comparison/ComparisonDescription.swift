public import Groundwork

/// What is compared: every arm in every environment with every seed. `comparison.json`.
public struct ComparisonDescription: Codable, Hashable, Sendable {
  /// The format's version; a directory of another one is refused.
  public static let version = 2

  /// The version of the format that it was read from or will be written in.
  public var version = ComparisonDescription.version
  /// The version of the program that began it.
  public var forage = Program.version
  /// The command that repeats it.
  public var command: String
  /// The arms' names, in the order of the report; the first is what the others are compared with.
  public var arms: [String]
  /// The environments' names: ids, with settings in parentheses where they have some.
  public var environments: [String]
  /// The runs' seeds, the same for every arm and environment.
  public var seeds: [UInt64]
  /// `[environments x arms]`: the runs' descriptions with the first seed, environment by environment.
  public var cells: [RunDescription]
  /// What was asked for, with which arms and environments can be added; nil where nobody wrote it down.
  public var request: ComparisonRequest?

  /// The suite that it is of; nil for none.
  public var suite: SuiteRecord?

  /// - Parameters:
  ///   - cells: `[environments x arms]`.
  ///   - request: Nil: neither arms nor environments are added to it later.
  public init(
    command: String, arms: [String], environments: [String], seeds: [UInt64], cells: [RunDescription],
    request: ComparisonRequest? = nil
  ) {
    precondition(cells.count == arms.count * environments.count, "a comparison has a cell for each arm and environment")
    self.command = command
    self.arms = arms
    self.environments = environments
    self.seeds = seeds
    self.cells = cells
    self.request = request
  }

  /// Reads a `comparison.json`.
  ///
  /// - Throws: `UserError` when it is of another version, a byte of it has changed, or it lacks a cell.
  public init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(
      path, kind: "a comparison", version: ComparisonDescription.version, as: .comparison)
    self = try document.decoded(name: "'\(path)'")
    guard cells.count == arms.count * environments.count, !cells.isEmpty, !seeds.isEmpty else {
      throw UserError("'\(path)' does not have a run for each arm and environment")
    }
  }

  /// Whether both have the same runs; how they were asked for does not count.
  func isSame(as other: ComparisonDescription) -> Bool {
    var (mine, theirs) = (self, other)
    (mine.request, theirs.request) = (nil, nil)
    (mine.command, theirs.command) = ("", "")
    return mine == theirs
  }

  /// The text of `comparison.json`, with its digest.
  public var text: String { SealedDocument.text(of: self) }

  /// One run of the comparison.
  public struct Run: Sendable, Hashable {
    /// The number of its environment in `environments`.
    public var environment: Int
    /// The number of its arm in `arms`.
    public var arm: Int
    /// The run's seed.
    public var seed: UInt64
    /// Relative to the comparison's directory.
    public var path: String
  }

  /// All runs, seed by seed, so that a comparison that is cut short has all arms alike.
  public var runs: [Run] {
    let environmentNames = ComparisonDescription.fileNames(environments)
    let armNames = ComparisonDescription.fileNames(arms)
    var runs: [Run] = []
    for seed in seeds {
      for environment in environments.indices {
        for arm in arms.indices {
          runs.append(
            Run(
              environment: environment, arm: arm, seed: seed,
              path: "runs/\(environmentNames[environment])/\(armNames[arm])/seed-\(seed)"))
        }
      }
    }
    return runs
  }

  /// The arms' names as reports show them: once arms of another agent were added, each says whose it is. Directories
  /// keep the names that they were begun with.
  var shownArms: [String] {
    guard let asked = request?.arms, asked.count == arms.count, Set(asked.map(\.agent)).count > 1 else { return arms }
    let shown = zip(arms, asked).map { name, arm in name.hasPrefix(arm.agent + ": ") ? name : "\(arm.agent): \(name)" }
    return Set(shown).count == arms.count ? shown : arms
  }

  /// Whether a run's reward is another than the environment's own, which with a weight is another, too: what is paid
  /// with a minus leads astray, however that is written.
  func isDesigned(_ run: Run) -> Bool {
    let terms = cells[run.environment * arms.count + run.arm].reward.terms
    return terms.count != 1 || terms[0].id != "environment" || terms[0].weight != 1
  }

  /// The description of one run.
  public func description(of run: Run) -> RunDescription {
    var description = cells[run.environment * arms.count + run.arm]
    description.run.seed = run.seed
    return description
  }

  /// Names as parts of a path, no two alike: none is empty, means the directory or the one above (`.`, `..`), or is
  /// longer than a file's name may be.
  static func fileNames(_ names: [String]) -> [String] {
    var taken: [String] = []
    for name in names {
      var base = String(
        name.prefix(150).map { character in
          switch character {
          case "*": "x"
          case _ where character.isASCII && (character.isLetter || character.isNumber): character
          case "+", ".", "-", "=": character
          default: "-"
          }
        })
      if base.allSatisfy({ $0 == "." }) { base = "-" + base.map { _ in "-" } }
      var unique = base
      var number = 2
      while taken.contains(where: { $0.lowercased() == unique.lowercased() }) {
        unique = "\(base)-\(number)"
        number += 1
      }
      taken.append(unique)
    }
    return taken
  }
}
