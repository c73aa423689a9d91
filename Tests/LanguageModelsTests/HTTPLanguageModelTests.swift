#if LanguageModelHTTP
  import Foundation
  import Groundwork
  import LanguageModels
  import Testing

  @Suite("Models behind HTTP", .serialized) struct HTTPLanguageModelTests {
    private let server = StubServer()

    private func model(_ change: (inout LanguageModelSettings) -> Void = { _ in }) throws -> HTTPLanguageModel {
      var settings = LanguageModelSettings()
      settings.backEnd = .http
      settings.name = "stub"
      settings.url = server.url
      settings.concurrency = 32
      settings.timeoutSeconds = 20
      settings.backOffSeconds = 0.001
      settings.responseKilobytes = 64
      change(&settings)
      return try HTTPLanguageModel(settings)
    }

    @Test("completions and chat: answers in the prompts' order, tokens, probabilities, stops, several at once")
    func answers() throws {
      let prompts = (0..<200).map { "number \($0) é \"\\" }
      for chat in [false, true] {
        let model = try model {
          $0.chat = chat
          $0.logProbabilities = true
        }
        let answers = try model.complete(prompts, Sampling())
        #expect(answers.map(\.text) == prompts.map { "echo: \($0)" })
        #expect(answers.allSatisfy { $0.logProbability == -1.5 && !$0.isCut && $0.answerTokens == 3 })
        #expect(model.usage.requests == 200 && model.usage.answerTokens == 600)
        var sampling = Sampling()
        sampling.stops = [" é", "ber"]
        #expect(try model.complete(["number 1 é"], sampling)[0].text == "echo: num")
        #expect(try model.complete([], sampling).isEmpty)
      }
      #expect(server.mostOpen > 1 && server.mostOpen <= 33)
      var sampling = Sampling()
      sampling.grammar = "root ::= \"a\""
      #expect(try model().complete(["x"], sampling)[0].text == "by grammar")
    }

    @Test("scores follow an option token by token, the longest first; by chat the first stands for it")
    func scores() throws {
      #expect(try model().score("it is", options: [" good", " bad", ""]) == [-0.75, -1.25, 0])
      #expect(try model { $0.chat = true }.score("it is", options: [" good", " bad"]) == [-0.25, -1.25])
      // What is not listed cannot be likelier than the least that is.
      let listed = try model().score("it is", options: [" good", " bad", "qqq", "zzz"])
      #expect(listed[2] == listed[3] && listed[2] <= min(listed[0], listed[1]))
    }

    @Test("a thousand of each fault: no answer is lost, none is another prompt's", arguments: [
      "slow", "429", "500", "cut", "large", "invalid", "endless", "closed", "lying",
    ])
    func faults(_ fault: String) throws {
      let prompts = (0..<1_000).map { "fault=\(fault) once #\($0)" }
      let model = try model {
        $0.retries = 20
        $0.concurrency = 64
        if fault == "slow" { $0.timeoutSeconds = 0.5 }
      }
      let start = Clock.seconds
      #expect(try model.complete(prompts, Sampling()).map(\.text) == prompts.map { "echo: \($0)" })
      #expect(model.usage.requests == 1_000 && model.usage.retries >= 1_000)
      #expect(Clock.seconds - start < 120)
    }

    @Test("what does not pass is one line that says what it was", arguments: [
      ("slow", "within 0.3 seconds"), ("429", "status 429: slow down"), ("500", "status 500"), ("cut", "transfer"),
      ("large", "larger than 65536 bytes"), ("invalid", "protocol"), ("endless", "larger than 65536 bytes"),
      ("closed", "server returned nothing"), ("lying", "protocol"), ("nested", "protocol"), ("empty", "protocol"),
      ("dripping", "within 0.3 seconds"), ("endless-head", "gave no answer"), ("401", "status 401: wrong"),
    ])
    func permanent(_ fault: String, _ words: String) throws {
      let start = Clock.seconds
      let model = try model {
        $0.retries = 2
        $0.timeoutSeconds = 0.3
      }
      let error = #expect(throws: UserError.self) {
        try model.complete(["fine", "fault=\(fault) always"], Sampling())
      }
      let line = try #require(error).description
      #expect(line.contains(words) && line.contains("'stub'"), "\(line)")
      #expect(line.unicodeScalars.allSatisfy { !$0.steersTerminal && $0 != "\n" })
      #expect(Clock.seconds - start < 30)
    }

    @Test("a server that asks to be left alone for a second is left alone; another kind of refusal is not repeated")
    func patience() throws {
      let start = Clock.seconds
      #expect(try model().complete(["fault=429-after once"], Sampling())[0].text.hasPrefix("echo"))
      #expect(Clock.seconds - start >= 1)
      let before = server.requests
      #expect(throws: UserError.self) { try model().complete(["fault=401 always"], Sampling()) }
      #expect(server.requests == before + 1)
    }

    @Test("requests keep to their rate")
    func rate() throws {
      let model = try model { $0.requestsPerMinute = 600 }
      let start = Clock.seconds
      _ = try model.complete((0..<11).map { "\($0)" }, Sampling())
      #expect(Clock.seconds - start >= 1)
    }

    @Test("the key comes from the variable that is named, goes to the server, and stands in no error")
    func key() throws {
      let variable = "FORAGE_TEST_KEY"
      setenv(variable, "sk-secret", 1)
      defer { unsetenv(variable) }
      let model = try model { $0.keyVariable = variable }
      _ = try model.complete(["x"], Sampling())
      #expect(server.lastHead.contains("Authorization: Bearer sk-secret"))
      let error = #expect(throws: UserError.self) { try model.complete(["fault=401 always"], Sampling()) }
      #expect(error?.description.contains("secret") == false)
      setenv(variable, "a\nX-Evil: 1", 1)
      let refusal = #expect(throws: UserError.self) { try self.model { $0.keyVariable = variable } }
      #expect(refusal?.description.contains("Evil") == false)
      unsetenv(variable)
      _ = try self.model { $0.keyVariable = variable }.complete(["x"], Sampling())
      #expect(!server.lastHead.contains("Authorization"))
    }

    @Test("nobody there, no address, no name: a line each", arguments: [
      ("http://127.0.0.1:1/v1", "stub", "could"), ("gopher://x", "stub", "no address"), ("", "stub", "no address"),
      ("http://127.0.0.1:1/v1", "", "no model is named"),
    ])
    func unreachable(_ url: String, _ name: String, _ words: String) {
      let error = #expect(throws: UserError.self) {
        try model {
          $0.url = url
          $0.name = name
          $0.retries = 1
        }.complete(["x"], Sampling())
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("numbers out of range are refused by name")
    func ranges() {
      for change in [
        { $0.concurrency = 0 }, { $0.timeoutSeconds = .nan }, { $0.retries = -1 }, { $0.responseKilobytes = 1 << 30 },
        { $0.topTokens = 0 }, { $0.url = "http://a\0b" },
      ] as [(inout LanguageModelSettings) -> Void] {
        var settings = LanguageModelSettings()
        settings.backEnd = .http
        settings.name = "x"
        change(&settings)
        let changed = settings
        let error = #expect(throws: UserError.self) { try changed.make() }
        #expect(error?.description.contains("model.") == true)
      }
    }
  }
#endif
