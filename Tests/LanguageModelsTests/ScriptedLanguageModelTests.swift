import Groundwork
import LanguageModels
import Testing

@Suite struct ScriptedLanguageModelTests {
  private func model(_ change: (inout ScriptedLanguageModel) -> Void = { _ in }) -> ScriptedLanguageModel {
    var model = ScriptedLanguageModel(
      rules: [.init("door", "open", "unlock"), .init("key", "take")], otherwise: "wait", seed: 3)
    change(&model)
    return model
  }

  private func greedy() -> Sampling {
    var sampling = Sampling()
    sampling.temperature = 0
    return sampling
  }

  private let prompts = (0..<2000).map { "a door, number \($0)" }

  @Test("the first rule whose pattern the prompt contains answers, else the last resort")
  func rules() throws {
    let answers = try model().complete(["the door and the key", "the key", "a wall"], greedy()).map(\.text)
    #expect(answers == ["open", "take", "wait"])
  }

  @Test("what is drawn depends on prompt and seeds alone, and every answer of a rule comes up")
  func seeds() throws {
    let first = try model().complete(prompts, Sampling()).map(\.text)
    let reversed = try model().complete(prompts.reversed(), Sampling()).map(\.text)
    #expect(first == reversed.reversed())
    let share = Double(first.count { $0 == "unlock" }) / 2000
    #expect((0.45...0.55).contains(share))
    #expect(try model { $0.seed = 4 }.complete(prompts, Sampling()).map(\.text) != first)
  }

  @Test("errors, unreadable answers and failures come at their rates")
  func knobs() throws {
    let wrong = try model { $0.errorRate = 0.2 }.complete(prompts, greedy()).count { $0.text == "take" }
    #expect((320...480).contains(wrong))
    let garbled = try model { $0.garbleRate = 0.1 }.complete(prompts, greedy()).count { $0.text != "open" }
    #expect((140...260).contains(garbled))
    let failing = model { $0.failureRate = 0.5 }
    let failures = prompts.count { (try? failing.complete([$0], greedy())) == nil }
    #expect((900...1100).contains(failures))
  }

  @Test("scores are log-probabilities: nine tenths for the rule's option, the same for all in a tie")
  func scores() throws {
    let scores = try model().score("a door", options: ["take", "open", "wait"])
    #expect(abs(scores[1] - -0.10536) < 1e-4)
    #expect(abs(scores[0] - -2.99573) < 1e-4)
    let ties = model { $0.tieRate = 0.3 }
    let tied = try prompts.count { prompt in
      let scores = try ties.score(prompt, options: ["take", "open"])
      return scores[0] == scores[1]
    }
    #expect((500...700).contains(tied))
    let wrong = model { $0.errorRate = 0.25 }
    let favoured = try prompts.count { prompt in
      let scores = try wrong.score(prompt, options: ["take", "open"])
      return scores[0] > scores[1]
    }
    #expect((400...600).contains(favoured))
  }

  @Test("answers end at a stop and are cut at the most tokens")
  func limits() throws {
    let long = ScriptedLanguageModel(rules: [], otherwise: "one two three four. five")
    var sampling = greedy()
    sampling.stops = ["."]
    #expect(try long.complete(["x"], sampling)[0].text == "one two three four")
    sampling.maximumTokens = 2
    let cut = try long.complete(["x"], sampling)[0]
    #expect(cut.text == "one two")
    #expect(cut.isCut && cut.answerTokens == 2)
  }
}
