#if LanguageModelRecords
  import Foundation
  import Groundwork
  import Labels
  import SQLite
  import Synchronization
  import Testing

  /// What a file of labels does beyond what every store does: several writers, damage, claims, undoing.
  @Suite final class LabelDatabaseTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "labels-\(UUID().uuidString)").path
    private let person = Teacher(.person, "Ada")

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Alters the file of labels as a foreign hand would.
    private func change(_ text: String) throws {
      let file = try SQLiteFile(
        opening: folder + "/" + LabelDatabase.fileName, for: .writing, title: "it", fix: "")
      try file.run(text)
    }

    private static func question(_ number: Int) -> Question {
      .comparison(
        "Which is better?", of: Clip(seed: UInt64.max - UInt64(number), first: 2, count: 1, actions: [0, 1, 2]),
        and: Clip(seed: 7, first: 0, count: 2, width: 2, actions: [0.1, -1e-20, 3, 0.5]),
        environment: "gridworld/DoorKey-5x5", configuration: ["level": ["side": 5]])
    }

    @Test("before a question is asked there is no file, and nothing is in it")
    func nothing() throws {
      let store = LabelDatabase(ofRun: folder)
      #expect(try store.labels().isEmpty && store.open().isEmpty)
      #expect(try store.claim(by: "Ada", forSeconds: 10) == nil)
      #expect(!store.exists)
    }

    @Test("another program reads what was written: questions with their clips, answers, steps")
    func reopened() throws {
      let asking = LabelDatabase(ofRun: folder)
      #expect(try asking.ask((0..<3).map(Self.question), at: 500) == [0, 1, 2])
      let answering = LabelDatabase(ofRun: folder)
      try answering.answer(1, .second, by: person)
      #expect(try asking.takeIn(at: 600).map(\.number) == [1])
      let label = try LabelDatabase(ofRun: folder).labels()[1]
      #expect(label.question == Self.question(1))
      #expect(label.question.environment?.id == "gridworld/DoorKey-5x5")
      let clips = try label.question.clips()
      #expect(clips[0].seed == UInt64.max - 1 && clips[0].actions == [0, 1, 2] && clips[0].first == 2)
      #expect(clips[1].actions == [0.1, -1e-20, 3, 0.5] && clips[1].width == 2)
      #expect(label.answer == .second && label.teacher == person && label.askedAt == 500 && label.takenInAt == 600)
      #expect(try answering.progress() == (3, 1, 0, 1))
    }

    @Test("two imports of one file at once: the second passes over what is there; another answer refuses all")
    func imported() throws {
      let store = LabelDatabase(ofRun: folder)
      _ = try store.ask((0..<3).map(Self.question), at: 500)
      #expect(try store.answer([(0, .first, person), (1, .equal, person)], passingKnown: true) == 2)
      #expect(try store.answer([(0, .first, person), (2, .skipped, person)], passingKnown: true) == 1)
      #expect(throws: UserError.self) { try store.answer([(0, .first, person)]) }
      let error = #expect(throws: UserError.self) {
        try store.answer([(0, .second, person)], passingKnown: true)
      }
      #expect(error?.reason == "question 0 has been answered: left")
      #expect(try store.progress() == (3, 3, 1, 0))
    }

    @Test("a file that is only read is read beside who writes, makes nothing, and is not written")
    func readOnly() throws {
      let reading = LabelDatabase(ofRun: folder, isReadOnly: true)
      #expect(try reading.labels().isEmpty && !reading.exists)
      do {
        let store = LabelDatabase(ofRun: folder, run: "first")
        _ = try store.ask((0..<2).map(Self.question), at: 500)
        try store.answer([(0, .first), (1, .skipped)], by: person)
        #expect(try reading.progress() == (2, 2, 1, 0))
        _ = try store.takeIn(at: 600)
        // What was skipped is taken in and not learnt from.
        #expect(try reading.progress() == (2, 2, 1, 1) && reading.count(takenInBy: 599) == 0)
        #expect(try reading.count(takenInBy: 600) == 2 && reading.openNumbers() == [])
      }
      #expect(throws: UserError.self) { try reading.ask(Self.question(3), at: 700) }
      #expect(throws: UserError.self) { try LabelDatabase(ofRun: folder, run: "other", isReadOnly: true).labels() }
      #expect(try LabelDatabase(ofRun: folder, run: "first", isReadOnly: true).labels().count == 2)
      try Data("no database".utf8).write(to: URL(filePath: folder + "/broken.sqlite"))
      #expect {
        try LabelDatabase(path: self.folder + "/broken.sqlite", isReadOnly: true).labels()
      } throws: { "\($0)".contains("cannot be read") && "\($0)".contains("Check its permissions, or restore") }
    }

    @Test("four writers at once lose no question and no answer, and a second answer is refused")
    func writers() throws {
      let folder = folder
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 4) { writer in
        do {
          let store = LabelDatabase(ofRun: folder)
          for round in 0..<5 {
            let number = try store.ask(Self.question(writer * 10 + round), at: 1)
            try store.answer(number, round % 2 == 0 ? .first : .second, by: Teacher(.person, "\(writer)"))
            // Everybody wants to answer what the first one asks.
            if writer > 0, let open = try store.labels().first(where: { $0.askedAt == 2 && $0.answer == nil }) {
              do { try store.answer(open.number, .equal, by: Teacher(.person, "\(writer)")) } catch is UserError {}
            } else {
              _ = try store.ask(Self.question(1000 + round), at: 2)
            }
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
      #expect(failures.withLock { $0 } == [])
      let labels = try LabelDatabase(ofRun: folder).labels()
      #expect(labels.map(\.number) == Array(labels.indices))
      #expect(labels.filter { $0.askedAt == 1 && $0.answer != nil }.count == 20)
      #expect(Set(labels.filter { $0.askedAt == 1 }.map(\.question)).count == 20)
    }

    @Test("two people are shown different questions; what one gave up or took too long for is shown again")
    func claims() throws {
      let store = LabelDatabase(ofRun: folder)
      _ = try store.ask((0..<2).map(Self.question), at: 1)
      #expect(try store.claim(by: "Ada", forSeconds: 60)?.number == 0)
      #expect(try store.claim(by: "Ben", forSeconds: 60)?.number == 1)
      #expect(try store.claim(by: "Ada", forSeconds: 60)?.number == 0)
      #expect(try store.claim(by: "Eve", forSeconds: 60) == nil)
      try store.release(by: "Ada")
      #expect(try store.claim(by: "Eve", forSeconds: -1)?.number == 0)
      #expect(try store.claim(by: "Ada", forSeconds: 60, after: 0) == nil)
      #expect(try store.claim(by: "Ada", forSeconds: 60)?.number == 0)
    }

    @Test("an answer is taken back until the run has learnt from it, and only one's own")
    func undo() throws {
      let store = LabelDatabase(ofRun: folder)
      _ = try store.ask(Self.question(0), at: 1)
      try store.answer(0, .first, by: person)
      #expect(throws: UserError.self) { try store.withdraw(0, by: Teacher(.person, "Ben")) }
      try store.withdraw(0, by: person)
      #expect(try store.open().count == 1)
      try store.answer(0, .second, by: person)
      _ = try store.takeIn(at: 5)
      let error = #expect(throws: UserError.self) { try store.withdraw(0, by: person) }
      #expect(error?.reason.contains("step 5") == true)
    }

    @Test("a question that was altered, another version and a file that is none are named")
    func damage() throws {
      let path = folder + "/" + LabelDatabase.fileName
      _ = try LabelDatabase(path: path).ask(Self.question(0), at: 1)
      func reason() -> String {
        do {
          _ = try LabelDatabase(path: path).labels()
          return "none"
        } catch { return "\(error)" }
      }
      try change("UPDATE labels SET question = replace(question, 'better', 'worse')")
      #expect(reason().contains("question 0 of the file of labels '\(path)' was altered"))
      try change("UPDATE about SET value = '1' WHERE key = 'version'")
      #expect(reason().contains("version 1"))
      try Data(repeating: 7, count: 10_000).write(to: URL(filePath: path))
      #expect(reason().contains("cannot be"))
    }

    @Test("an answer that was altered after it was taken in is named, and so is the file of another run")
    func sealed() throws {
      let path = folder + "/" + LabelDatabase.fileName
      let person = Teacher(.person, "Ada")
      do {
        let store = LabelDatabase(path: path, run: "a")
        _ = try store.ask((0..<3).map(Self.question), at: 1)
        for number in 0..<2 { try store.answer(number, .first, by: person) }
        #expect(try store.takeIn(at: 5).count == 2)
        try store.answer(2, .first, by: person)
      }
      func reason(_ body: () throws -> Void) -> String {
        do {
          try body()
          return "none"
        } catch { return "\(error)" }
      }
      // Whoever answers may do so with a program of their own, until the run has learnt from it.
      try change("UPDATE labels SET answer = '{\"second\":{}}' WHERE number = 2")
      #expect(reason { _ = try LabelDatabase(path: path).labels() } == "none")
      for (altered, back) in [
        ("answer = '{\"second\":{}}'", "answer = '{\"first\":{}}'"), ("teacher = 'Ben'", "teacher = 'Ada'"),
        ("asked_at = 2", "asked_at = 1"), ("seal = seal + 1", "seal = seal - 1"),
      ] {
        try change("UPDATE labels SET \(altered) WHERE number = 1")
        let told = "the answer to question 1 of the file of labels '\(path)' was altered after the run had learnt"
        #expect(reason { _ = try LabelDatabase(path: path, run: "a").takeIn(at: 5) }.contains(told), "\(altered)")
        try change("UPDATE labels SET \(back) WHERE number = 1")
      }
      #expect(try LabelDatabase(path: path, run: "a").takeIn(at: 5).count == 2)
      #expect(reason { _ = try LabelDatabase(path: path, run: "b").takeIn(at: 5) }.contains("is of another run"))
      #expect(try LabelDatabase(path: path).labels().count == 3, "whoever only reads need not know")
    }

    @Test("rows that were removed are told, in the middle by a gap and at the end by what the file says was asked")
    func removed() throws {
      let path = folder + "/" + LabelDatabase.fileName
      #expect(try LabelDatabase(path: path).missing() == 0)
      for (rows, missing) in [("BETWEEN 1 AND 2", 2), ("IN (3, 4)", 2), ("= 0", 1), (">= 0", 5)] {
        try? FileManager.default.removeItem(atPath: path)
        _ = try LabelDatabase(path: path).ask((0..<5).map(Self.question), at: 1)
        // The same again adds nothing.
        _ = try LabelDatabase(path: path).ask((0..<2).map(Self.question), at: 1)
        #expect(try LabelDatabase(path: path).missing() == 0)
        try LabelDatabase(path: path).checkIsWhole()
        try change("DELETE FROM labels WHERE number \(rows)")
        let store = LabelDatabase(path: path, isReadOnly: true)
        #expect(try store.missing() == missing, "\(rows)")
        let told = "the file of labels '\(path)' lacks \(missing) of the 5 questions that were asked"
        #expect { try store.checkIsWhole() } throws: { "\($0)".contains(told) }
      }
      // Whoever asks on gives no number twice.
      #expect {
        try LabelDatabase(path: path).ask(Self.question(7), at: 2)
      } throws: { "\($0)".contains("lacks 5 of the 5 questions") }
    }

    @Test("steps that were removed are told, by the answers that name them and by what the file says, if it says so")
    func removedSteps() throws {
      let path = folder + "/" + LabelDatabase.fileName
      // At step 10 something is taken in, at 20 nothing, at 30 something again.
      for (rows, silent, missing) in [
        ("= 10", false, 1), ("= 20", false, 1), (">= 20", false, 2), (">= 0", false, 3), ("= 10", true, 1),
        (">= 0", true, 2), ("= 20", true, 0),
      ] {
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        do {
          let store = LabelDatabase(path: path)
          _ = try store.ask((0..<3).map(Self.question), at: 1)
          try store.answer(0, .first, by: person)
          #expect(try store.takeIn(at: 10).count == 1 && store.takeIn(at: 20).isEmpty)
          try store.answer(1, .first, by: person)
          #expect(try store.takeIn(at: 30).count == 1)
          // A run that goes on from an earlier checkpoint adds none.
          #expect(try store.takeIn(at: 10).count == 1 && store.missingSteps() == 0)
          try store.checkIsWhole()
        }
        // As programs wrote it that did not count.
        if silent { try change("DELETE FROM about WHERE key = 'takenIn'") }
        try change("DELETE FROM steps WHERE step \(rows)")
        let store = LabelDatabase(path: path)
        #expect(try store.missingSteps() == missing && store.missing() == 0, "\(rows)")
        guard missing > 0 else { continue }
        let told = "the file of labels '\(path)' lacks \(missing) of the steps at which answers were taken in"
        #expect { try store.checkIsWhole() } throws: { "\($0)".contains(told) }
        // Otherwise what was answered since would be learnt from where it was not.
        try store.answer(2, .first, by: person)
        for step in [10, 30, 40] {
          #expect { _ = try store.takeIn(at: step) } throws: { "\($0)".contains(told) }
        }
        #expect(try store.labels()[2].takenInAt == nil)
      }
    }

    @Test("an altered question is named and passed over, and the others are asked")
    func altered() throws {
      let path = folder + "/" + LabelDatabase.fileName
      _ = try LabelDatabase(path: path).ask((0..<4).map(Self.question), at: 1)
      let file = try SQLiteFile(opening: path, for: .writing, title: "it", fix: "")
      try file.run("UPDATE labels SET question = replace(question, 'better', 'worse') WHERE number IN (0, 2)")
      let store = LabelDatabase(path: path)
      var passed: [Int] = []
      func claim(_ name: String) throws -> Int? {
        try store.claim(by: name, forSeconds: 60) { number, error in
          passed.append(number)
          #expect(error.reason.contains("question \(number) of the file of labels '\(path)' was altered"))
        }?.number
      }
      #expect(try claim("Ada") == 1 && claim("Ben") == 3)
      #expect(try claim("Eve") == nil)
      #expect(passed == [0, 0, 2, 0, 2])
      #expect(throws: UserError.self) { try store.claim(by: "Eve", forSeconds: 60) }
      var reasons = 0
      #expect(try store.labels { _, _ in reasons += 1 }.map(\.number) == [1, 3])
      #expect(reasons == 2)
    }

    @Test("a million questions are small: one of a short clip takes less than a kilobyte")
    func size() throws {
      let path = folder + "/" + LabelDatabase.fileName
      let store = LabelDatabase(path: path)
      let clips = (0..<2).map { Clip(seed: UInt64($0), first: 50, count: 50, actions: .init(repeating: 3, count: 100)) }
      let questions = (0..<1000).map { number in
        Question.comparison(
          "Which clip is better?", of: Clip(seed: UInt64(number), first: 50, count: 50, actions: clips[0].actions),
          and: clips[1], environment: "gridworld/DoorKey-8x8",
          configuration: ["text": .string(.init(repeating: "x", count: 5000))])
      }
      _ = try store.ask(questions, at: 1)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      let log = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
      #expect(size + log < 1_100_000 * 2)
      #expect(try store.count() == 1000)
    }
  }
#endif
