internal import Groundwork

/// Which claim a directory tests, at which size and with which seeds: `claim.json`.
public struct ClaimDescription: Codable, Hashable, Sendable {
  /// The format's version; a directory of another one is refused.
  public static let version = 1

  /// The version of the format that it was read from or will be written in.
  public var version = ClaimDescription.version
  /// The version of the program that began it; another one does not go on with it.
  public var forage = Program.version
  /// The claim's id.
  public var claim: String
  /// Scaled or full.
  public var size: Claim.Size.Name
  /// What is measured, one sample each.
  public var seeds: [UInt64]
  /// A digest of everything that the claim declares.
  public var definition: String
  /// The command that repeats it.
  public var command: String

  /// What is to be tested, under the claim's present words and numbers.
  public init(_ claim: Claim, size: Claim.Size.Name, seeds: [UInt64], command: String) {
    self.claim = claim.id
    self.size = size
    self.seeds = seeds
    definition = claim.definition(size)
    self.command = command
  }

  init(reading path: String) throws(UserError) {
    let document = try SealedDocument.read(path, kind: "a claim", version: ClaimDescription.version, as: .document)
    self = try document.decoded(name: "'\(path)'")
  }

  var text: String { SealedDocument.text(of: self) }

  /// What another description has otherwise, in a few words; nil when measurements of one are those of the other. The
  /// command may differ: it names the directory as it was seen from where it was called.
  func difference(to other: ClaimDescription) -> String? {
    if other.claim != claim { return "the claim '\(other.claim)'" }
    if other.size != size { return "its \(other.size.rawValue) size" }
    if other.seeds != seeds { return "seeds \(ClaimDescription.text(other.seeds))" }
    if other.forage != forage { return "version \(other.forage) of this program" }
    if other.definition != definition { return "an earlier wording of the claim" }
    return nil
  }

  /// Consecutive seeds as people write them: 1 to 5.
  static func text(_ seeds: [UInt64]) -> String {
    guard let first = seeds.first, let last = seeds.last, seeds.count > 1 else {
      return seeds.map(String.init).joined()
    }
    return "\(first) to \(last)"
  }
}

/// What one seed measured: `seeds/<seed>/measured.json`. Its presence means that the seed is done.
public struct ClaimSample: Codable, Hashable, Sendable {
  /// The format's version; a file of another one is refused.
  public static let version = 2

  /// The version of the format that it was read from or will be written in.
  public var version = ClaimSample.version
  /// The version of the program that measured it.
  public var forage = Program.version
  /// The claim's id.
  public var claim: String
  /// Scaled or full.
  public var size: Claim.Size.Name
  /// A digest of everything that the claim declared when it was measured.
  public var definition: String
  /// Which seed measured it.
  public var seed: UInt64
  /// By quantity.
  public var values: [String: Double]
  /// What must be known to judge them.
  public var notes: [String]

  init(_ claim: Claim, size: Claim.Size.Name, seed: UInt64, values: [String: Double], notes: [String]) {
    self.claim = claim.id
    self.size = size
    definition = claim.definition(size)
    self.seed = seed
    self.values = values
    self.notes = notes
  }

  /// - Throws: `UserError` when a byte has changed, or it is not what that seed of the claim measures.
  init(reading path: String, of claim: Claim, size: Claim.Size.Name, seed: UInt64) throws(UserError) {
    let document = try SealedDocument.read(path, kind: "a measurement", version: ClaimSample.version, as: .document,
      fix: "Remove it; the same command measures the seed anew")
    self = try document.decoded(name: "'\(path)'")
    guard self.claim == claim.id, self.seed == seed else {
      throw UserError(
        "'\(path)' is seed \(self.seed) of '\(self.claim)', not seed \(seed) of '\(claim.id)'",
        fix: "Remove it; the same command measures the seed again")
    }
    guard self.size == size, definition == claim.definition(size) else {
      let other = self.size == size ? "an earlier wording of the claim" : "the claim's \(self.size.rawValue) size"
      throw UserError("'\(path)' is of \(other)", fix: "Remove it; the same command measures the seed again")
    }
    try check(claim)
  }

  /// Refuses values that are not one finite number for each quantity, in 0...1 for a rate.
  func check(_ claim: Claim) throws(UserError) {
    guard Set(values.keys) == Set(claim.quantities.map(\.name)) else {
      throw UserError(
        "seed \(seed) of '\(claim.id)' measures \(values.keys.sorted().joined(separator: ", ")), not "
          + claim.quantities.map(\.name).joined(separator: ", "))
    }
    for quantity in claim.quantities {
      let value = values[quantity.name]!
      guard value.isFinite, quantity.trials == nil || (0...1).contains(value) else {
        throw UserError("\(quantity.name) of seed \(seed) of '\(claim.id)' cannot be \(value)")
      }
    }
  }
}
