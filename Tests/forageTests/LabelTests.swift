import Catalog
import Foundation
import Groundwork
import Labels
import ReinforcementLearning
import Testing

#if LanguageModelRecords
  import SQLite
#endif

/// `forage label`: people answer what a run asks, several at once, and from elsewhere.
@Suite struct LabelTests {
  /// A run's directory with so many questions about clips of a room.
  private static func ask(_ count: Int, in path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let recipe = try Catalog.recipe("gridworld/Empty-5x5")
    let questions = (0..<count).map { number in
      func clip(_ turn: Float) -> Clip {
        Clip(seed: UInt64(number), first: 2, count: 4, actions: [2, turn, 2, turn, 2, 2])
      }
      return Question.comparison(
        "Which clip is better?", of: clip(0), and: clip(1), environment: recipe.id, configuration: recipe.configuration)
    }
    _ = try LabelDatabase(ofRun: path).ask(questions, at: 0)
  }

  /// As many questions how good a clip is in speed, on four levels.
  private static func askRatings(_ count: Int, in path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let recipe = try Catalog.recipe("gridworld/Empty-5x5")
    let questions = (0..<count).map { number in
      Question.rating(
        "How good is the clip in speed, from 1 to 4?",
        of: Clip(seed: UInt64(number), first: 1, count: 2, actions: [2, 1, 2]), levels: 4, environment: recipe.id,
        configuration: recipe.configuration, aspect: "speed")
    }
    _ = try LabelDatabase(ofRun: path).ask(questions, at: 0)
  }

  /// The program as it answers in a terminal, by pipes.
  private static func begin(in folder: TemporaryFolder) throws -> (process: Process, input: Pipe, output: Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["label", folder.url.path, "--terminal", "--name", "Ada"]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    return (process, input, output)
  }

  /// The program with lines on its standard input, and what it wrote.
  private static func answer(
    _ arguments: [String], lines: String
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["label"] + arguments
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
    try process.run()
    input.fileHandleForWriting.write(Data(lines.utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text, complaints)
  }

  @Test("a clip is rated by its level in a pipe, undo takes it back, and a level that there is not is refused")
  func ratings() throws {
    let folder = TemporaryFolder()
    let path = folder.url.path
    try Self.askRatings(3, in: path)
    let rated = try Self.answer([path, "--terminal", "--name", "Ada"], lines: "4\nundo\n1\nskip\n3\n")
    #expect(rated.status == 0, "\(rated.errors)")
    #expect(rated.output.contains("How good is the clip in speed, from 1 to 4?"))
    #expect(rated.output.contains("clip  step 2 of 2") && rated.output.contains("1 to 4, skip, undo or quit?"))
    #expect(rated.output.contains("3 of 3 questions answered (Ada 3)") && !rated.output.contains("reward"))
    #expect(try LabelDatabase(ofRun: path).labels().map(\.answer) == [.number(1), .skipped, .number(3)])
    let other = folder.path("other")
    try Self.askRatings(1, in: other)
    for word in ["5", "0", "left", "better"] {
      let refused = try Self.answer([other, "--terminal"], lines: word + "\n")
      #expect(refused.status == 1)
      #expect(
        refused.errors == "forage: line 1, '\(word)', is no answer to question 0. Write 1 to 4, skip, undo or quit\n")
    }
  }

