#if NetHack && os(Linux) && arch(x86_64)
  import ReinforcementLearning

  /// The tasks of the NetHack Learning Environment, on the whole dungeon.
  enum NLE {
    /// The eight tasks of NLE 1.3 under `NetHack*-v0` as aliases, and `Descend`, which is this project's.
    static var environments: [EnvironmentListing] {
      [
        listing("Score", summary: "the real NetHack: what the game's own score grows by") { _ in },
        listing("Staircase", summary: "find the stairs that lead down") { $0.task = .staircase },
        listing("StaircasePet", summary: "find the stairs down with the pet beside you") { $0.task = .staircasePet },
        listing("Oracle", summary: "reach the Oracle, levels below") { $0.task = .oracle },
        listing("Gold", summary: "collect gold") {
          $0.task = .gold
          $0.options = NetHackConfiguration.usualOptions.split(separator: ",")
            .map { $0.hasPrefix("pickup_types:") ? "pickup_types:$" : String($0) }.joined(separator: ",")
        },
        listing("Eat", summary: "eat what nourishes") { $0.task = .eat },
        listing("Scout", summary: "see as much of the dungeon as you can") { $0.task = .scout },
        // Not one of NLE's: what exploration is measured by.
        listing("Descend", summary: "go down as many levels as you can") {
          $0.task = .descend
          $0.fixedDice = true
          $0.actions = (Key.compass + Key.longCompass).map(\.name).joined(separator: ",") + ",down,search,kick"
          $0.penaltyStep = 0
        },
        listing("Challenge", summary: "the NetHack Challenge: any character, every key, all menus and prompts") {
          $0.character = "@"
          $0.actions = "all"
          $0.asksAll = true
          $0.showsAll = true
          $0.penaltyStep = 0
          $0.timeLimit = 1_000_000
          $0.stallLimit = 10_000
        },
      ]
    }

    private static func listing(
      _ name: String, summary: String, _ change: (inout NetHackConfiguration) -> Void
    ) -> EnvironmentListing {
      var configuration = NetHackConfiguration()
      change(&configuration)
      return EnvironmentListing(
        "nethack/\(name)", NetHack.self, configuration: configuration, roles: SettingRoles(fixed: ["task"]),
        aliases: name == "Descend" ? [] : ["NetHack\(name)-v0"], summary: summary,
        isRepresentative: ["Score", "Staircase", "Scout"].contains(name))
    }
  }
#endif
