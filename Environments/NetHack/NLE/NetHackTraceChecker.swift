#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import Groundwork
  import ReinforcementLearning

  /// Plays the recorded keys and compares the digests.
  struct NetHackTraceChecker {
    private let file: TraceFile
    private let library: NetHackLibrary
    private let options: [String]
    private let clock: Int64
    private let game: LiveGame

    /// - Throws: `UserError` when the library is not there, or the first line lacks what games are started
    ///   with.
    init(_ file: TraceFile, _ settings: NetHackTrace.Settings) throws {
      self.file = file
      library = try NetHackLibrary.find(settings.library)
      let header = file.header ?? .object([:])
      guard let names = header["fields"]?.array?.map({ $0["name"]?.string }),
        names == ObservedArray.allCases.map(\.name),
        let clock = header["clock"]?.integer, let options = header["options"]?.array?.compactMap(\.string)
      else {
        throw UserError("the first line of '\(file.path)' lacks the fields, the clock or the options of nle-traces")
      }
      self.options = options
      self.clock = Int64(clock)
      guard let game = LiveGame(library, wanted: (1 << UInt32(ObservedArray.allCases.count)) - 1) else {
        throw UserError("there is no memory for a game of NetHack")
      }
      self.game = game
    }

    /// Every game of the file, in order; closes its live game at the end.
    func check() throws -> [TracedEpisode] {
      defer { game.close() }
      var episodes: [TracedEpisode] = []
      var digests = [String](repeating: "", count: ObservedArray.allCases.count)
      var number = 1
      for line in file.lines {
        number = line.number
        let record = try JSON(parsing: line.bytes, name: "line \(number) of '\(file.path)'")
        if record["game"] != nil {
          episodes.append(try start(record))
        } else if let step = record["s"]?.integer, !episodes.isEmpty {
          let difference = check(record, step: step, &digests)
          if step > 0 { episodes[episodes.count - 1].steps += 1 }
          if difference == nil { episodes[episodes.count - 1].equalSteps += step > 0 ? 1 : 0 }
          if episodes.last!.difference == nil { episodes[episodes.count - 1].difference = difference }
        } else {
          throw UserError("line \(number) of '\(file.path)' is neither a game nor a step")
        }
      }
      return episodes
    }

    /// Starts a recorded game with its own role, seeds and options.
    private func start(_ record: JSON) throws -> TracedEpisode {
      guard let role = record["role"]?.string, let core = record["core"]?.unsigned,
        let display = record["disp"]?.unsigned
      else {
        throw UserError("a game of '\(file.path)' lacks role or seeds")
      }
      var options = options + ["name:Agent-" + role]
      if role == "@" { options += ["race:random", "gender:random", "align:random"] }
      if record["wizard"]?.bool == true { options.append("playmode:debug") }
      let rules = GameRules(
        options: options.joined(separator: ","), wizardKit: "", spawnsMonsters: true, clock: clock,
        archive: library.archive)
      let start = GameStart(core: core, display: display, levels: record["lgen"]?.unsigned)
      _ = rules.withSetting(start) { nethack_game_start(game.pointer, $0) }
      return TracedEpisode(task: "nle", name: "game \(role) \(core)", steps: 0, equalSteps: 0, difference: nil)
    }

    /// Plays a step and compares.
    ///
    /// - Returns: Where it parts, in words.
    private func check(_ record: JSON, step: Int, _ digests: inout [String]) -> String? {
      var status = nethack_game_status(game.pointer)
      if step > 0 {
        guard let key = record["k"]?.integer else { return "step \(step): no key is recorded" }
        status = nethack_game_step(game.pointer, Int32(truncatingIfNeeded: key))
      }
      if record["done"]?.bool == true {
        return status == GameStanding.over ? nil : "step \(step): the recorded game is over, this one is not"
      }
      var wrong: [String] = []
      for array in ObservedArray.allCases {
        if let changed = record["c"]?["\(array.rawValue)"]?.string { digests[array.rawValue] = changed }
        let bytes = UnsafeRawBufferPointer(
          start: nethack_game_field(game.pointer, Int32(array.rawValue)), count: array.count * array.elementBytes)
        if SHA256.hexadecimal(bytes, digits: 16) != digests[array.rawValue] { wrong.append(array.name) }
      }
      return wrong.isEmpty ? nil : "step \(step): \(wrong.joined(separator: ", "))"
    }
  }
#endif
