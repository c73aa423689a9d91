import Groundwork

/// The parts of a character, each named by its first three letters as in NetHack, with hyphens between:
/// `val-dwa-law-fem`.
///
/// NetHack takes another part in silence where two do not go together; here they are refused. What is left out, the
/// game chooses.
///
/// Source: NetHack 3.6.7's guidebook, section 3.3.
struct CharacterParts {
  /// What a role or race allows.
  private struct Allowed {
    var races = ["hum"]
    var alignments: [String]
    var genders = ["mal", "fem"]
  }

  private static let roles: [String: Allowed] = [
    "arc": Allowed(races: ["hum", "dwa", "gno"], alignments: ["law", "neu"]),
    "bar": Allowed(races: ["hum", "orc"], alignments: ["neu", "cha"]),
    "cav": Allowed(races: ["hum", "dwa", "gno"], alignments: ["law", "neu"]),
    "hea": Allowed(races: ["hum", "gno"], alignments: ["neu"]),
    "kni": Allowed(alignments: ["law"]),
    "mon": Allowed(alignments: ["law", "neu", "cha"]),
    "pri": Allowed(races: ["hum", "elf"], alignments: ["law", "neu", "cha"]),
    "rog": Allowed(races: ["hum", "orc"], alignments: ["cha"]),
    "ran": Allowed(races: ["hum", "elf", "gno", "orc"], alignments: ["neu", "cha"]),
    "sam": Allowed(alignments: ["law"]),
    "tou": Allowed(alignments: ["neu"]),
    "val": Allowed(races: ["hum", "dwa"], alignments: ["law", "neu"], genders: ["fem"]),
    "wiz": Allowed(races: ["hum", "elf", "gno", "orc"], alignments: ["neu", "cha"]),
  ]

  private static let races: [String: [String]] = [
    "hum": ["law", "neu", "cha"], "elf": ["cha"], "dwa": ["law"], "gno": ["neu"], "orc": ["cha"],
  ]

  private static let alignments = ["law", "neu", "cha"]
  private static let genders = ["mal", "fem"]

  /// Every part there is.
  private static var all: [String] { roles.keys.sorted() + races.keys.sorted() + alignments + genders }

  /// - Parameter setting: Parts in any order, or `@` for a role that each game draws.
  /// - Throws: `UserError` for a word that is no part, two parts of a kind, or parts that do not go together.
  static func check(_ setting: String) throws(UserError) {
    guard setting != "@" else { return }
    let parts = setting.split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
    guard parts.allSatisfy({ all.contains($0) }) else {
      throw UserError(
        "'\(setting.prefix(60))' is no character",
        fix: "For example --set character=val-dwa-law-fem, or @ for any. A part is one of "
          + all.joined(separator: ", "))
    }
    /// The part of a kind; several are refused.
    func one(of kind: [String]) throws(UserError) -> String? {
      let found = parts.filter { kind.contains($0) }
      guard found.count < 2 else {
        throw UserError(
          "character=\(setting.prefix(60)) names both '\(found[0])' and '\(found[1])'",
          fix: "Name one of \(kind.sorted().joined(separator: ", "))")
      }
      return found.first
    }
    let (role, race) = (try one(of: Array(roles.keys)), try one(of: Array(races.keys)))
    let (alignment, gender) = (try one(of: alignments), try one(of: genders))
    /// Refuses a part that is not among those that another one allows.
    func require(_ part: String?, _ allowed: [String]?, by other: String?) throws(UserError) {
      guard let part, let allowed, let other, !allowed.contains(part) else { return }
      throw UserError(
        "character=\(setting) cannot be: '\(other)' and '\(part)' do not go together",
        fix: "With '\(other)' goes \(allowed.joined(separator: ", "))")
    }
    let allowed = role.flatMap { roles[$0] }
    try require(race, allowed?.races, by: role)
    try require(alignment, allowed?.alignments, by: role)
    try require(gender, allowed?.genders, by: role)
    try require(alignment, race.flatMap { races[$0] }, by: race)
  }
}
