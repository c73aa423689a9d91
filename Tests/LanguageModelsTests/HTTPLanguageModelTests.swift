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

    @Test("copies of a prompt have seeds of their own, also where some of their answers are kept")
    func seeds() throws {
      let path = FileManager.default.temporaryDirectory.path + "/seeds-\(UUID().uuidString).sqlite"
      defer { try? FileManager.default.removeItem(atPath: path) }
      var sampling = Sampling()
      sampling.seed = 7
      let prompts = ["seeded", "seeded twin", "seeded", "seeded"]
      let wanted = try model().complete(prompts, sampling).map(\.text)
      #expect(Set(wanted).count == 3 && wanted[0] == wanted[1])
      #if LanguageModelRecords
        let recorded = RecordedLanguageModel(path: path, asking: try model())
        #expect(try recorded.complete(["seeded"], sampling).map(\.text) == [wanted[0]])
        #expect(try recorded.complete(prompts, sampling).map(\.text) == wanted)
      #endif
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

    @Test("an answer of a hundred thousand choices is refused before a value of it is made")
    func many() throws {
      let model = try model {
        $0.retries = 0
        $0.responseKilobytes = 4_096
      }
      let error = #expect(throws: UserError.self) { try model.complete(["fault=many always"], Sampling()) }
      let words = "protocol says: it has more than 100000 values, too many for an answer"
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
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

    @Test("while a server wants to be left alone no other request is sent to it")
    func quiet() throws {
      let model = try model { $0.concurrency = 2 }
      let start = Clock.seconds
      let before = server.requests
      // The first two come at once; the second of them may be on its way already.
      let answers = try model.complete(["fault=429-after once"] + (0..<20).map { "fine \($0)" }, Sampling())
      #expect(answers.count == 21 && server.requests == before + 22)
      #expect(Clock.seconds - start >= 1 && server.latest(10).allSatisfy { $0 - start >= 0.9 })
    }

    @Test("a server on the loopback is asked past a proxy")
    func proxy() throws {
      setenv("http_proxy", "http://127.0.0.1:1", 1)
      defer { unsetenv("http_proxy") }
      for host in ["127.0.0.1", "localhost"] {
        let model = try model {
          $0.url = server.url.replacing("127.0.0.1", with: host)
          $0.retries = 0
        }
        #expect(try model.complete(["x"], Sampling())[0].text == "echo: x")
      }
      let away = try model {
        $0.url = "http://example.invalid/v1"
        $0.retries = 0
      }
      let error = #expect(throws: UserError.self) { try away.complete(["x"], Sampling()) }
      #expect(error?.description.contains("could") == true)
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

    @Test("a key that the server repeats stands in no error, not in part, and in no answer", arguments: [false, true])
    func repeatedKey(_ chat: Bool) throws {
      let variable = "FORAGE_TEST_REPEATED_KEY"
      setenv(variable, "sk-0123456789abcdef", 1)
      defer { unsetenv(variable) }
      let model = try model {
        $0.keyVariable = variable
        $0.chat = chat
      }
      let error = #expect(throws: UserError.self) { try model.complete(["repeat the key and refuse"], Sampling()) }
      #expect(error?.description.contains("no no") == true && error?.description.contains("sk-") == false)
      #expect(try model.complete(["repeat the key"], Sampling())[0].text == "Authorization: Bearer [key]")
      // What servers without a key are given is a word like others.
      setenv(variable, "none", 1)
      let open = try self.model { $0.keyVariable = variable }
      #expect(try open.complete(["a nonentity"], Sampling())[0].text == "echo: a nonentity")
    }

    @Test("a count of tokens that cannot be is an unknown one; probabilities are brought to what can be added up")
    func boasts() throws {
      let model = try model { $0.logProbabilities = true }
      let answers = try model.complete(["boast", "boast", "boast"], Sampling())
      #expect(answers.allSatisfy { $0.promptTokens == 0 && $0.answerTokens == 0 && $0.logProbability == 0 })
      #expect(model.usage.promptTokens == 0 && model.usage.uncounted == 3)
      #expect(try model.score("boast", options: ["a", "bb"]) == [0, -1_000_003])
      let text = #"{"text": "", "promptTokens": 9223372036854775807, "answerTokens": -5, "isCut": false}"#
      let kept = try JSON(parsing: text, name: "x")
      #expect(try kept.decoded(name: "x") as Completion == Completion(""))
    }

    @Test("a server that does not say how many tokens is not one that took none", arguments: [
      "null", "{}", "7", #"{"prompt_tokens": 10.5, "completion_tokens": "7"}"#,
      #"{"prompt_tokens": -5, "completion_tokens": -7}"#,
      #"{"prompt_tokens": 9223372036854775807, "completion_tokens": 1e308}"#,
    ])
    func untold(_ usage: String) throws {
      let model = try model { ($0.promptPrice, $0.answerPrice) = (1, 1) }
      let answers = try model.complete(["usage=\(usage)", "usage=\(usage)"], Sampling())
      #expect(answers.allSatisfy { $0.promptTokens == 0 && $0.answerTokens == 0 })
      #expect(model.usage.requests == 2 && model.usage.uncounted == 2 && model.usage.cost == 0)
      let start = "the language model's server answered"
      let line = model.usage.line
      #expect(line == "\(start) 2 requests; 2 of 2 answers did not say how many tokens", "\(line ?? "")")
      _ = try model.complete(["told"], Sampling())
      let some = (model.usage + model.usage).line ?? ""
      #expect(some.hasPrefix("\(start) 6 requests: 8 tokens of prompts, 6 of answers"), "\(some)")
      #expect(some.hasSuffix("; 4 of 6 answers did not say how many tokens"), "\(some)")
    }

    @Test("an answer that cannot be used counts with its tokens and their cost, before another attempt and without one")
    func unusable() throws {
      let priced = { (settings: inout LanguageModelSettings) in
        (settings.promptPrice, settings.answerPrice, settings.retries) = (1e6, 1e5, 1)
      }
      let model = try model(priced)
      #expect(try model.complete(["fault=billed once a"], Sampling()).map(\.text) == ["echo: fault=billed once a"])
      // 7 and 2 of the one without a text, 19 and 3 of the other.
      #expect(model.usage.requests == 2 && model.usage.promptTokens == 26 && model.usage.answerTokens == 5)
      #expect(abs(model.usage.cost - 26.5) < 1e-9 && model.usage.retries == 1)
      let failing = try self.model(priced)
      #expect(throws: UserError.self) { try failing.complete(["fault=billed always"], Sampling()) }
      #expect(failing.usage.requests == 2 && failing.usage.promptTokens == 14)
      #expect(failing.usage.line?.contains("14 tokens of prompts, 4 of answers, 14.4 by the prices") == true)
    }

    @Test("an address to which nothing can be sent is refused before anything is begun", arguments: [
      "http://", "http:///v1", "http://127.0.0.1:99999/v1", "http://exa mple/v1", "http://[::1/v1",
    ])
    func noAddress(_ url: String) throws {
      var settings = LanguageModelSettings()
      (settings.backEnd, settings.name, settings.url) = (.http, "x", url)
      let changed = settings
      let refusal = #expect(throws: UserError.self) { try changed.make() }
      #expect(refusal?.description.contains("model.url is no address") == true)
      for fine in ["localhost:8080/v1", "http://[::1]:8080/v1/", "https://api.example.org/v1", "HTTP://HOST"] {
        settings.url = fine
        _ = try settings.make()
      }
    }

    @Test("answers that came before another failed for good are told, and prices add up")
    func told() throws {
      let model = try model {
        $0.concurrency = 1
        ($0.promptPrice, $0.answerPrice) = (1e6, 1e5)
      }
      var told: [Int: String] = [:]
      #expect(throws: UserError.self) {
        try model.complete(["a", "b", "fault=401 always"], Sampling(), repetitions: [0, 0, 0]) { told[$0] = $1.text }
      }
      #expect(told == [0: "echo: a", 1: "echo: b"])
      #expect(model.usage.requests == 2 && model.usage.answerTokens == 6)
      #expect(abs(model.usage.cost - (Double(model.usage.promptTokens) + 0.6)) < 1e-9)
      #expect(model.usage.line?.contains("answered 2 requests") == true)
    }

    @Test("answers under way when another fails for good are waited for and told; no more are asked for")
    func underWay() throws {
      let prompts = ["late a", "fault=401 always", "late b", "late c", "d"]
      let model = try model {
        $0.concurrency = 3
        $0.retries = 0
      }
      let before = server.requests
      var told: [Int: String] = [:]
      let error = #expect(throws: UserError.self) {
        try model.complete(prompts, Sampling(), repetitions: prompts.repetitions) { told[$0] = $1.text }
      }
      #expect(error?.description.contains("status 401") == true)
      #expect(told == [0: "echo: late a", 2: "echo: late b"] && server.requests == before + 3)
      #if LanguageModelRecords
        let path = FileManager.default.temporaryDirectory.path + "/batch-\(UUID().uuidString).sqlite"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: UserError.self) {
          try RecordedLanguageModel(path: path, asking: model).complete(prompts, Sampling())
        }
        let alone = RecordedLanguageModel(path: path, name: "stub", asking: nil)
        #expect(try alone.complete(["late b", "late a"], Sampling()).map(\.text) == ["echo: late b", "echo: late a"])
        #expect(throws: UserError.self) { try alone.complete(["d"], Sampling()) }
      #endif
    }

    @Test("the requests under way at once are counted over the calls of all threads")
    func together() throws {
      let server = StubServer()
      let model = try model {
        $0.url = server.url
        $0.concurrency = 2
      }
      DispatchQueue.concurrentPerform(iterations: 4) { thread in
        for number in 0..<5 {
          let prompts = (0..<4).map { "\(thread) \(number) \($0)" }
          let answers = try? model.complete(prompts, Sampling()).map(\.text)
          #expect(answers == prompts.map { "echo: \($0)" })
        }
      }
      // A connection may still be closing when the next one opens.
      #expect(server.mostOpen <= 4 && model.usage.requests == 80 && model.concurrency == 2)
      #if LanguageModelRecords
        #expect(RecordedLanguageModel(path: "x", asking: model).concurrency == 2)
      #endif
    }

    @Test("an address with a user, a password or a key in it is refused and not repeated", arguments: [
      "http://me:hunter2@host/v1", "hunter2@host/v1", "https://host/v1?api_key=hunter2", "https://host/v1#hunter2",
    ])
    func secrets(_ url: String) throws {
      var settings = LanguageModelSettings()
      settings.backEnd = .http
      settings.name = "x"
      settings.url = url
      let changed = settings
      let refusal = #expect(throws: UserError.self) { try changed.make() }
      #expect(refusal?.description.contains("model.url") == true && refusal?.description.contains("hunter2") == false)
      settings.url = "http://127.0.0.1:8080/v1/users@home"
      _ = try settings.make()
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
        { $0.topTokens = 0 }, { $0.url = "http://a\0b" }, { $0.url = "ftp://host/v1" }, { $0.url = "file:///etc" },
      { $0.url = "" }, { $0.keyVariable = "sk-123" },
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
