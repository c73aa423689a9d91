#if NetHack && os(Linux) && arch(x86_64)
  import ReinforcementLearning

  /// MiniHack's levels: every .des file that its package ships, and the rooms and mazes of its generator.
  enum MiniHack {
    /// Rooms, mazes, navigation, memory, skills and Sokoban; MiniHack's ids are aliases.
    static var environments: [EnvironmentListing] { rooms + mazes + navigation + memory + skills + sokoban }

    /// A listing with MiniHack's own id as its alias.
    ///
    /// - Parameter isRegistered: Whether it has one: of some levels the package has the file alone.
    private static func listing(
      _ name: String, level: String, _ summary: String, base: NetHackConfiguration = walker, isRegistered: Bool = true,
      _ change: (inout NetHackConfiguration) -> Void = { _ in }
    ) -> EnvironmentListing {
      var configuration = base
      configuration.level = NetHackLevel(level)
      change(&configuration)
      return EnvironmentListing(
        "minihack/\(name)", NetHack.self, configuration: configuration, roles: SettingRoles(fixed: ["task"]),
        aliases: isRegistered ? ["MiniHack-\(name)-v0"] : [], summary: summary,
        isRepresentative: representatives.contains(name))
    }

    /// A level of each way in which levels are made, walked, paid for.
    private static let representatives: Set<String> = [
      "Room-Ultimate-5x5", "Corridor-R2", "KeyRoom-S5", "ExploreMaze-Easy", "Chest",
    ]

    /// MiniHack's navigation tasks: a rogue who walks.
    private static let walker: NetHackConfiguration = {
      var configuration = NetHackConfiguration()
      configuration.task = .staircase
      configuration.character = "rog-hum-cha-mal"
      configuration.options = NetHackConfiguration.levelOptions + ",pettype:none"
      configuration.actions = "compass"
      configuration.spawnsMonsters = false
      configuration.timeLimit = 100
      return configuration
    }()

    /// Its skills: a caveman with all keys, who is asked for letters and picks nothing up by walking.
    private static let handler: NetHackConfiguration = {
      var configuration = walker
      configuration.character = "cav-hum-neu-mal"
      configuration.options = NetHackConfiguration.levelOptions + ",!autopickup,pettype:none"
      configuration.actions = "skill"
      configuration.asksAll = true
      configuration.timeLimit = 250
      return configuration
    }()

    /// `Room-*`: 5 x 5 and 15 x 15 squares, plain, dark, with monsters, with traps, or with all of them; 20
    /// steps a square of side.
    private static var rooms: [EnvironmentListing] {
      [5, 15].flatMap { size -> [EnvironmentListing] in
        let (monsters, traps) = size == 5 ? (1, 1) : (3, 15)
        let kinds = [
          ("", "", "walk to the stairs in the other corner"),
          ("Random-", " random", "walk to the stairs, start and stairs anywhere"),
          ("Dark-", " random dark", "find the stairs in the dark"),
          ("Monster-", " random \(monsters) monsters", "walk to the stairs past monsters"),
          ("Trap-", " random \(traps) traps", "walk to the stairs past traps that teleport"),
          (
            "Ultimate-", " random dark \(monsters) monsters \(traps) traps",
            "find the stairs in the dark past monsters and traps"
          ),
        ]
        return kinds.map { kind, words, summary in
          listing("Room-\(kind)\(size)x\(size)", level: "room \(size)\(words)", summary) { $0.timeLimit = 20 * size }
        }
      }
    }

    /// `MazeWalk-*`: mazes of three sizes, mapped or not, and one from a file.
    private static var mazes: [EnvironmentListing] {
      [(9, 9), (15, 15), (45, 19)].flatMap { width, height in
        [
          ("", "", "find the stairs in a maze"),
          ("Mapped-", " mapped", "walk to the stairs of a maze whose map is known"),
        ].map {
          kind, words, summary in
          listing("MazeWalk-\(kind)\(width)x\(height)", level: "maze \(width)x\(height)\(words)", summary) {
            $0.timeLimit = width == 9 ? 200 : 1000
          }
        }
      } + [
        listing("MazeWalk-File-11x11", level: "mazewalk", "a mapped maze from a file", isRegistered: false) {
          $0.timeLimit = 200
        }
      ]
    }

    /// `Corridor-*`, `HideNSeek-*` and `KeyRoom-*`, from MiniHack's .des files.
    private static var navigation: [EnvironmentListing] {
      let corridors = [2, 3, 5, 8, 10].map { rooms in
        listing(
          "Corridor-R\(rooms)", level: "corridor\(rooms)", "find the stairs through \(rooms) rooms and their corridors",
          isRegistered: rooms <= 5
        ) {
          $0.actions = "navigation"
          $0.timeLimit = 1000
        }
      }
      let hiding = [("", "", 200), ("Mapped-", "_mapped", 200), ("Lava-", "_lava", 200), ("Big-", "_big", 400)].map {
        kind, file, limit in
        listing(
          "HideNSeek\(kind.isEmpty ? "" : "-" + kind.dropLast())", level: "hidenseek\(file)",
          "reach the stairs unseen by a monster"
        ) { $0.timeLimit = limit }
      }
      let keyRooms = [(5, 2, 200), (15, 5, 400)].flatMap { size, inner, limit in
        [false, true].map { isDark in
          listing(
            "KeyRoom-\(isDark ? "Dark-" : "")S\(size)", level: "key_and_door_tmp",
            "pick a key up and unlock the room of the stairs"
          ) {
            $0.levelWords = ["RS", "\(size)", "SS", "\(inner)"] + (isDark ? ["lit", "unlit"] : [])
            keyHolder(&$0, limit: limit)
          }
        }
      }
      let fixed = listing("KeyRoom-Fixed-S5", level: "key_and_door", "the same key and door in every episode") {
        keyHolder(&$0, limit: 200)
      }
      return corridors + hiding + keyRooms + [fixed]
    }

    /// Keys that pick up and unlock, with the letters and answers that MiniHack types by itself.
    ///
    /// MiniHack's `KeyRoomEnv` types the letters of keys and answers by itself; `unlocksByApply` stands for
    /// that.
    private static func keyHolder(_ configuration: inout NetHackConfiguration, limit: Int) {
      configuration.actions = "keyRoom"
      configuration.options = NetHackConfiguration.levelOptions + ",!autopickup,pettype:none"
      configuration.unlocksByApply = true
      configuration.timeLimit = limit
    }

    /// `ExploreMaze-*`, where apples pay before the stairs do, and `Memento-*`, where the start tells the way
    /// at the end.
    private static var memory: [EnvironmentListing] {
      let mazes = ["Easy", "Hard"].flatMap { size in
        [("", ""), ("-Mapped", "_premapped")].map { kind, file in
          listing(
            "ExploreMaze-\(size)\(kind)", level: "exploremaze\(size.lowercased())\(file)",
            "eat apples, then find the stairs"
          ) {
            $0.task = .events
            $0.events = [
              .init(appleTexts, reward: 0.5, repeats: true, isRequired: false),
              .init(["Mission Complete."], reward: 0, ends: true),
            ]
            $0.stairsReward = 1
            $0.options = NetHackConfiguration.levelOptions + ",!autopickup,pettype:none"
            $0.actions = "maze"
            $0.asksAll = true
            $0.timeLimit = 500
          }
        }
      }
      let mementos = [("Short-F2", "short"), ("F2", "easy"), ("F4", "hard")].map { kind, file in
        listing(
          "Memento-\(kind)", level: "memento_\(file)", "remember what was seen at the start, then choose the right way"
        ) {
          $0.task = .events
          $0.events = [
            .init(["squeak"], reward: -1, ends: true),
            .init(["You kill the grid bug"], ends: true),
          ]
          $0.timeLimit = 5000
        }
      }
      return mazes + mementos
    }

    /// What the game says when an apple was eaten.
    private static let appleTexts = [
      "This apple is delicious", "Blecch!  Rotten food!", "last bite of your meal", "Delicious!  Must be a Macintosh!",
      "Core dumped.",
    ]

    /// `ClosedDoor` to `Quest`: single skills, then lava to be crossed, then both with monsters.
    private static var skills: [EnvironmentListing] {
      [
        listing("ClosedDoor", level: "closed_door", "find a closed door and open it", base: handler),
        listing("LockedDoor", level: "locked_door", "kick a locked door in", base: handler),
        listing("LockedDoor-Fixed", level: "locked_door_fixed", "the same locked door in every episode", base: handler),
        listing("Chest", level: "chest", "unlock a chest and eat the apple in it", base: handler, isRegistered: false) {
          $0.task = .events
          $0.events = [.init(appleTexts)]
        },
        listing(
          "LavaCross-Full", level: "lava_crossing", "cross lava by what lies about, with all keys", base: handler),
        listing("LavaCross-Restricted", level: "lava_crossing", "cross lava with the keys that can help", base: handler)
        {
          $0.actions = "crossing"
        },
        quest("Easy", limit: 500), quest("Medium", limit: 1000), quest("Hard", limit: 1000),
        listing(
          "Quest", level: "quest", "the whole quest: a wand, a river of lava, monsters", base: handler,
          isRegistered: false
        ) {
          $0.timeLimit = 1000
        },
      ]
    }

    /// A quest of a size; the sizes differ in who plays, what is picked up by walking, and how long.
    private static func quest(_ size: String, limit: Int) -> EnvironmentListing {
      listing(
        "Quest-\(size)", level: "quest_\(size.lowercased())", "find what crosses the lava, then fight", base: handler
      ) {
        $0.timeLimit = limit
        if size != "Hard" { $0.options = NetHackConfiguration.levelOptions + ",pettype:none" }
        if size == "Medium" { $0.character = "kni-hum-law-fem" }
      }
    }

    /// NetHack's eight Sokoban levels, the entry ones `4a` and `4b` first to be solved.
    private static var sokoban: [EnvironmentListing] {
      ["1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b"].map { number in
        var configuration = walker
        configuration.task = .sokoban
        configuration.level = NetHackLevel("soko\(number)")
        configuration.actions = "north,east,south,west,northeast,southeast,southwest,northwest,open,eat,pickup"
        configuration.timeLimit = 2000
        return EnvironmentListing(
          "minihack/Sokoban\(number)", NetHack.self, configuration: configuration, roles: SettingRoles(fixed: ["task"]),
          aliases: ["MiniHack-Sokoban\(number)-v1"],
          summary: "push boulders into all pits, then take the stairs", isRepresentative: number == "4a")
      }
    }
  }
#endif
