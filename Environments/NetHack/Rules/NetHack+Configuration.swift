extension NetHackConfiguration {
  /// What the player is paid for.
  ///
  /// Tasks that can be done (stairs, the Oracle, events, Sokoban) end the episode and pay `winReward`; the
  /// others go on until death or the time limit, and are judged by their return.
  public enum Task: String, Codable, Hashable, Sendable, CaseIterable {
    /// What the game's own score grows by.
    case score
    /// 1 for standing on stairs that lead down, which ends the episode.
    case staircase
    /// 1 for that with the pet beside the player.
    case staircasePet
    /// 1 for standing beside the Oracle, which ends the episode.
    case oracle
    /// Gold pieces.
    case gold
    /// Nutrition, where it grows.
    case eat
    /// Squares of a level that show something for the first time.
    case scout
    /// 1 for each level that is deeper than any before.
    case descend
    /// What the messages in `events` pay, which may end the episode; standing on stairs down ends it too.
    case events
    /// 1 for the stairs once every pit is filled, a part of it for each pit.
    case sokoban
  }

  /// How a step in which the game's clock stands is paid.
  ///
  /// The clock stands while menus, prompts and free actions such as looking around go by. Names and formulas
  /// are NLE's.
  public enum Penalty: String, Codable, Hashable, Sendable, CaseIterable {
    /// `penaltyStep` for each such step.
    case constant
    /// `penaltyStep` times 2 to the number of such steps in a row, at most 30.
    case exp
    /// `penaltyStep` times that number's square.
    case square
    /// `penaltyStep` times that number.
    case linear
    /// `penaltyStep` for every step, whatever the clock does.
    case always
  }

  /// Messages that pay: what MiniHack's reward managers are made of.
  ///
  /// At most 64 of them. Texts are compared with the top line as the game writes it, so they must match to the
  /// letter.
  public struct Event: Codable, Hashable, Sendable {
    /// The event happened when the message holds any of these.
    public var texts: [String]
    /// Paid when it happens.
    public var reward = 1.0
    /// Whether it can happen again.
    public var repeats = false
    /// Whether it ends the episode by itself.
    public var ends = false
    /// Whether the episode ends once it and all others that are required have happened.
    public var isRequired = true

    /// Messages that pay; by default once, without an ending of their own but as one of those that together end
    /// the episode.
    public init(
      _ texts: [String], reward: Double = 1, repeats: Bool = false, ends: Bool = false, isRequired: Bool = true
    ) {
      self.texts = texts
      self.reward = reward
      self.repeats = repeats
      self.ends = ends
      self.isRequired = isRequired
    }
  }
}