  #if LanguageModelRecords
    @Test("a question that was altered is named in a line and passed over; the others are asked")
    func altered() throws {
      let folder = TemporaryFolder()
      let path = folder.url.path
      try Self.ask(2, in: path)
      try Self.askRatings(1, in: path)
      let file = try SQLiteFile(opening: path + "/labels.sqlite", for: .writing, title: "it", fix: "")
      try file.run("UPDATE labels SET question = replace(question, 'better', 'worse') WHERE number = 0")
      let answered = try Self.answer([path, "--terminal", "--name", "Ada"], lines: "left\n2\n")
      #expect(answered.status == 0, "\(answered.errors)")
      #expect(answered.errors.split(separator: "\n").count == 1)
      #expect(answered.errors.hasPrefix("passed over: question 0 of the file of labels"), "\(answered.errors)")
      #expect(answered.output.contains("2 of 3 questions answered (Ada 2)"))
      let status = try Program.run(["label", path, "--status"])
      #expect(status.status == 0 && status.errors.contains("question 0 of the file of labels"))
      let csv = folder.path("answers.csv")
      try "question,answer\n0,left\n1,left\n".write(toFile: csv, atomically: true, encoding: .utf8)
      let imported = try Program.run(["label", path, "--import", csv])
      #expect(imported.status == 1 && imported.errors.contains("line 2 of '\(csv)': question 0 was altered"))
    }

    @Test("many questions that were altered are one line, with the first numbers, open or answered")
    func manyAltered() throws {
      let folder = TemporaryFolder()
      let path = folder.url.path
      try Self.ask(9, in: path)
      let file = try SQLiteFile(opening: path + "/labels.sqlite", for: .writing, title: "it", fix: "")
      try file.run("UPDATE labels SET question = replace(question, 'better', 'worse') WHERE number < 8")
      let start = "passed over: 8 questions (0, 1, 2, 3, 4 and 3 more), the first because question 0 of the file of "
      let answered = try Self.answer([path, "--terminal", "--name", "Ada"], lines: "left\n")
      #expect(answered.status == 0 && answered.output.contains("1 of 9 questions answered (Ada 1)"))
      #expect(answered.errors.hasPrefix(start), "\(answered.errors)")
      #expect(answered.errors.split(separator: "\n").count == 1)
      try file.run("UPDATE labels SET answer = '{}' WHERE number = 8")
      let status = try Program.run(["label", path, "--status"])
      let all = start.replacing("8 questions", with: "9 questions").replacing("3 more", with: "4 more")
      #expect(status.errors.contains(all) && status.errors.split(separator: "\n").count == 1, "\(status.errors)")
    }
  #endif

  /// The program with lines on its standard input.
  private static func label(_ arguments: [String], lines: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["label"] + arguments
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    input.fileHandleForWriting.write(Data(lines.utf8))
    try input.fileHandleForWriting.close()
    return process
  }

