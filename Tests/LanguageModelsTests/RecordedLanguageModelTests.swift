#if LanguageModelRecords
  import Foundation
  import Groundwork
  import LanguageModels
  import SQLite
  import Synchronization
  import Testing

  /// Answers with a number that rises with every question.
  private final class CountingModel: LanguageModel {
    let name = "counting"
    private let count = Mutex(0)
    var asked: Int { count.withLock { $0 } }

    func complete(_ prompts: [String], _ sampling: Sampling) throws -> [Completion] {
      prompts.map { prompt in
        let number = count.withLock { count in
          count += 1
          return count
        }
        return Completion("\(prompt) \(number)\n\u{0}é", logProbability: -0.1 * Double(number), answerTokens: number)
      }
    }

    func score(_ prompt: String, options: [String]) throws -> [Double] {
      count.withLock { $0 += 1 }
      return options.map { Double($0.utf8.count) / -3 }
    }
  }

  @Suite("Recorded answers") struct RecordedLanguageModelTests {
    private let path = NSTemporaryDirectory() + "answers-\(UUID().uuidString).sqlite"

    @Test("what was asked once is never asked again, and is told again without a model, bit for bit")
    func repeats() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      let model = CountingModel()
      let recorded = RecordedLanguageModel(path: path, asking: model)
      var other = Sampling()
      other.seed = 1
      let prompts = ["a", "b", "a", ""]
      let first = try recorded.complete(prompts, Sampling())
      #expect(first[0] != first[2], "equal prompts of one call are different questions")
      #expect(try recorded.complete(prompts, Sampling()) == first)
      #expect(try recorded.complete(["b", "a"], Sampling()) == [first[1], first[0]])
      #expect(model.asked == 4)
      #expect(try recorded.complete(["a"], other)[0] != first[0])
      let scores = try recorded.score("q", options: ["x", "yy"])
      #expect(try recorded.score("q", options: ["x", "yy"]) == scores && model.asked == 6)
      let alone = RecordedLanguageModel(path: path, asking: nil)
      #expect(try alone.complete(prompts, Sampling()) == first)
      #expect(try alone.score("q", options: ["x", "yy"]) == scores)
      let error = #expect(throws: UserError.self) { try alone.complete(["never"], Sampling()) }
      #expect(error?.description.contains("1 of 1 questions") == true)
      #expect(throws: UserError.self) { try alone.score("q", options: ["x"]) }
    }

    @Test("two programs may keep answers in one file, and both give out the ones that are kept")
    func shared() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      let models = (0..<4).map { _ in RecordedLanguageModel(path: path, name: "one", asking: CountingModel()) }
      let prompts = (0..<50).map { "prompt \($0)" }
      let answers = Mutex<[Int: [Completion]]>([:])
      DispatchQueue.concurrentPerform(iterations: 4) { index in
        let found = prompts.compactMap { try? models[index].complete([$0], Sampling())[0] }
        answers.withLock { $0[index] = found }
      }
      let all = answers.withLock { $0 }
      #expect((0..<4).allSatisfy { all[$0] == all[0] && all[$0]?.count == 50 })
    }

    @Test("a missing file, a damaged one, two models and a place that cannot be written are a line each")
    func refusals() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      func reason(_ model: RecordedLanguageModel) -> String {
        do {
          _ = try model.complete(["x"], Sampling())
          return "none"
        } catch { return "\(error)" }
      }
      #expect(reason(RecordedLanguageModel(path: path, asking: nil)).contains("there is no recording"))
      #expect(!Files.exists(path))
      for name in ["one", "two"] {
        #expect(reason(RecordedLanguageModel(path: path, name: name, asking: CountingModel())) == "none")
      }
      #expect(reason(RecordedLanguageModel(path: path, asking: nil)).contains("several models"))
      #expect(reason(RecordedLanguageModel(path: path, name: "two", asking: nil)) == "none")
      try Data(repeating: 7, count: 10_000).write(to: URL(filePath: path))
      for model in [nil, CountingModel()] {
        let line = reason(RecordedLanguageModel(path: path, name: "one", asking: model))
        #expect(line.contains("recording") && !line.contains("\n"), "\(line)")
      }
      #expect(reason(RecordedLanguageModel(path: "/nowhere/x", asking: CountingModel())).contains("cannot be opened"))
    }

    @Test("other seeds, chat and other scores are other questions; another address is not")
    func questions() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      let prompt = "a 1\na 2\nb 1\nb 3\na 1\nb"
      let wanted = try EmbeddedLanguageModel(seed: 5).complete([prompt], Sampling())
      func settings(_ change: (inout LanguageModelSettings) -> Void) -> LanguageModelSettings {
        var settings = LanguageModelSettings()
        settings.recording = path
        change(&settings)
        return settings
      }
      let (first, second) = (settings { _ in }, settings { $0.seed = 5 })
      #expect(try first.make().complete([prompt], Sampling()) == EmbeddedLanguageModel().complete([prompt], Sampling()))
      #expect(try second.make().complete([prompt], Sampling()) == wanted)
      let alone = settings { $0.backEnd = .recorded }
      #expect(throws: UserError.self) { try alone.make().complete([prompt], Sampling()) }
      let named = settings { ($0.backEnd, $0.name) = (.recorded, EmbeddedLanguageModel(seed: 5).name) }
      #expect(try named.make().complete([prompt], Sampling()) == wanted)
      for change in [{ $0.chat = true }, { $0.topTokens = 5 }] as [(inout LanguageModelSettings) -> Void] {
        var other = named
        change(&other)
        let changed = other
        #expect(throws: UserError.self) { try changed.make().complete([prompt], Sampling()) }
      }
      var elsewhere = named
      elsewhere.url = "http://127.0.0.1:9/v1"
      _ = try elsewhere.make().complete([prompt], Sampling())
    }

    @Test("an answer that was altered, and a file that holds no answers under seals, are not believed")
    func altered() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      _ = try RecordedLanguageModel(path: path, name: "one", asking: CountingModel()).score("q", options: ["x"])
      func reason(_ change: String) throws -> String {
        var file = try SQLiteFile(opening: path, for: .writing, title: "it", fix: "")
        try file.rows(change)
        do {
          let alone = RecordedLanguageModel(path: path, name: "one", asking: nil)
          try alone.prepare()
          _ = try alone.score("q", options: ["x"])
          return "believed"
        } catch { return "\(error)" }
      }
      let altered = "an answer in the recording '\(path)' was altered"
      #expect(try reason("UPDATE answers SET answer = '[-4]'").contains(altered))
      #expect(try reason("UPDATE answers SET answer = '[-' ").contains("was altered"))
      #expect(try reason("UPDATE answers SET model = 'two'").contains("holds no answer of 'one', but of 'two'"))
      #expect(try reason("ALTER TABLE answers DROP COLUMN seal").contains("no answers under seals"))
      #expect(try reason("DROP TABLE answers").contains("no answers under seals"))
    }

    @Test("what cannot be a recording is refused before anything is asked; one that is to be made is not made yet")
    func preparing() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      try RecordedLanguageModel(path: path, asking: CountingModel()).prepare()
      #expect(!Files.exists(path))
      #expect(throws: UserError.self) { try RecordedLanguageModel(path: path, asking: nil).prepare() }
      for wrong in [#filePath, NSTemporaryDirectory()] {
        #expect(throws: UserError.self) { try RecordedLanguageModel(path: wrong, asking: CountingModel()).prepare() }
      }
      let text = try Files.readText(#filePath)
      #expect(text.contains("Recorded answers"))
    }

    @Test("whose answers a file holds is looked for once")
    func onlyModel() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      let model = RecordedLanguageModel(path: path, name: "one", asking: CountingModel())
      let first = try model.complete(["a", "b"], Sampling())
      let alone = RecordedLanguageModel(path: path, asking: nil)
      #expect(try alone.complete(["a"], Sampling()) == [first[0]])
      _ = try RecordedLanguageModel(path: path, name: "two", asking: CountingModel()).complete(["a"], Sampling())
      #expect(try alone.complete(["b"], Sampling()) == [first[1]])
      #expect(throws: UserError.self) {
        try RecordedLanguageModel(path: path, asking: nil).complete(["a"], Sampling())
      }
    }

    /// Answers some prompts, then fails for good.
    private struct Breaking: StreamingLanguageModel {
      let name = "breaking"
      let answered: Int

      func complete(
        _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
      ) throws -> [Completion] {
        for (number, prompt) in prompts.enumerated() {
          guard number < answered else { throw UserError("the context is too long") }
          whenAnswered(number, Completion("paid \(prompt)"))
        }
        return prompts.map { Completion("paid \($0)") }
      }

      func score(_ prompt: String, options: [String]) throws -> [Double] { options.map { _ in 0 } }
    }

    @Test("answers that came before another question of their batch failed are kept")
    func kept() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      func recorded(_ model: (any LanguageModel)?) -> RecordedLanguageModel {
        RecordedLanguageModel(path: path, name: "one", asking: model)
      }
      let error = #expect(throws: UserError.self) {
        try recorded(Breaking(answered: 2)).complete(["a", "b", "c"], Sampling())
      }
      #expect(error?.reason == "the context is too long")
      #expect(try recorded(nil).complete(["a", "b"], Sampling()).map(\.text) == ["paid a", "paid b"])
      #expect(throws: UserError.self) { try recorded(nil).complete(["c"], Sampling()) }
      let model = CountingModel()
      #expect(try recorded(model).complete(["a", "b", "c"], Sampling())[1].text == "paid b")
      #expect(model.asked == 1)
    }

    /// Looks into the recording between two answers.
    private struct Looking: StreamingLanguageModel {
      let name = "one"
      let path: String

      func complete(
        _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
      ) throws -> [Completion] {
        // The last one comes first.
        whenAnswered(prompts.count - 1, Completion("soon"))
        let found = try RecordedLanguageModel(path: path, name: name, asking: nil).complete([prompts.last!], sampling)
        return prompts.dropLast().map { _ in Completion("late") } + found
      }

      func score(_ prompt: String, options: [String]) throws -> [Double] { options.map { _ in 0 } }
    }

    @Test("an answer is in the recording as soon as it came, whatever the order; the whole batch repeats")
    func atOnce() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      let texts = ["late", "late", "soon"]
      let recorded = RecordedLanguageModel(path: path, asking: Looking(path: path))
      #expect(try recorded.complete(["a", "b", "c"], Sampling()).map(\.text) == texts)
      let alone = RecordedLanguageModel(path: path, name: "one", asking: nil)
      #expect(try alone.complete(["a", "b", "c"], Sampling()).map(\.text) == texts)
    }

    @Test("a directory, a pipe, a place that is none, a file of another model or of none: refused before it is asked")
    func unfit() throws {
      let folder = path + ".d"
      try Files.makeDirectory(folder)
      defer { try? Files.remove(folder) }
      let (pipe, empty, used) = (folder + "/pipe", folder + "/empty", folder + "/used")
      #expect(mkfifo(pipe, 0o600) == 0)
      _ = try RecordedLanguageModel(path: used, name: "one", asking: CountingModel()).complete(["a"], Sampling())
      let breaking = RecordedLanguageModel(path: empty, name: "one", asking: Breaking(answered: 0))
      #expect(throws: UserError.self) { try breaking.complete(["a"], Sampling()) }
      let start = Clock.seconds
      for (place, name, writes, words) in [
        (folder, "one", true, "is a directory, not an ordinary file"), (folder, "one", false, "is a directory"),
        (pipe, "one", true, "is a device or a pipe"), (pipe, "one", false, "is a device or a pipe"),
        (folder + "/none/a", "one", true, "cannot be made: '\(folder)/none'"),
        (empty, "", false, "holds answers of no model"), (empty, "one", false, "holds no answer of 'one'"),
        (used, "two", false, "holds no answer of 'two', but of 'one'"),
      ] {
        let error = #expect(throws: UserError.self) {
          try RecordedLanguageModel(path: place, name: name, asking: writes ? CountingModel() : nil).prepare()
        }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.fix.isEmpty == false)
      }
      #expect(Clock.seconds - start < 5)
      let missing = #expect(throws: UserError.self) {
        try RecordedLanguageModel(path: used, name: "embedded-1", asking: nil).complete(["x"], Sampling())
      }
      #expect(missing?.fix.contains("model.backEnd=embedded") == true)
    }

    @Test("settings make the model that they name")
    func settings() throws {
      defer { try? FileManager.default.removeItem(atPath: path) }
      var settings = LanguageModelSettings()
      #expect(try settings.make() is EmbeddedLanguageModel)
      settings.recording = path
      let kept = try settings.make().complete(["a\nb\na\n"], Sampling())
      settings.backEnd = .recorded
      #expect(try settings.make().complete(["a\nb\na\n"], Sampling()) == kept)
      settings.recording = ""
      let nameless = settings
      #expect(throws: UserError.self) { try nameless.make() }
    }
  }
#endif

@Suite("Questions in both orders") struct OrderTests {
  @Test("a model that names the first place whatever stands there is told from one that knows")
  func orders() throws {
    let biased = ScriptedLanguageModel(rules: [], otherwise: " A")
    let first = try biased.scoreInBothOrders("key", "wall", options: (" A", " B")) { "A: \($0) B: \($1)" }
    #expect(!first.agrees && abs(first.probability - 0.5) < 1e-12)
    let knowing = ScriptedLanguageModel(rules: [.init("A: key", " A"), .init("B: key", " B")])
    let second = try knowing.scoreInBothOrders("key", "wall", options: (" A", " B")) { "A: \($0) B: \($1)" }
    #expect(second.agrees && abs(second.probability - 0.9) < 1e-9)
  }
}