/// The parameters of a game of NetHack and of what is paid for in it.
///
/// Defaults are NLE's `NetHackScore-v0`; the listings of `nethack/...` and `minihack/...` change some of these
/// and nothing else. Everything is part of a run's configuration but the library itself, whose version is
/// fixed.
public struct NetHackConfiguration: Codable, Hashable, Sendable {
  /// Where the user's `libnethack.so` is, or a virtual environment with `nle` in it; empty: `FORAGE_NETHACK`, then
  /// `.venv-nethack/`.
  public var library = ""
  /// What the player is paid for, and what ends an episode besides death.
  public var task = Task.score
  /// A level to play instead of the dungeon: the name of one of MiniHack's .des files, a path of one, or its text;
  /// empty: the dungeon.
  ///
  /// A path has a slash in it; the file's text becomes part of the configuration. A generated level is written as
  /// words, for example `room 5 random dark` or `maze 9x9 mapped`. Needs the Python package minihack beside nle; a
  /// level is compiled once a process.
  public var level = NetHackLevel("")
  /// Words and what they are replaced by in the level's text, in turn.
  public var levelWords: [String] = []
  /// Role, race, alignment and gender by three letters each, which go together; `@` draws them all.
  public var character = "mon-hum-neu-mal"
  /// NetHack's options, separated by commas. The default is NLE's.
  ///
  /// Shorter than 16,384 bytes; the name, which carries the character, is added. Those that `character` and `wizard`
  /// say (`name`, `role`, `playmode`) are refused.
  public var options = NetHackConfiguration.usualOptions
  /// A set of keys by name, or keys with commas between them.
  ///
  /// `task`, `all`, `useful`, `skill`, `compass`, `navigation`, `maze`, `keyRoom`, `crossing`, or for example
  /// `north,east,south,west,search`.
  public var actions = "task"
  /// The policy's fields: NLE's arrays by name, of the map's also those with `_crop`, with commas between them.
  public var fields = "chars_crop,colors_crop,blstats"
  /// Rows and columns of a crop, odd, 1 to 21.
  ///
  /// The player is in the middle; squares outside the map are 0.
  public var cropSize = 9
  /// Whether questions for a letter reach the player; if not, only those for food, attacks, directions and prayer do.
  public var asksAll = false
  /// Whether menus, texts and `--More--` reach the player.
  public var showsAll = false
  /// Whether monsters come into being by themselves.
  public var spawnsMonsters = true
  /// Whether the game runs in wizard mode, in which keys can do everything.
  public var wizard = false
  /// What wizard mode hands out at the start, with commas between.
  ///
  /// Needs `wizard`; shorter than 4,096 bytes.
  public var wizardKit = ""
  /// Seconds since 1970, UTC: what the game takes for now. It decides the moon, Fridays the 13th, night.
  ///
  /// Episodes are functions of it, too, so it is fixed and never the machine's own.
  public var clock = 1_700_000_000
  /// The seed of the levels' own generator, 0 or more: the same levels whatever the player does. -1: none.
  ///
  /// With it levels no longer come from the game's own dice, whose course depends on what the player does.
  public var levelSeed = -1
  /// Whether the game's dice count as part of its state: what an action leads to can then be found out by trying it on
  /// a copy, as Go-Explore does, and `reseed` changes nothing. A planner that may not know the dice needs false.
  public var fixedDice = false
  /// How `penaltyStep` is paid. The task `sokoban` knows no penalties.
  public var penalty = Penalty.constant
  /// Paid for a step in which the game's clock stands, by `penalty`.
  public var penaltyStep = -0.01
  /// Paid for each turn of the game's clock.
  public var penaltyTime = 0.0
  /// Paid when the task is done, where the task is one that can be, `events` left out.
  public var winReward = 1.0
  /// Paid when the player dies, in the same tasks.
  public var loseReward = 0.0
  /// What the task `events` pays for.
  public var events: [Event] = []
  /// What the task `events` pays for standing on stairs that lead down, which ends it.
  public var stairsReward = 0.0
  /// Whether the key `apply` beside a closed door, with a key carried, unlocks and opens it: letters and answers are
  /// typed by the environment, as in MiniHack's key rooms.
  public var unlocksByApply = false
  /// Steps, at least 1.
  public var timeLimit = 5000
  /// Steps in a row in which the game's clock may stand before the episode is truncated; 0: any number.
  ///
  /// Some prompts and dead ends let the clock stand for ever; NLE's Challenge means to give up after 10,000 steps.
  public var stallLimit = 0

  /// NLE's.
  ///
  /// Coins, scrolls, potions and wands are picked up by walking onto them, no bones of former games are read,
  /// messages name walls, and running is drawn at once.
  public static let usualOptions =
    "autopickup,color,disclose:+i +a +v +g +c +o,mention_walls,nobones,nocmdassist,nolegacy,nosparkle,"
    + "pickup_burden:unencumbered,pickup_types:$?!/,runmode:teleport,showexp,showscore,time"

  /// MiniHack's: everything is picked up that is walked upon.
  public static let levelOptions =
    "color,showexp,nobones,nolegacy,nocmdassist,disclose:+i +a +v +g +c +o,runmode:teleport,mention_walls,nosparkle,"
    + "showscore"

  /// NLE's `NetHackScore-v0`: a monk in the whole dungeon, 23 keys, a view of 9 x 9 squares.
  public init() {}
}