  @Test("two people at once answer 200 questions, and none is lost or doubled")
  func twoPeople() throws {
    // Who starts much later than the other finds nothing to answer on a busy machine: then they are asked once more.
    for _ in 0..<5 {
      let folder = TemporaryFolder()
      try Self.ask(200, in: folder.url.path)
      let path = folder.url.path
      // More lines than there are questions: who is quicker answers more.
      let people = try [("Ada", "left\n"), ("Bob", "right\n")].map { name, line in
        try Self.label([path, "--terminal", "--name", name], lines: String(repeating: line, count: 200))
      }
      for person in people {
        person.waitUntilExit()
        #expect(person.terminationStatus == 0)
      }
      let labels = try LabelDatabase(ofRun: path).labels()
      let answers = labels.compactMap(\.answer)
      #expect(labels.count == 200 && answers.count == 200)
      // Everybody's answers are their own.
      for label in labels { #expect(label.teacher == Teacher(.person, label.answer == .first ? "Ada" : "Bob")) }
      let status = try Program.run(["label", path, "--status", "--json"])
      let document = try JSON(parsing: status.output, name: "output")
      #expect(document["asked"]?.integer == 200 && document["answered"]?.integer == 200)
      let counts = document["teachers"]?.array?.compactMap { $0["answers"]?.integer } ?? []
      #expect(counts.reduce(0, +) == 200)
      if answers.contains(.first) && answers.contains(.second) {
        #expect(counts.count == 2)
        return
      }
    }
    Issue.record("one person answered all of them five times")
  }

  @Test("in a pipe the clips are printed without their rewards, and undo takes an answer back")
  func lines() throws {
    let folder = TemporaryFolder()
    try Self.ask(3, in: folder.url.path)
    let (process, input, output) = try Self.begin(in: folder)
    input.fileHandleForWriting.write(Data("left\nundo\nequal\nskip\nquit\n".utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.contains("gridworld/Empty-5x5  ·  question 0  ·  Ada") && text.contains("← left  step 4 of 4"))
    #expect(!text.contains("reward"))
    #expect(text.contains("2 of 3 questions answered (Ada 2), 1 of them skipped; the run has learnt from 0"))
    let labels = try LabelDatabase(ofRun: folder.url.path).labels()
    #expect(labels.map(\.answer) == [.equal, .skipped, nil])
  }

  @Test("a signal ends what waits for the next line of a pipe that stays open, and keeps what was answered")
  func signal() throws {
    let folder = TemporaryFolder()
    try Self.ask(3, in: folder.url.path)
    let (process, input, output) = try Self.begin(in: folder)
    input.fileHandleForWriting.write(Data("left\n".utf8))
    var text = ""
    while !text.contains("question 1"), case let piece = output.fileHandleForReading.availableData, !piece.isEmpty {
      text += String(decoding: piece, as: UTF8.self)
    }
    kill(process.processIdentifier, SIGINT)
    for _ in 0..<1_000 where process.isRunning { usleep(20_000) }
    let ended = !process.isRunning
    if !ended { kill(process.processIdentifier, SIGKILL) }
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(ended && text.contains("1 of 3 questions answered (Ada 1); the run has learnt from 0"), "\(text)")
    #expect(try LabelDatabase(ofRun: folder.url.path).labels().map(\.answer) == [.first, nil, nil])
    try input.fileHandleForWriting.close()
  }

  @Test("a CSV is taken whole or not at all, each row that is wrong is named, and the same again changes nothing")
  func importing() throws {
    let folder = TemporaryFolder()
    try Self.ask(4, in: folder.url.path)
    let (path, file) = (folder.url.path, folder.path("answers.csv"))
    func take(_ text: String) throws -> ProgramResult {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      return try Program.run(["label", path, "--import", file, "--name", "Ada"])
    }
    let wrong = try take("question,answer\n0,left\n7,left\n1,worse\n")
    #expect(wrong.status == 1 && wrong.output.isEmpty)
    #expect(
      wrong.errors.split(separator: "\n").map(String.init) == [
        "forage: line 3 of '\(file)': there is no question '7'; the run has asked 0 to 3",
        "forage: line 4 of '\(file)': 'worse' does not answer a comparison: use left, right, equal or skip",
        "forage: 2 rows cannot be taken, so none of '\(file)' was. Mend them and give the command again",
      ])
    #expect(try LabelDatabase(ofRun: path).progress().answered == 0)
    let right = try take("question,answer,teacher\n0,left,\n2,equal,Bob\n3,skip,\n")
    #expect(right.status == 0, "\(right.errors)")
    #expect(
      right.output
        == "3 answers taken\n3 of 4 questions answered (Ada 2, Bob 1), 1 of them skipped; the run has learnt from 0\n")
    let labels = try LabelDatabase(ofRun: path).labels()
    #expect(labels.map(\.answer) == [.first, nil, .equal, .skipped])
    #expect(labels[2].teacher == Teacher(.person, "Bob") && labels[0].teacher == Teacher(.person, "Ada"))
    let again = try take("question,answer,teacher\n0,left,\n2,equal,Bob\n1,right,\n")
    #expect(again.status == 0 && again.output.hasPrefix("1 answer taken, 2 there already\n"))
  }

