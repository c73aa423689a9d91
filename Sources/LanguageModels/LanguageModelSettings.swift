public import Groundwork

/// Which language model is asked, as agents and reward designs have it among their settings.
public struct LanguageModelSettings: Codable, Hashable, Sendable {
  /// Where answers come from.
  public enum BackEnd: String, Codable, CaseIterable, Sendable {
    /// The model that this program has in it: it continues a text by the lines before and needs nothing.
    case embedded
    /// A server that speaks OpenAI's protocol.
    case http
    /// Answers that were recorded before, and nothing else.
    case recorded
  }

  /// Where answers come from: `embedded`, the model in this program, needs nothing; `http` is a server that speaks
  /// OpenAI's protocol; `recorded` are the answers in the file `recording`.
  public var backEnd = BackEnd.embedded
  /// The model's name, as the server knows it; also what recorded answers are kept under, with `chat`,
  /// `logProbabilities` and `topTokens` where they are changed, and not with `url`. The embedded one has its own.
  public var name = ""
  /// The stream that the embedded model draws by.
  public var seed: UInt64 = 0
  /// A file that answers are kept in, and read from where the same was asked before; empty for none.
  public var recording = ""
  /// Where the server is, up to what `/completions` follows.
  public var url = "http://127.0.0.1:8080/v1"
  /// Whether it is asked by chat (`/chat/completions`); otherwise by completion of the prompt.
  public var chat = false
  /// The environment variable that holds the server's key; it is written nowhere.
  public var keyVariable = "FORAGE_MODEL_KEY"
  /// Requests that are under way at once.
  public var concurrency = 4
  /// Seconds that an answer may take.
  public var timeoutSeconds = 60.0
  /// Attempts after the first, where what went wrong may pass.
  public var retries = 5
  /// Seconds before the second attempt; doubled for each further one, 30 at most.
  public var backOffSeconds = 0.5
  /// Requests a minute, at most; 0 for as many as are answered.
  public var requestsPerMinute = 0.0
  /// Kilobytes of an answer, at most.
  public var responseKilobytes = 4_096
  /// Whether answers are asked for with their log-probabilities.
  public var logProbabilities = false
  /// How many of the likeliest next tokens are asked for where options are scored.
  public var topTokens = 20
  /// What a million tokens of prompts cost, in the money of your bill.
  public var promptPrice = 0.0
  /// What a million tokens of answers cost.
  public var answerPrice = 0.0

  /// The embedded model.
  public init() {}

  /// The model; nothing is asked of it yet, and no file is opened.
  ///
  /// - Parameter path: How a person sets these settings: what precedes their names.
  /// - Throws: `UserError` for settings that no model can have, and a back end that this program was built without.
  public func make(path: String = "agent.model.") throws(UserError) -> any LanguageModel {
    try check(path)
    switch backEnd {
    // It has a name of its own, and answers the same whenever it is asked.
    case .embedded: return try recorded(EmbeddedLanguageModel(seed: seed), name: "", isReproducible: true)
    case .recorded:
      guard !recording.isEmpty else {
        throw UserError("recorded answers are to be used and no file is named", fix: "Name one (model.recording=)")
      }
      return try recorded(nil, name: name)
    case .http:
      #if LanguageModelHTTP
        guard HTTPClient.isAddress(url) else { throw LanguageModelSettings.noAddress(path) }
        return try recorded(HTTPLanguageModel(self), name: name)
      #else
        throw UserError(
          "this program was built without the trait LanguageModelHTTP, so it can ask no server",
          fix: "Build it with libcurl4-openssl-dev and the default traits, or use model.backEnd=embedded")
      #endif
    }
  }

  private func recorded(
    _ model: (any LanguageModel)?, name: String, isReproducible: Bool = false
  ) throws(UserError) -> any LanguageModel {
    if recording.isEmpty, let model { return model }
    #if LanguageModelRecords
      return RecordedLanguageModel(
        path: recording, name: name, settings: askedWith, isReproducible: isReproducible, asking: model)
    #else
      throw UserError(
        "this program was built without the trait LanguageModelRecords, so it keeps no answers",
        fix: "Build it with libsqlite3-dev and the default traits, or leave model.recording out")
    #endif
  }

  /// Settings by which one model answers the same question otherwise, where they are not as they were.
  private var askedWith: [String] {
    let normal = LanguageModelSettings()
    var changed: [String] = []
    if chat { changed.append("chat") }
    if logProbabilities { changed.append("logProbabilities") }
    if topTokens != normal.topTokens { changed.append("topTokens \(topTokens)") }
    return changed
  }

  /// Refuses settings that no model can have.
  ///
  /// - Parameter path: What precedes their names, as `make` has it.
  /// - Throws: `UserError` for the first of them.
  public func check(_ path: String) throws(UserError) {
    let checks = [
      Check("concurrency", concurrency, in: 1...256),
      Check("timeoutSeconds", timeoutSeconds, in: 0.001...86_400),
      Check("retries", retries, in: 0...100),
      Check("backOffSeconds", backOffSeconds, in: 0...30),
      Check("requestsPerMinute", requestsPerMinute, in: 0...1e9),
      Check("responseKilobytes", responseKilobytes, in: 1...65_536),
      Check("topTokens", topTokens, in: 1...100),
      Check("promptPrice", promptPrice, in: 0...1e9),
      Check("answerPrice", answerPrice, in: 0...1e9),
    ]
    try Check.all(
      checks.map { check in
        var check = check
        // Whoever has such settings writes them so, in one of several places.
        check.fix = "model.\(check.name)="
        check.name = path + check.name
        return check
      })
    for (key, text) in [("url", url), ("name", name), ("recording", recording), ("keyVariable", keyVariable)]
    where text.unicodeScalars.contains(where: { $0.value == 0 }) {
      throw UserError("\(path)\(key) cannot hold a zero byte", fix: "Leave it out")
    }
    // Whoever puts the key itself there should not find it in an error, or in a file.
    guard keyVariable.utf8.allSatisfy({ $0 == 0x5f || 0x30...0x39 ~= $0 || 0x61...0x7a ~= $0 | 0x20 }) else {
      throw UserError(
        "\(path)keyVariable is no name of an environment variable",
        fix: "Export the key in a variable, and name that (model.keyVariable=)")
    }
    let scheme = url.firstRange(of: "://").map { url[..<$0.lowerBound].lowercased() } ?? "http"
    let address = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    guard backEnd != .http || ["http", "https"].contains(scheme) && !address.isEmpty && address.first != "/" else {
      throw LanguageModelSettings.noAddress(path)
    }
    // What is wrong with it is not repeated: settings stand in files and errors, and this may be a password.
    if address.contains(where: { $0 == "?" || $0 == "#" }) || address.prefix(while: { $0 != "/" }).contains("@") {
      throw UserError(
        "\(path)url has a user, a question mark or a part after '#', and settings are written down",
        fix: "Name the server and its path alone, and export the key in the variable that model.keyVariable names")
    }
  }

  private static func noAddress(_ path: String) -> UserError {
    UserError("\(path)url is no address of an HTTP server", fix: "Write for example model.url=http://127.0.0.1:8080/v1")
  }

  /// What so many tokens cost.
  public func cost(promptTokens: Int, answerTokens: Int) -> Double {
    (Double(promptTokens) * promptPrice + Double(answerTokens) * answerPrice) / 1e6
  }
}
