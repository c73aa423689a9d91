#if LanguageModelHTTP
  public import Groundwork
  import RealModule
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// A language model behind an HTTP server that speaks OpenAI's protocol: completions or chat.
  ///
  /// Calls block until every prompt is answered; several are under way at once. What may pass (a busy server, a broken
  /// connection, an answer that cannot be read) is tried again; what cannot is one line. The key is read from an
  /// environment variable when it is needed, and written nowhere.
  public final class HTTPLanguageModel: StreamingLanguageModel {
    private let settings: LanguageModelSettings
    private let client: HTTPClient
    private let counts = Mutex(LanguageModelUsage())

    /// What results call it: the settings' name.
    public var name: String { settings.name }
    /// As many calls as it may have requests under way.
    public var concurrency: Int { settings.concurrency }
    /// What was asked so far.
    public var usage: LanguageModelUsage { counts.withLock { $0 } }

    /// - Throws: `UserError` where no model is named, or the key's variable holds more than a line.
    public init(_ settings: LanguageModelSettings) throws(UserError) {
      self.settings = settings
      guard !settings.name.isEmpty else {
        throw UserError(
          "an HTTP server is to be asked and no model is named", fix: "Name one (model.name=)")
      }
      var key: String?
      if !settings.keyVariable.isEmpty, let text = getenv(settings.keyVariable).map({ String(cString: $0) }) {
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
          throw UserError(
            "the key in '\(settings.keyVariable)' has a space, a line's end or a sign beyond ASCII",
            fix: "Export it without")
        }
        key = text.isEmpty ? nil : text
      }
      var limits = HTTPClient.Limits()
      limits.concurrency = settings.concurrency
      limits.seconds = settings.timeoutSeconds
      limits.retries = settings.retries
      limits.backOffSeconds = settings.backOffSeconds
      limits.requestsPerMinute = settings.requestsPerMinute
      limits.bytes = settings.responseKilobytes << 10
      var base = settings.url
      while base.hasSuffix("/") { base.removeLast() }
      client = HTTPClient(
        url: base + (settings.chat ? "/chat/completions" : "/completions"), key: key, limits: limits)
    }

    /// One request a prompt, several at once.
    ///
    /// A prompt that comes again has the next seed each time: a server that goes by seeds would say the same again.
    public func complete(
      _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
    ) throws -> [Completion] {
      let chat = settings.chat
      let bodies = zip(prompts, repetitions).map { prompt, repetition in
        var sampling = sampling
        sampling.seed &+= UInt64(repetition)
        return body(prompt, sampling).text()
      }
      return try ask(bodies, whenAnswered: whenAnswered) { document in
        guard let choice = document["choices"]?.array?.first else { return nil }
        guard let text = (chat ? choice["message"]?["content"] : choice["text"])?.string else { return nil }
        let tokens = HTTPLanguageModel.tokens(document)
        return Completion(
          HTTPLanguageModel.cut(client.withoutKey(text), at: sampling.stops),
          logProbability: HTTPLanguageModel.logProbability(choice["logprobs"]),
          promptTokens: tokens.prompt ?? 0, answerTokens: tokens.answer ?? 0,
          isCut: choice["finish_reason"]?.string == "length")
      }
    }

    /// Asks for the likeliest next tokens and follows each option through them, a token a request.
    ///
    /// An option that is not among them has the log-probability of the least likely of them, which it cannot exceed.
    ///
    /// - Throws: `UserError` where the server tells none.
    public func score(_ prompt: String, options: [String]) throws -> [Double] {
      var sums = [Double](repeating: 0, count: options.count)
      var rests = options.map { Substring($0) }
      var known: [String: [(token: String, logProbability: Double)]] = [:]
      while let longest = rests.map(\.utf8.count).max(), longest > 0 {
        let open = options.indices.filter { !rests[$0].isEmpty }
        func before(_ index: Int) -> String { String(options[index].dropLast(rests[index].count)) }
        var asked: [String] = []
        for index in open where known[before(index)] == nil && !asked.contains(before(index)) {
          asked.append(before(index))
        }
        guard !settings.chat || asked.allSatisfy(\.isEmpty) else {
          throw UserError.languageModel(name, failed: "by chat it tells the probability of a first token only")
        }
        let answers = try nextTokens(asked.map { prompt + $0 })
        for (text, tokens) in zip(asked, answers) { known[text] = tokens }
        for index in open {
          // A piece of the rest; the longest where several fit.
          let fitting = known[before(index)]!.filter { !$0.token.isEmpty && rests[index].hasPrefix($0.token) }
          guard let best = fitting.max(by: { $0.token.utf8.count < $1.token.utf8.count }) else {
            guard let least = known[before(index)]!.map(\.logProbability).min() else {
              throw UserError.languageModel(name, failed: "it does not say how probable next tokens are")
            }
            sums[index] += least
            rests[index] = ""
            continue
          }
          sums[index] += best.logProbability
          rests[index] = rests[index].dropFirst(best.token.count)
          // By chat the first token stands for the option.
          if settings.chat { rests[index] = "" }
        }
      }
      return sums
    }

    private func nextTokens(_ prompts: [String]) throws -> [[(token: String, logProbability: Double)]] {
      var sampling = Sampling()
      sampling.temperature = 0
      sampling.maximumTokens = 1
      let bodies = prompts.map { prompt in
        var body = body(prompt, sampling)
        if settings.chat { body["top_logprobs"] = .integer(settings.topTokens) }
        body["logprobs"] = settings.chat ? true : .integer(settings.topTokens)
        return body.text()
      }
      return try ask(bodies) { document in
        HTTPLanguageModel.likeliest(document["choices"]?.array?.first?["logprobs"])
      }
    }

    private func body(_ prompt: String, _ sampling: Sampling) -> JSON {
      var body: JSON = [
        "model": .string(settings.name), "max_tokens": .integer(sampling.maximumTokens),
        "temperature": .number(sampling.temperature), "seed": .integer(Int(sampling.seed & 0x7fff_ffff)),
        "stream": false,
      ]
      if settings.chat {
        body["messages"] = [["role": "user", "content": .string(prompt)]]
        if settings.logProbabilities { body["logprobs"] = true }
      } else {
        body["prompt"] = .string(prompt)
        if settings.logProbabilities { body["logprobs"] = 1 }
      }
      if !sampling.stops.isEmpty { body["stop"] = .array(sampling.stops.map { .string($0) }) }
      if let grammar = sampling.grammar { body["grammar"] = .string(grammar) }
      return body
    }

    private func ask<Answer>(
      _ bodies: [String], whenAnswered: (Int, Answer) -> Void = { _, _ in }, read: (JSON) -> Answer?
    ) throws -> [Answer] {
      var answers = [Answer?](repeating: nil, count: bodies.count)
      do {
        try client.post(bodies) { index, bytes, retries in
          let wrong = "what it answered is not what OpenAI's protocol says"
          let document: JSON
          do throws(UserError) {
            document = try JSON(parsing: bytes, name: "it", kind: .answer)
          } catch {
            return "\(wrong): \(error.reason)"
          }
          let answer = read(document)
          count(document, isUsable: answer != nil, retries: retries)
          guard let answer else { return wrong }
          answers[index] = answer
          whenAnswered(index, answer)
          return nil
        }
      } catch {
        if error.isStop { throw StopRequested() }
        throw UserError(
          "the language model '\(name)' at \(settings.url) gave no answer: \(error.reason)",
          fix: "See whether it runs and can be reached (model.url), then resume")
      }
      return answers.map { $0! }
    }

    /// Counts an answer and what it took. One that cannot be used is billed all the same where it tells its tokens.
    private func count(_ document: JSON, isUsable: Bool, retries: Int) {
      guard isUsable || document["usage"]?.object != nil else { return }
      let tokens = HTTPLanguageModel.tokens(document)
      counts.withLock {
        $0.requests += 1
        if isUsable { $0.retries += retries }
        if tokens.prompt == nil || tokens.answer == nil { $0.uncounted += 1 }
        $0.promptTokens += tokens.prompt ?? 0
        $0.answerTokens += tokens.answer ?? 0
        $0.cost += settings.cost(promptTokens: tokens.prompt ?? 0, answerTokens: tokens.answer ?? 0)
      }
    }

    /// What a server says that a question and its answer took; nil where it does not, or says what cannot be.
    private static func tokens(_ document: JSON) -> (prompt: Int?, answer: Int?) {
      let usage = document["usage"]
      return (
        Completion.counted(usage?["prompt_tokens"]?.integer), Completion.counted(usage?["completion_tokens"]?.integer)
      )
    }

    /// A server may leave the stop in, or stop later.
    private static func cut(_ text: String, at stops: [String]) -> String {
      guard let end = TextToken.firstStop(stops, in: text[...]) else { return text }
      return String(text[..<end])
    }

    /// The sum over the answer's tokens, as OpenAI's completions, its chat or llama.cpp write them; nil where one is
    /// missing.
    private static func logProbability(_ document: JSON?) -> Double? {
      let values = document?["token_logprobs"]?.array ?? document?["content"]?.array?.map { $0["logprob"] ?? .null }
      guard let values, !values.isEmpty else { return nil }
      var sum = 0.0
      for value in values {
        guard let number = logProbability(of: value) else { return nil }
        sum += number
      }
      return sum
    }

    /// A token's log-probability: at most 0, and not so low that sums of them are no numbers; nil where it is none.
    private static func logProbability(of value: JSON?) -> Double? {
      guard let number = value?.double, number.isFinite else { return nil }
      return min(0, max(-1e6, number))
    }

    /// The likeliest first tokens.
    private static func likeliest(_ document: JSON?) -> [(token: String, logProbability: Double)]? {
      if let first = document?["content"]?.array?.first {
        let listed = (first["top_logprobs"]?.array ?? []) + [first]
        return listed.compactMap { entry in
          guard let token = entry["token"]?.string, let value = logProbability(of: entry["logprob"]) else {
            return nil
          }
          return (token, value)
        }
      }
      guard let listed = document?["top_logprobs"]?.array?.first?.object else { return nil }
      return listed.sorted { $0.key < $1.key }.compactMap { token, value in
        logProbability(of: value).map { (token, $0) }
      }
    }
  }
#endif
