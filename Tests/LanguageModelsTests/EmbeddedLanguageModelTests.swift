import LanguageModels
import Testing

@Suite("Embedded model") struct EmbeddedLanguageModelTests {
  private func line(_ stop: String = "\n", temperature: Double = 0) -> Sampling {
    var sampling = Sampling()
    sampling.temperature = temperature
    sampling.stops = [stop]
    return sampling
  }

  private func answer(_ prompt: String) throws -> String {
    try EmbeddedLanguageModel().complete([prompt], line())[0].text
  }

  private func examples(_ pairs: [(String, String)]) -> String {
    pairs.map { "\($0.0)\n\($0.1)\n\n" }.joined()
  }

  @Test("what followed the same text follows it again")
  func copies() throws {
    let shown = examples([("sky", "is blue"), ("grass", "is green"), ("snow", "is white")])
    #expect(try answer(shown + "grass\n") == "is green")
    #expect(try answer(shown + "snow\n") == "is white")
  }

  @Test("a number that changed alike in all examples changes so in a line that was never shown")
  func generalises() throws {
    let shown = examples([("at [2]", "to [3]"), ("at [5]", "to [6]"), ("at [0]", "to [1]")])
    #expect(try answer(shown + "at [9]\n") == "to [10]")
  }

  @Test("a number beside it that means nothing is left out of account")
  func distractor() throws {
    let shown = examples((0..<8).map { ("at [\($0 % 5), \($0 * 7 % 8)]", "to [\($0 % 5 + 1), \($0 * 3 % 8)]") })
    #expect(try answer(shown + "at [6, 1]\n").hasPrefix("to [7, "))
  }

  @Test("a number may be the sum of two of the line before")
  func sums() throws {
    let pairs = [(1.25, 2.0), (-3.5, 1.0), (4.75, -1.0), (0.5, 3.0), (-2.25, -2.0), (3.1, 0.0)]
    func text(_ value: Double) -> String {
      let hundredths = Int((abs(value) * 100).rounded())
      return "\(value < 0 ? "-" : "")\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    let shown = examples(pairs.map { ("p \(text($0.0)) v \(text($0.1))", "p \(text($0.0 + $0.1))") })
    #expect(try answer(shown + "p 5.37 v -4.00\n") == "p 1.37")
    #expect(try answer(shown + "p -0.40 v 0.15\n") == "p -0.25")
  }

  @Test("a word follows from a number by the nearest example, and from which of two numbers is larger")
  func relations() throws {
    let near = examples([1, 3, 4, 6, 8, 9].map { ("n \($0)0", $0 < 5 ? "low" : "high") })
    #expect(try answer(near + "n 37\n") == "low")
    #expect(try answer(near + "n 66\n") == "high")
    let pairs = [(1, 5), (7, 2), (3, 4), (9, 8), (0, 6), (5, 1), (2, 3), (6, 0)]
    let larger = examples(pairs.map { ("x \($0.0) y \($0.1)", $0.0 > $0.1 ? "left" : "right") })
    #expect(try answer(larger + "x 4 y 9\n") == "right")
    #expect(try answer(larger + "x 9 y 4\n") == "left")
  }

  @Test("scores add up logarithms of probabilities, and the likelier option scores higher")
  func scores() throws {
    let shown = (0..<6).map { "\"the door \($0)\" is \($0 == 0 ? "bad" : "good")\n" }.joined()
    let scores = try EmbeddedLanguageModel().score(shown + "\"the door 7\" is", options: [" good", " bad", " purple"])
    #expect(scores[0] > scores[1] && scores[1] > scores[2])
    #expect(scores.allSatisfy { $0 <= 0 && $0.isFinite })
  }

  @Test("answers depend on prompt, sampling and seed alone, in whatever order prompts are asked")
  func determined() throws {
    let shown = examples((0..<30).map { ("roll", "\($0 * 7 % 6)") })
    let prompts = (0..<40).map { shown + String(repeating: "\n", count: $0) + "roll\n" }
    let model = EmbeddedLanguageModel(seed: 3)
    let first = try model.complete(prompts, line(temperature: 1)).map(\.text)
    #expect(try EmbeddedLanguageModel(seed: 3).complete(prompts.reversed(), line(temperature: 1)).map(\.text)
      == first.reversed())
    #expect(Set(first).count > 2)
    #expect(try EmbeddedLanguageModel(seed: 4).complete(prompts, line(temperature: 1)).map(\.text) != first)
  }

  @Test("answers end at a stop, at the most tokens, and where nothing before is alike")
  func ends() throws {
    var sampling = line(" c")
    #expect(try EmbeddedLanguageModel().complete(["a b c d\nx\na b c d\n"], sampling)[0].text == "x\na b")
    sampling.stops = []
    sampling.maximumTokens = 3
    let cut = try EmbeddedLanguageModel().complete(["a b\na b\na b\n"], sampling)[0]
    #expect(cut.isCut && cut.answerTokens == 3)
    #expect(try answer("") == "")
    #expect(try answer("never seen") == "")
    for text in ["\0", "-", "--1", "99999999999999999999", "1.", ".5", "1.1.1", " ", "\n\n\n", "é 🙂 1-2", "(\n(\n"] {
      _ = try EmbeddedLanguageModel().complete([text + "\n" + text], line())
      _ = try EmbeddedLanguageModel().score(text + "\n", options: [text, ""])
    }
  }
}
