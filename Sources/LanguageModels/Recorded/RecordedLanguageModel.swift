#if LanguageModelRecords
  import Groundwork
  import Synchronization

  /// A language model whose answers are kept in a file and read there when the same is asked again: a finished run
  /// repeats without its model, bit for bit, and a resumed one is told what it was told before.
  ///
  /// An answer is kept under the model's name, how it is asked, the prompt, the sampling, and its number among equal
  /// prompts of one call. **The same question has one answer for ever**: who wants another one asks with another
  /// `Sampling.seed`, or several times in one call. Prompts themselves are not kept, only their digests.
  public final class RecordedLanguageModel: StreamingLanguageModel {
    private let model: (any LanguageModel)?
    private let chosenName: String
    private let settings: [String]
    private let isReproducible: Bool
    private let file: Mutex<AnswerFile>

    /// - Parameters:
    ///   - path: The file, which is made with the first question when it is missing and there is a model.
    ///   - name: What answers are kept under; empty for the model's own name, or that of the only model in the file.
    ///   - settings: How the model is asked, where that is part of the question.
    ///   - isReproducible: Whether the model says the same when it is asked again, so that answers may be lost with the
    ///     machine's power; waiting for the disk takes longer than such a model.
    ///   - model: Asked for what is not there; nil to ask nobody.
    public init(
      path: String, name: String = "", settings: [String] = [], isReproducible: Bool = false,
      asking model: (any LanguageModel)?
    ) {
      self.model = model
      self.settings = settings
      self.isReproducible = isReproducible
      chosenName = name
      file = Mutex(AnswerFile(path: path, isNeeded: model == nil, isDurable: !isReproducible))
    }

    /// What results call it.
    public var name: String { chosenName.isEmpty ? model?.name ?? "recorded" : chosenName }

    /// As many calls at once as the model takes, where there is one.
    public var concurrency: Int { model?.concurrency ?? 1 }

    /// What was asked of the model, where there is one: answers that were kept are not asked again.
    public var usage: LanguageModelUsage { model?.usage ?? LanguageModelUsage() }

    /// Opens the file, where there is one or must be, and looks whether there can be one, and whether it can be written
    /// to where there is a model.
    public func prepare() throws {
      try model?.prepare()
      let chosenName = chosenName
      try file.withLock { file in try file.prepare(forModel: chosenName) }
    }

    /// What is kept; what is not is asked for and kept before it is given out, all of it at the end.
    public func complete(
      _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
    ) throws -> [Completion] {
      let key = try self.key()
      let sampled = JSON(encoding: sampling).text()
      let keys = zip(prompts, repetitions).map { prompt, number in
        AnswerFile.key([key] + settings + ["complete", sampled, String(number), prompt])
      }
      let answers = try answers(keys, named: key) { model, missing, whenAnswered in
        try model.complete(
          missing.map { prompts[$0] }, sampling, repetitions: missing.map { repetitions[$0] },
          whenAnswered: whenAnswered)
      }
      for (number, answer) in answers.enumerated() { whenAnswered(number, answer) }
      return answers
    }

    /// The same for scores.
    public func score(_ prompt: String, options: [String]) throws -> [Double] {
      let key = try self.key()
      return try answers([AnswerFile.key([key] + settings + ["score", prompt] + options)], named: key) { model, _, _ in
        [try model.score(prompt, options: options)]
      }[0]
    }

    private func key() throws(UserError) -> String {
      if model != nil || !chosenName.isEmpty { return name }
      return try file.withLock { (file) throws(UserError) in try file.onlyModel() }
    }

    private func answers<Answer: Codable>(
      _ keys: [[UInt8]], named name: String,
      ask: (any LanguageModel, [Int], _ whenAnswered: (Int, Answer) -> Void) throws -> [Answer]
    ) throws -> [Answer] {
      var found: [Answer?] = try file.withLock { file in
        try keys.map { key in
          try file.read(key).map { try JSON(parsing: $0, name: file.title).decoded(name: file.title) }
        }
      }
      let missing = keys.indices.filter { found[$0] == nil }
      guard !missing.isEmpty else { return found.map { $0! } }
      guard let model else {
        throw UserError(
          "no answer of '\(name)' is recorded for \(missing.count) of \(keys.count) questions",
          fix: "Ask the model itself (model.backEnd=\(name.hasPrefix("embedded-") ? "embedded" : "http")), with the "
            + "settings that the recording was made with")
      }
      func keep(_ answers: [(number: Int, answer: Answer)]) throws {
        try file.withLock { file in
          try file.write(answers.map { (keys[missing[$0]], JSON(encoding: $1).text()) }, model: name)
        }
      }
      // What was answered, and may be paid for, is kept as it comes: it is not asked again because another question of
      // the batch failed or the program was killed. A model that says the same again may lose it, and is faster so.
      // What could not be written then is written at the end, or why not is said.
      var kept: Set<Int> = []
      let answers = try ask(model, missing) { number, answer in
        if !isReproducible, (try? keep([(number, answer)])) != nil { kept.insert(number) }
      }
      guard answers.count == missing.count else {
        throw UserError.languageModel(name, failed: "it answered \(answers.count) of \(missing.count) questions")
      }
      let rest = answers.indices.filter { !kept.contains($0) }
      if !rest.isEmpty { try keep(rest.map { ($0, answers[$0]) }) }
      try file.withLock { file in
        // Another program may have kept another answer meanwhile: the one that is kept counts.
        for index in missing {
          found[index] = try file.read(keys[index]).map {
            try JSON(parsing: $0, name: file.title).decoded(name: file.title)
          }
        }
      }
      return try found.map { answer in
        guard let answer else { throw UserError("an answer was removed from the recording while it was written") }
        return answer
      }
    }
  }
#endif
