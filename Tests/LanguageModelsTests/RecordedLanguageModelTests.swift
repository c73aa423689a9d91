#if LanguageModelRecords
  import Foundation
  import Groundwork
  import LanguageModels
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
