public import Groundwork

/// Where a search for a reward program is kept; the same command goes on in it after a kill.
///
///     design.json                what was asked for
///     attempts/<i>/prompt.txt    what the designer was asked in iteration i
///     attempts/<i>/answers.json  what it answered, all of them, whole or not at all
///     attempts/<i>/<k>/          an answer: answer.txt, program.reward, run/ (a run's directory), attempt.json
///     winner/                    the winner's training with another seed, a run's directory
///     best.reward                the winning program
///     result.json, report.html   what it came to
public struct DesignDirectory: Sendable {
  private struct Answers: Codable {
    static let version = 3
    var version = Answers.version
    /// Of the search.
    var design: String
    var iteration: Int
    /// A digest of what was asked.
    var prompt: String
    var answers: [String]
    var tokens: DesignTokens
  }

  /// Absolute.
  public let path: String
  /// What `design.json` there says.
  public let description: DesignDescription
  private let lock: DirectoryLock

  /// A search in its directory, which is made when it is missing.
  ///
  /// - Throws: `UserError` when it holds something else, is in use by another program, or a file was altered.
  public init(_ description: DesignDescription, in path: String) throws(UserError) {
    try description.check()
    let file = path + "/design.json"
    if Files.exists(path), !Files.exists(file),
      !Files.isDirectory(path) || !Files.list(path).allSatisfy({ $0 == DirectoryLock.name || $0.hasSuffix(".tmp") })
    {
      throw UserError("'\(path)' already exists and holds no design", fix: "Name another directory (--out)")
    }
    try Files.makeDirectory(path)
    self.path = try Files.absolute(path)
    lock = try DirectoryLock(path)
    if Files.exists(file) {
      let found = try DesignDescription(reading: file)
      if let difference = description.difference(to: found) {
        throw UserError("'\(path)' holds a design with \(difference)", fix: "Name another directory (--out)")
      }
    } else {
      try Files.writeAtomically(description.text, to: file)
    }
    self.description = description
  }

  /// The directory of an attempt.
  public func directory(_ iteration: Int, _ candidate: Int) -> String { "\(path)/attempts/\(iteration)/\(candidate)" }

  /// What the designer answered in an iteration, and the tokens that it took; nil where it was not asked yet.
  ///
  /// - Throws: `UserError` for answers of another search, and where the prompt was altered.
  public func answers(_ iteration: Int) throws(UserError) -> (texts: [String], tokens: DesignTokens)? {
    let folder = "\(path)/attempts/\(iteration)"
    let file = folder + "/answers.json"
    guard Files.exists(file) else { return nil }
    let document = try SealedDocument.read(file, kind: "answers", version: Answers.version, as: .document)
    let answers: Answers = try document.decoded(name: "'\(file)'")
    guard answers.design == design, answers.iteration == iteration else { throw refusal(of: file) }
    try DesignDirectory.check(folder + "/prompt.txt") { ByteDigest($0).description == answers.prompt }
    return (answers.answers, answers.tokens)
  }

  /// Refuses a file that a person reads, and nothing else does, where it does not say what it said.
  private static func check(_ file: String, isOwn: ([UInt8]) -> Bool) throws(UserError) {
    guard Files.exists(file), !isOwn(try Files.read(file, as: .document)) else { return }
    throw UserError(
      "'\(file)' was altered after it was written", fix: "Restore it from a copy, or remove it; nothing is made of it")
  }

  /// What tells the search from others.
  private var design: String { ByteDigest(description.text.utf8).description }

  /// What tells an attempt from others: its search, its place, and the answer that it is made of.
  private func origin(_ iteration: Int, _ candidate: Int) throws(UserError) -> String {
    let answers = try answers(iteration)?.texts ?? []
    guard answers.indices.contains(candidate - 1) else {
      throw UserError(
        "'\(path)/attempts/\(iteration)' has no answer \(candidate)", fix: "Restore it from a copy, or begin anew")
    }
    return ByteDigest("\(design) \(iteration) \(candidate) \(answers[candidate - 1])".utf8).description
  }

  private func refusal(of file: String) -> UserError {
    UserError(
      "'\(file)' is of another search, or of another place in this one",
      fix: "Put the search's own there, or remove it, and the same command makes it again")
  }

  /// Keeps what was asked and answered in an iteration, and the tokens that it took.
  public func keep(
    _ answers: [String], _ tokens: DesignTokens, to prompt: String, _ iteration: Int
  ) throws(UserError) {
    let folder = "\(path)/attempts/\(iteration)"
    try Files.makeDirectory(folder)
    try Files.writeAtomically(prompt, to: folder + "/prompt.txt")
    for (place, answer) in answers.enumerated() {
      try Files.makeDirectory(directory(iteration, place + 1))
      try Files.writeAtomically(answer, to: directory(iteration, place + 1) + "/answer.txt")
    }
    let document = Answers(
      design: design, iteration: iteration, prompt: ByteDigest(prompt.utf8).description, answers: answers,
      tokens: tokens)
    try Files.writeAtomically(SealedDocument.text(of: document), to: folder + "/answers.json")
  }

  /// An attempt that is done; nil where it is not.
  public func attempt(_ iteration: Int, _ candidate: Int) throws(UserError) -> DesignAttempt? {
    let file = directory(iteration, candidate) + "/attempt.json"
    guard Files.exists(file) else { return nil }
    let document = try SealedDocument.read(file, kind: "an attempt", version: DesignAttempt.version, as: .document)
    let attempt: DesignAttempt = try document.decoded(name: "'\(file)'")
    guard attempt.origin == (try origin(iteration, candidate)) else { throw refusal(of: file) }
    let folder = directory(iteration, candidate)
    let answer = try answers(iteration)?.texts[candidate - 1] ?? ""
    for (name, text) in [("answer.txt", answer), ("program.reward", attempt.program ?? "")] {
      try DesignDirectory.check("\(folder)/\(name)") { $0.elementsEqual(text.utf8) }
    }
    return attempt
  }

  /// Keeps an attempt, its program as a file of its own.
  ///
  /// - Returns: The attempt as it is kept.
  public func keep(_ attempt: DesignAttempt) throws(UserError) -> DesignAttempt {
    var attempt = attempt
    attempt.origin = try origin(attempt.iteration, attempt.candidate)
    let folder = directory(attempt.iteration, attempt.candidate)
    try Files.makeDirectory(folder)
    if let program = attempt.program { try Files.writeAtomically(program, to: folder + "/program.reward") }
    try Files.writeAtomically(SealedDocument.text(of: attempt), to: folder + "/attempt.json")
    return attempt
  }

  /// Writes result, winning program and page.
  public func conclude(_ result: DesignResult) throws(UserError) {
    if let winner = result.winner, let program = result.attempts[winner].program {
      try Files.writeAtomically(program, to: path + "/best.reward")
    }
    try Files.writeAtomically(result.document, to: path + "/result.json")
    try Files.writeAtomically(DesignPage(result: result).html, to: path + "/report.html")
  }
}
