import Foundation
import Groundwork
import Labels
import Testing

#if LanguageModelRecords
  import SQLite
#endif

/// Runs that are taught by people or by a script, as a person meets them in the program.
@Suite struct PreferenceRunTests {
  private static let settings = ["--set", "evaluations=1", "--set", "finalEpisodes=2", "--workers", "1"]

  #if LanguageModelRecords
    @Test(
      """
      a run that waits stands still until its questions are answered, is stopped by a signal, goes on, can be watched, \
      and is repeated with its file to the same bits
      """)
    func waits() throws {
      let folder = TemporaryFolder()
      let (path, again) = (folder.path("asked"), folder.path("again"))
      let reward = "preferences(teacher=person,waits=true,labels=8,questions=4,interval=1024,segment=10)"
      func command(_ path: String) -> [String] {
        ["train", "control/CartPole", "--reward", reward, "--steps", "4k", "--out", path] + Self.settings
      }
      func open() -> [Int] { (try? LabelDatabase(ofRun: path).openNumbers()) ?? [] }
      let first = try Program.start(command(path))
      let end = Clock.seconds + 120
      while open().count < 4, Clock.seconds < end { usleep(20_000) }
      #expect(open() == [0, 1, 2, 3])
      first.signal(SIGTERM)
      let stopped = first.wait()
      #expect(stopped.status == 143)
      let waiting = "waiting for answers to 4 questions: `forage label \(path)`"
      #expect(stopped.errors.contains(waiting), "\(stopped.errors)")
      #expect(stopped.errors.contains("stopped at step") && stopped.output.isEmpty)
      let second = try Program.start(["train", "--resume", path, "--workers", "1"])
      var given = 0
      while given < 8, Clock.seconds < end {
        let database = LabelDatabase(ofRun: path)
        for number in (try? database.openNumbers()) ?? [] {
          try database.answer(number, number % 3 == 0 ? .second : .first, by: Teacher(.person, "Ada"))
          given += 1
        }
        usleep(20_000)
      }
      let finished = second.wait()
      #expect(given == 8 && finished.status == 0, "\(finished.errors)")
      let status = try Program.run(["label", path, "--status"])
      #expect(status.output == "8 of 8 questions answered (Ada 8); the run has learnt from 8 of the 8 that it wants\n")
      #expect(try LabelDatabase(ofRun: path).labels().allSatisfy { $0.takenInAt == $0.askedAt })
      // Who looks on needs nobody to answer.
      let watched = try Program.run(["watch", path, "--record", folder.path("asked.gif")])
      #expect(watched.status == 0, "\(watched.errors)")
      try FileManager.default.createDirectory(atPath: again, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: path + "/labels.sqlite", toPath: again + "/labels.sqlite")
      let repeated = try Program.run(command(again))
      #expect(repeated.status == 0 && repeated.output == finished.output, "\(repeated.errors)")
      for file in ["asked", "again"].map({ folder.path("\($0)/checkpoints") }) {
        #expect(FileManager.default.fileExists(atPath: file + "/4096/state.safetensors"))
      }
      #expect(
        folder.bytes("asked/checkpoints/4096/state.safetensors")
          == folder.bytes("again/checkpoints/4096/state.safetensors"))
      // Without its file it does not go on.
      try FileManager.default.removeItem(atPath: path + "/labels.sqlite")
      let lost = try Program.run(["train", "--resume", path, "--steps", "6k"])
      #expect(lost.status == 1 && lost.errors.contains("the file of labels has 0 questions"), "\(lost.errors)")
    }

    @Test("a comparison whose run waits for people says what it waits for and where, and is stopped by a signal")
    func waitingComparison() throws {
      let folder = TemporaryFolder()
      let path = folder.path("compared")
      let reward = "preferences(teacher=person,waits=true,labels=4,questions=4,interval=1024,segment=10)"
      let running = try Program.start(
        [
          "compare", "--env", "control/CartPole", "--reward", reward, "--seeds", "1", "--steps", "2k", "--out", path,
          "--set", "evaluations=1", "--set", "finalEpisodes=2",
        ])
      func runs() -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix("/labels.sqlite") }.map { "\(path)/\($0.dropLast("/labels.sqlite".count))" }
      }
      func isAsked() -> Bool {
        runs().contains { (try? LabelDatabase(ofRun: $0, isReadOnly: true).openNumbers().count) == 4 }
      }
      let end = Clock.seconds + 120
      while !isAsked(), Clock.seconds < end { usleep(20_000) }
      running.signal(SIGTERM)
      let stopped = running.wait()
      #expect(stopped.status == 143 && runs().count == 1, "\(stopped.errors)")
      let line = "seed 1: waiting for answers to 4 questions: `forage label \(Shell.quoted(runs().first ?? ""))`"
      #expect(stopped.errors.contains(line), "\(stopped.errors)")
      // A task of a cluster, which has no table, says it too.
      let name = String(runs().first?.dropFirst(path.count + 1) ?? "")
      let task = try Program.start(["compare", "--resume", path, "--run", name])
      for _ in 0..<1_000 where !task.errors.contains("waiting for answers") && task.process.isRunning { usleep(20_000) }
      task.signal(SIGTERM)
      let ended = task.wait()
      #expect(ended.status == 143 && ended.errors.contains(line), "\(ended.errors)")
    }

    @Test("a run that waits for people gives up its place: one that needs nobody ends meanwhile, then it goes on")
    func standsAside() throws {
      let folder = TemporaryFolder()
      let path = folder.path("compared")
      let reward = "preferences(teacher=person,waits=true,labels=4,questions=4,interval=1024,segment=10)"
      let running = try Program.start(
        [
          "compare", "--env", "control/CartPole", "--reward", reward, "--reward", "environment", "--seeds", "1",
          "--steps", "2k", "--jobs", "1", "--out", path, "--set", "evaluations=1", "--set", "finalEpisodes=2",
        ])
      let end = Clock.seconds + 120
      while !running.errors.contains("[1/2]"), running.process.isRunning, Clock.seconds < end { usleep(20_000) }
      let before = running.errors
      #expect(before.contains("waiting for answers to 4 questions"), "\(before)")
      #expect(before.contains("[1/2] control/CartPole  environment  seed 1"), "\(before)")
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      let run = try #require(names.first { $0.hasSuffix("/labels.sqlite") }).dropLast("/labels.sqlite".count)
      var given = 0
      while given < 4, running.process.isRunning, Clock.seconds < end {
        let database = LabelDatabase(ofRun: "\(path)/\(run)")
        for number in (try? database.openNumbers()) ?? [] {
          try database.answer(number, .first, by: Teacher(.person, "Ada"))
          given += 1
        }
        usleep(20_000)
      }
      if given < 4 { running.signal(SIGTERM) }
      let finished = running.wait()
      #expect(given == 4 && finished.status == 0 && finished.errors.contains("[2/2]"), "\(finished.errors)")
    }

    @Test("people can be asked in a comparison, and an arm that learnt nothing is named in the report")
    func comparison() throws {
      let folder = TemporaryFolder()
      let result = try Program.run(
        [
          "compare", "--env", "control/CartPole", "--reward", "environment", "--reward",
          "preferences(teacher=person,labels=10,interval=1000)", "--reward", "preferences(interval=1000000)", "--seeds",
          "1", "--steps", "2k", "--out", folder.path("compared"), "--set", "evaluations=1", "--set", "finalEpisodes=2",
        ])
      #expect(result.status == 0, "\(result.errors)")
      let page = (try? String(contentsOfFile: folder.path("compared/report.html"), encoding: .utf8)) ?? result.output
      #expect(page.ranges(of: "1 of 1 runs learnt nothing from answers and were paid 0 throughout").count >= 2, "\(result.output)")
    }

    @Test("of a comparison the runs that ask are listed, a line each, with what is open and the command to answer it")
    func listed() throws {
      let folder = TemporaryFolder()
      func compare(_ rewards: [String], _ path: String) throws {
        let result = try Program.run(
          ["compare", "--env", "control/CartPole"] + rewards.flatMap { ["--reward", $0] } + [
            "--seeds", "1", "--steps", "2k", "--out", path, "--set", "evaluations=0", "--set", "finalEpisodes=1",
          ])
        #expect(result.status == 0, "\(result.errors)")
      }
      let path = folder.path("compared")
      try compare(
        [
          "environment", "preferences(teacher=person,labels=10,questions=4,interval=1000,segment=10)",
          "preferences(labels=20,questions=10,interval=1000000)",
        ], path)
      func lines(_ arguments: [String]) throws -> [[String]] {
        let listed = try Program.run(["label"] + arguments)
        #expect(listed.status == 0 && listed.errors.isEmpty, "\(listed.errors)")
        return listed.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      }
      let before = try lines([path + "/"])
      #expect(before.count == 3 && before[0] == ["open", "answered", "wanted", "answer", "with"])
      let run = try #require(before[1].last)
      #expect(run.hasPrefix(path + "/runs/control-CartPole/preferences-"))
      let open = try LabelDatabase(ofRun: run, isReadOnly: true).openNumbers().count
      #expect(open >= 4 && before[1] == ["\(open)", "0", "10", "forage", "label", run])
      #expect(before[2].prefix(6) == ["0", "0", "20", "a", "script", "answers:"])
      try LabelDatabase(ofRun: run).answer(0, .skipped, by: Teacher(.person, "Ada"))
      let after = try lines([path, "--status"])
      #expect(after[1] == ["\(open - 1)", "1", "10", "forage", "label", run] && after[2] == before[2])
      let document = try JSON(
        parsing: try Program.run(["label", path, "--status", "--json"]).output, name: "output")
      let runs = document["runs"]?.array ?? []
      #expect(runs.count == 2 && runs[0]["path"]?.string == run && runs[0]["open"]?.integer == open - 1)
      #expect(runs[0]["skipped"]?.integer == 1 && runs[0]["people"] == true && runs[1]["people"] == false)
      // What is finished and has nothing open needs nobody.
      do {
        let database = LabelDatabase(ofRun: run)
        for number in try database.openNumbers() { try database.answer(number, .first, by: Teacher(.person, "Ada")) }
      }
      let done = try lines([path])
      #expect(done[1] == ["0", "\(open)", "10", "is", "finished,", "and", "nothing", "is", "open:", run])
      // One that cannot be answered does not hide the others.
      let file = try SQLiteFile(opening: run + "/labels.sqlite", for: .writing, title: "it", fix: "")
      try file.run("DELETE FROM labels WHERE number = 0")
      let broken = try lines([path])
      #expect(broken[1].prefix(3) == ["-", "-", "10"] && broken[1].contains("lacks") && broken[2] == before[2])
      // One whose file is lost is no run that has not begun.
      for name in Files.list(run) where name.hasPrefix("labels.sqlite") { try Files.remove("\(run)/\(name)") }
      let lost = try lines([path])
      let words = "is missing: by its log the run has asked \(open) questions"
      #expect(lost[1].prefix(3) == ["-", "-", "10"] && lost[1].joined(separator: " ").hasSuffix(words), "\(lost)")
      let alone = try Program.run(["label", run, "--status"])
      #expect(alone.status == 1 && alone.errors.contains(words + ". Restore it from a copy"), "\(alone.errors)")
      let refused = try Program.run(["label", path, "--terminal"])
      let fix = "holds a comparison, not a run. Name one of its runs: `forage label \(path)` lists them"
      #expect(refused.status == 1 && refused.errors.contains(fix), "\(refused.errors)")
      let plain = folder.path("plain")
      try compare(["environment"], plain)
      let nobody = try Program.run(["label", plain])
      #expect(nobody.status == 1 && nobody.errors.contains("asks anybody"), "\(nobody.errors)")
    }

    @Test("runs in which no episode ended are among those that learnt nothing; of arms that ask nobody it is said, too")
    func unended() throws {
      let folder = TemporaryFolder()
      let result = try Program.run(
        [
          "compare", "--env", "gridworld/DoorKey-8x8", "--reward", "environment", "--reward",
          "preferences(labels=20,questions=10,interval=1000000)", "--reward", "environment+0.01*count", "--seeds", "3",
          "--steps", "1k", "--out", folder.path("compared"), "--set", "evaluations=0", "--set", "finalEpisodes=2",
        ])
      #expect(result.status == 0, "\(result.errors)")
      let note = "3 of 3 runs learnt nothing from answers and were paid 0 throughout."
      let page = folder.bytes("compared/report.html").map { String(decoding: $0, as: UTF8.self) } ?? ""
      #expect(page.contains(note) && page.ranges(of: "no episode ended").count == 2, "\(result.output)")
      let rows = result.output.split(separator: "\n").filter { $0.contains("no episode ended") }
      #expect(rows.count == 2 && rows.last?.hasPrefix("environment+0.01*count") == true, "\(result.output)")
      let table = folder.bytes("compared/comparison.csv").map { String(decoding: $0, as: UTF8.self) } ?? ""
      #expect(table.ranges(of: ",final/labels,0\n").count == 3, "\(table)")
    }

    /// A run that a script has answered 20 questions, in a directory of that name.
    private static func taught(_ name: String, in folder: TemporaryFolder, seed: Int = 1) throws -> String {
      let path = folder.path(name)
      let result = try Program.run(
        [
          "train", "control/CartPole", "--reward", "preferences(labels=20,questions=10,interval=1000)", "--steps", "3k",
          "--seed", "\(seed)", "--out", path,
        ] + settings)
      #expect(result.status == 0, "\(result.errors)")
      // It is the reward that asks, and the agent was granted nothing.
      let description = try JSON(parsing: String(contentsOfFile: path + "/run.json", encoding: .utf8), name: "run.json")
      #expect(description["granted"]?.array?.isEmpty == true)
      return path
    }

    @Test("rows that were removed from a file of labels are counted by --status, and refused by all others in a line")
    func removedRows() throws {
      let folder = TemporaryFolder()
      let path = try Self.taught("run", in: folder)
      do {
        let file = try SQLiteFile(opening: path + "/labels.sqlite", for: .writing, title: "it", fix: "")
        try file.run("DELETE FROM labels WHERE number BETWEEN 2 AND 14")
      }
      let status = try Program.run(["label", path, "--status"])
      let counts =
        "7 of 7 questions that are left answered (the environment's rewards (synthetic) 7); 13 of the 20 that were "
        + "asked are missing from the file\n"
      #expect(status.status == 0 && status.output == counts, "\(status.output)")
      let (csv, other) = (folder.path("answers.csv"), folder.path("other"))
      try "question,answer\n18,left\n".write(toFile: csv, atomically: true, encoding: .utf8)
      for arguments in [
        ["label", path, "--import", csv], ["label", path, "--export", folder.path("open.csv")],
        ["label", path, "--terminal"], ["train", "--resume", path, "--steps", "4k"],
        ["train", "control/CartPole", "--reward", "preferences(answers=\(path))", "--out", other],
      ] {
        let refused = try Program.run(arguments)
        #expect(refused.status == 1 && refused.output.isEmpty, "\(arguments)")
        #expect(refused.errors.contains("lacks 13 of the 20 questions that were asked"), "\(refused.errors)")
        #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: other))
    }

    @Test("steps that were removed from a file of labels are counted by --status, and refused by all others in a line")
    func removedSteps() throws {
      let folder = TemporaryFolder()
      let path = try Self.taught("run", in: folder)
      do {
        let file = try SQLiteFile(opening: path + "/labels.sqlite", for: .writing, title: "it", fix: "")
        try file.run("DELETE FROM steps WHERE step = (SELECT MAX(step) FROM steps)")
      }
      let status = try Program.run(["label", path, "--status"])
      let end = "; 1 of the steps at which it took answers in are missing from the file\n"
      #expect(status.status == 0 && status.output.hasPrefix("20 of 20 questions answered"), "\(status.errors)")
      #expect(status.output.hasSuffix(end), "\(status.output)")
      let document = try JSON(
        parsing: try Program.run(["label", path, "--status", "--json"]).output, name: "output")
      #expect(document["missingSteps"]?.integer == 1 && document["missing"]?.integer == 0)
      let other = folder.path("other")
      for arguments in [
        ["label", path, "--export", folder.path("open.csv")], ["label", path, "--terminal"],
        ["train", "--resume", path, "--steps", "4k"],
        ["train", "control/CartPole", "--reward", "preferences(answers=\(path))", "--out", other],
      ] {
        let refused = try Program.run(arguments)
        #expect(refused.status == 1 && refused.output.isEmpty, "\(arguments)")
        #expect(refused.errors.contains("lacks 1 of the steps at which answers were taken in"), "\(refused.errors)")
        #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: other))
    }

    @Test("answers of another run count among what a run has learnt from, also where it asks nothing itself")
    func answersOfAnother() throws {
      let folder = TemporaryFolder()
      let source = try Self.taught("source", in: folder)
      let path = folder.path("run")
      let trained = try Program.run(
        [
          "train", "control/CartPole", "--reward",
          "preferences(labels=30,questions=5,interval=1000,answers=\(source))", "--steps", "3k", "--out", path,
        ] + Self.settings)
      #expect(trained.status == 0, "\(trained.errors)")
      let status = try Program.run(["label", path, "--status"])
      let counts =
        "10 of 10 questions answered (the environment's rewards (synthetic) 10); the run has learnt from 30 of the 30 "
        + "that it wants, 20 of them answers of '\(source)'\n"
      #expect(status.output == counts, "\(status.output) \(status.errors)")
      let json = try Program.run(["label", path, "--status", "--json"])
      let document = try JSON(parsing: json.output, name: "output")
      #expect(document["learnt"]?.integer == 30 && document["ofAnotherRun"]?.integer == 20)
      #expect(document["wanted"]?.integer == 30)
      let compared = folder.path("compared")
      let result = try Program.run(
        [
          "compare", "--env", "control/CartPole", "--reward", "preferences(labels=20,answers=\(source))", "--seeds",
          "1", "--steps", "1k", "--set", "evaluations=0", "--set", "finalEpisodes=1", "--out", compared,
        ])
      #expect(result.status == 0, "\(result.errors)")
      let listed = try Program.run(["label", compared]).output.split(separator: "\n").map {
        $0.split(separator: " ").map(String.init)
      }
      let words = ["0", "0", "0", "learns", "from", "the", "answers", "of", "'\(source)':"]
      #expect(listed.count == 2 && Array(listed[1].dropLast()) == words, "\(listed)")
      let quiet = try #require(listed.last?.last)
      let only = try Program.run(["label", quiet, "--status"])
      let said = "0 of 0 questions answered; the run has learnt from 20 of the 20 that it wants, 20 of them answers of "
      #expect(only.output == said + "'\(source)'\n", "\(only.output) \(only.errors)")
      let refused = try Program.run(["label", quiet, "--terminal"])
      #expect(
        refused.status == 1 && refused.errors.contains("asks nothing: it learns from the answers of '\(source)'"),
        "\(refused.errors)")
    }

    @Test("another run's file of labels is refused by who answers, who counts, who learns from it and who goes on")
    func otherRun() throws {
      let folder = TemporaryFolder()
      let (first, second) = (try Self.taught("a", in: folder), try Self.taught("b", in: folder, seed: 2))
      let (csv, other) = (folder.path("answers.csv"), folder.path("other"))
      try "question,answer\n18,left\n".write(toFile: csv, atomically: true, encoding: .utf8)
      let learning = ["--reward", "preferences(answers=\(first))", "--out", other]
      func exchange() throws {
        for name in Set(Files.list(first) + Files.list(second)) where name.hasPrefix("labels.sqlite") {
          let (one, two, kept) = ("\(first)/\(name)", "\(second)/\(name)", folder.path("kept"))
          for (from, to) in [(one, kept), (two, one), (kept, two)] where Files.exists(from) {
            try FileManager.default.moveItem(atPath: from, toPath: to)
          }
        }
      }
      try exchange()
      for arguments in [
        ["label", first, "--status"], ["label", first, "--import", csv], ["label", first, "--terminal"],
        ["label", first, "--export", folder.path("open.csv")], ["train", "--resume", first, "--steps", "4k"],
        ["train", "control/CartPole"] + learning,
        ["compare", "--env", "control/CartPole", "--seeds", "1", "--steps", "2k"] + learning,
      ] {
        let refused = try Program.run(arguments)
        #expect(refused.status == 1 && refused.output.isEmpty, "\(arguments)")
        #expect(refused.errors.contains("labels.sqlite' is of another run"), "\(arguments): \(refused.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: other))
      try exchange()
      let status = try Program.run(["label", first, "--status"])
      #expect(status.status == 0, "\(status.errors)")
    }

    @Test("a digest that is not that of another run's answers is refused before a run or a comparison is begun")
    func otherDigest() throws {
      let folder = TemporaryFolder()
      let (path, other) = (try Self.taught("run", in: folder), folder.path("other"))
      let reward = ["--reward", "preferences(answers=\(path),answersDigest=abc)", "--steps", "2k", "--out", other]
      for command in [["train", "control/CartPole"], ["compare", "--env", "control/CartPole", "--seeds", "1"]] {
        let refused = try Program.run(command + reward)
        #expect(refused.status == 1 && refused.output.isEmpty, "\(refused.output)")
        #expect(
          refused.errors.contains("the answers in '\(path)' have the digest ")
            && refused.errors.contains(", and answersDigest is 'abc'. Leave answersDigest out"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: other))
      }
    }

    @Test("a script that skips everything teaches nothing, which is said, and nothing counts as learnt from")
    func skipped() throws {
      let folder = TemporaryFolder()
      let path = folder.path("run")
      let result = try Program.run(
        [
          "train", "control/CartPole", "--reward", "preferences(labels=20,questions=10,interval=1000,skip=1000)",
          "--steps", "3k", "--out", path,
        ] + Self.settings)
      #expect(result.status == 0)
      #expect(
        result.errors.contains("preferences: nothing was learnt, so every step was paid 0: 20 asked, 20 skipped")
          || result.errors.contains("preferences: nothing was learnt, so every step was paid 0: 30 asked, 30 skipped"),
        "\(result.errors)")
      let status = try Program.run(["label", path, "--status", "--json"])
      let document = try JSON(parsing: status.output, name: "output")
      #expect(document["learnt"]?.integer == 0 && document["wanted"]?.integer == 20)
      #expect(document["answered"] == document["skipped"] && document["asked"] == document["skipped"])
      let taught = try Program.run(
        ["train", "control/CartPole", "--reward", "preferences(answers=\(path))", "--out", folder.path("other")])
      let reason = "holds no answer: nothing was answered yet, or all was skipped"
      #expect(taught.status == 1 && taught.errors.contains(reason), "\(taught.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("other")))
    }
  #endif
}