  @Test("open questions are written to a file, which is imported as it is and filled in, and no file is overwritten")
  func exporting() throws {
    let folder = TemporaryFolder()
    try Self.ask(3, in: folder.url.path)
    let (path, file) = (folder.url.path, folder.path("open.csv"))
    try LabelDatabase(ofRun: path).answer(1, .equal, by: Teacher(.person, "Bob"))
    let written = try Program.run(["label", path, "--export", file])
    #expect(written.status == 0, "\(written.errors)")
    #expect(written.output.hasPrefix("2 open questions written to '\(file)'; filled in, it is taken with"))
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 3 && lines[0] == "question,answer,teacher,prompt,environment,clips")
    #expect(lines[1].hasPrefix("0,,,Which clip is better?,gridworld/Empty-5x5,\"[{"))
    #expect(lines[2].hasPrefix("2,,,Which clip is better?,"))
    let again = try Program.run(["label", path, "--export", file])
    #expect(again.status == 1 && again.errors.contains("'\(file)' already exists, and would be lost"))
    let empty = try Program.run(["label", path, "--import", file])
    #expect(empty.status == 0 && empty.output.hasPrefix("0 answers taken, 2 rows without an answer passed over\n"))
    let filled = text.replacingOccurrences(of: "\n2,,,", with: "\n2,right,Ada,")
    try filled.write(toFile: file, atomically: true, encoding: .utf8)
    let taken = try Program.run(["label", path, "--import", file])
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(taken.output.hasPrefix("1 answer taken, 1 row without an answer passed over\n"))
    #expect(try LabelDatabase(ofRun: path).labels().map(\.answer) == [nil, .equal, .second])
  }

  @Test("a link in the place of the file is read by who counts and exports, and refused by who answers")
  func links() throws {
    let folder = TemporaryFolder()
    let (path, other, csv) = (folder.path("run"), folder.path("other"), folder.path("answers.csv"))
    try Self.ask(2, in: path)
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: other + "/labels.sqlite", withDestinationPath: path + "/labels.sqlite")
    let status = try Program.run(["label", other, "--status"])
    #expect(status.status == 0 && status.output.hasPrefix("0 of 2 questions answered"), "\(status.errors)")
    let exported = try Program.run(["label", other, "--export", csv])
    #expect(exported.status == 0 && exported.output.hasPrefix("2 open questions written"), "\(exported.errors)")
    for arguments in [["--import", csv], ["--terminal"]] {
      let refused = try Program.run(["label", other] + arguments)
      #expect(refused.status == 1 && refused.errors.contains("is a link, and what is written there would land"))
    }
    #expect(try LabelDatabase(ofRun: path).progress().answered == 0)
  }

  @Test("what cannot be answered is refused in a line, and nothing is made")
  func refusals() throws {
    let folder = TemporaryFolder()
    let (path, empty) = (folder.path("run"), folder.path("empty"))
    try Self.ask(1, in: path)
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    for (arguments, reason) in [
      ([folder.path("none")], "there is no directory"), ([path + "/labels.sqlite"], "is no directory"),
      ([empty], "holds neither a run nor a comparison"), ([empty, "--status"], "holds neither a run nor a comparison"),
      ([path], "there is no display to open a window on"),
      ([path, "--terminal", "--status"], "cannot be had at a time"),
      ([path, "--export", "a.csv", "--import", "b.csv"], "cannot be had at a time"),
      ([path, "--speed", "0"], "must lie in 1...240, not 0"),
      ([path, "--name", ""], "is a line of 1 to 100 bytes"), ([path, "--json"], "--json goes with"),
      ([path, "--import", folder.path("none.csv")], "none.csv"),
    ] {
      let result = try Program.run(["label"] + arguments)
      #expect(result.status == 1 && result.output.isEmpty && result.errors.contains(reason), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    #expect(Files.list(empty).isEmpty)
    let line = try Self.label([path, "--terminal"], lines: "better\n")
    line.waitUntilExit()
    #expect(line.terminationStatus == 1)
    // Who refused or left holds no question back.
    let next = try Self.label([path, "--terminal"], lines: "left\n")
    next.waitUntilExit()
    #expect(try LabelDatabase(ofRun: path).progress().answered == 1)
  }
}
