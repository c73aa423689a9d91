import Groundwork
import Labels
import Testing

/// Answers from elsewhere: comma-separated values held against the questions.
@Suite struct LabelTableTests {
  private static func labels() -> [Label] {
    let questions = [
      Question(.comparison, "a", subjects: [.init("left", 0), .init("right", 1)]),
      Question(.comparison, "b", subjects: [.init("left", 0), .init("right", 1)]), Question(.rating, "c"),
      Question(.choice, "d", choices: ["red", "green, dark"]), Question(.text, "e"),
    ]
    return questions.enumerated().map { Label(number: $0, question: $1, askedAt: 0) }
  }

  private func table(_ text: String, _ labels: [Label] = LabelTableTests.labels()) throws -> LabelTable {
    try LabelTable(parsing: text, name: "a.csv", labels: labels)
  }

  @Test("columns stand in any order, fields in quotes hold commas, quotes and lines, and every kind has its answers")
  func reading() throws {
    let read = try table(
      "\u{FEFF}answer, Question,teacher\r\nleft,0,\"Ada \"\"A\"\", L.\"\r\n\r\nSKIP,1,\n0.25,2,\n\"green, dark\",3,\n"
        + "\"two\nlines\",4, Bob ")
    #expect(read.refusals.isEmpty && read.known == 0)
    #expect(read.rows.map(\.number) == [0, 1, 2, 3, 4] && read.rows.map(\.line) == [2, 4, 5, 6, 7])
    #expect(read.rows.map(\.answer) == [.first, .skipped, .number(0.25), .choice(1), .text("two\nlines")])
    #expect(read.rows.map(\.teacher) == ["Ada \"A\", L.", nil, nil, nil, "Bob"])
    // Lines may end as on an old Mac.
    let old = try table("question,answer,teacher\r0,left,\r\r4,\"two\rlines\",Bob\r1,equal,")
    #expect(old.refusals.isEmpty && old.rows.map(\.number) == [0, 4, 1] && old.rows.map(\.line) == [2, 4, 6])
    #expect(try table("question,answer\n3,0\n1,second").rows.map(\.answer) == [.choice(0), .second])
  }

  @Test("a rating on levels takes those alone; rows about a question that was altered are refused, others are taken")
  func levels() throws {
    let clip = Clip(seed: 1, first: 0, count: 2, actions: [0, 1])
    let question = Question.rating("how good", of: clip, levels: 4, environment: "a/B", configuration: [:])
    let labels = [0, 2].map { Label(number: $0, question: question, askedAt: 0) }
    let read = try LabelTable(
      parsing: "question,answer\n0,4\n1,2\n2,skip\n", name: "a.csv", labels: labels, count: 3)
    #expect(read.rows.map(\.answer) == [.number(4), .skipped])
    #expect(read.refusals.map(\.reason) == ["line 3 of 'a.csv': question 1 was altered"])
    for wrong in ["5", "0", "2.5", "left"] {
      let reason = try table("question,answer\n0,\(wrong)", labels).refusals.first?.reason
      #expect(
        reason == "line 2 of 'a.csv': '\(wrong)' does not answer a rating: use a whole number from 1 to 4, or skip")
    }
  }

  @Test("a row whose answer is empty answers nothing and is counted, whatever its question is")
  func blank() throws {
    let read = try table("question,answer\n0,\n0,left\n1, \n2,\n3,\"\"\n4,\n")
    #expect(read.blank == 5 && read.refusals.isEmpty && read.rows.map(\.number) == [0])
    #expect(try table("question,answer\n0,").blank == 1)
  }

  @Test("questions are written for elsewhere and taken in again, as they are and filled in")
  func asking() throws {
    var labels = Self.labels()
    let clip = Clip(seed: 7, first: 1, count: 1, width: 2, actions: [0, 1, 0.5, -1])
    labels.append(
      Label(
        number: 5,
        question: .rating(
          "How good, \"in all\"?", of: clip, levels: 4, environment: "a/B", configuration: [:]), askedAt: 0))
    let text = LabelTable.text(asking: Array(labels[3...]))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "question,answer,teacher,prompt,environment,clips" && lines[1] == "3,,,d,,[]")
    let asked = #"5,,,"How good, ""in all""?",a/B,"#
    #expect(lines.count == 4 && lines[3].hasPrefix(asked), "\(text)")
    // What says which clips they are is whole.
    let cells = try CommaSeparatedValues.read(text, name: "it")[3].fields
    #expect(try JSON(parsing: cells[5], name: "it").array?.map { try Clip($0) } == [clip])
    let read = try table(text, labels)
    #expect(read.blank == 3 && read.rows.isEmpty && read.refusals.isEmpty)
    let filled = try table(text.replacing("5,,", with: "5,4,Ada"), labels)
    #expect(filled.rows.map(\.number) == [5] && filled.rows.map(\.line) == [4] && filled.blank == 2)
    #expect(filled.rows.map(\.answer) == [.number(4)] && filled.rows.map(\.teacher) == ["Ada"])
  }

  /// Questions which of two clips of a room is better, of a run of that seed.
  private static func comparisons(seed: UInt64, environment: String = "gridworld/Empty-5x5") -> [Label] {
    (0..<4).map { number in
      func clip(_ turn: Float) -> Clip {
        Clip(seed: seed + UInt64(number), first: 1, count: 2, actions: [2, turn, 0.1])
      }
      let question = Question.comparison(
        "Which clip is better?", of: clip(0), and: clip(1), environment: environment, configuration: ["size": 5])
      return Label(number: number, question: question, askedAt: 0)
    }
  }

  @Test("rows about other clips, another environment or another prompt than their number's are refused by their lines")
  func otherQuestions() throws {
    let labels = Self.comparisons(seed: 1)
    func filled(_ labels: [Label]) -> String { LabelTable.text(asking: labels).replacing(",,,", with: ",left,Ada,") }
    let own = filled(labels)
    #expect(try table(own, labels).rows.count == 4)
    // A run of another seed, also one that is begun anew under the same name.
    let other = try table(filled(Self.comparisons(seed: 100)), labels)
    #expect(other.rows.isEmpty && other.refusals.count == 4)
    #expect(
      other.refusals[0].reason == "line 2 of 'a.csv': question 0 of this run has other clips than this row",
      "\(other.refusals)")
    // Two numbers swapped against what stands beside them.
    let swapped = own.replacing("\n1,", with: "\n9,").replacing("\n2,", with: "\n1,").replacing("\n9,", with: "\n2,")
    #expect(
      try table(swapped, labels).refusals.map(\.reason) == [
        "line 3 of 'a.csv': question 2 of this run has other clips than this row",
        "line 4 of 'a.csv': question 1 of this run has other clips than this row",
      ])
    let altered = try table(own.replacing("gridworld/Empty-5x5", with: "gridworld/Nope"), labels)
    #expect(altered.refusals.count == 4)
    #expect(altered.refusals[3].reason.hasSuffix("has another environment than this row"), "\(altered.refusals)")
    let all = "question,answer,prompt,environment,clips\n3,left,Which is worse?,a/B,[]"
    #expect(
      try table(all, labels).refusals.map(\.reason) == [
        "line 2 of 'a.csv': question 3 of this run has another prompt, another environment and other clips than this "
          + "row"
      ])
    let cut = "question,answer,clips\n0,left,\"[{\"\"seed\"\":\"\"1\"\"\""
    #expect(
      try table(cut, labels).refusals.map(\.reason) == [
        "line 2 of 'a.csv': its clips are no JSON: leave them as they were exported, or empty"
      ])
    // What answers nothing may be about anything, and an answer that is known must be about its question, too.
    #expect(try table(LabelTable.text(asking: Self.comparisons(seed: 100)), labels).blank == 4)
    var answered = labels
    answered[0].answer = .first
    let known = try table(filled([Self.comparisons(seed: 100)[0]]), answered)
    #expect(known.known == 0 && known.refusals.count == 1)
  }

  @Test("what says what is asked may be empty, or left out, and spaces, ends of lines and order in it do not count")
  func remarks() throws {
    let labels = Self.comparisons(seed: 1)
    #expect(try table("question,answer,prompt,environment,clips\n0,left,,,\n1,left, ,\u{A0},", labels).rows.count == 2)
    let spaced = """
      clips,question,answer,prompt,environment
      "[ {""width"": 1, ""seed"": ""1"", ""first"": 1.0, ""count"": 2,
       ""actions"": [2, 0, 0.10]},
       {""seed"":""1"",""first"":1,""count"":2,""width"":1,""actions"":[2,1,0.1]} ]",0,left,\
      "Which  clip
      is better? ",gridworld/Empty-5x5
      """
    let read = try table(spaced, labels)
    #expect(read.refusals.isEmpty && read.rows.map(\.number) == [0], "\(read.refusals)")
  }

  @Test("spaces that cannot be seen are none of an answer's")
  func blanks() throws {
    let read = try table(
      "question\u{A0},answer\n0,left\u{A0}\n\u{202F}1,\u{200B}equal\u{FEFF}\n3,\"red\"\u{A0}\n2,\u{A0}\n")
    #expect(read.refusals.isEmpty && read.blank == 1, "\(read.refusals)")
    #expect(read.rows.map(\.answer) == [.first, .equal, .choice(0)])
  }

  @Test("what is there already is counted and not taken again; another answer is refused")
  func known() throws {
    var labels = Self.labels()
    labels[0].answer = .first
    labels[1].answer = .equal
    let read = try table("question,answer\n0,left\n1,right\n2,1", labels)
    #expect(read.known == 1 && read.rows.map(\.number) == [2])
    #expect("\(Answer.number(4)), \(Answer.number(0.25)), \(Answer.skipped)" == "4, 0.25, skip", "as a file has them")
    #expect(read.refusals.map(\.reason) == ["line 3 of 'a.csv': question 1 has been answered: equal"])
  }

  @Test("every row that cannot be taken is named by its line, with what is wrong")
  func rows() throws {
    for (row, reason) in [
      ("9,left", "there is no question '9'; the run has asked 0 to 4"), ("-1,left", "there is no question '-1'"),
      ("x,left", "there is no question 'x'"), ("0,better", "'better' does not answer a comparison: use left, right"),
      ("2,nan", "'nan' does not answer a rating: use a number or skip"), ("9,", "there is no question '9'"),
      ("3,blue", "'blue' does not answer a choice: use red, green, dark or skip"), ("3,2", "does not answer a choice"),
      ("0", "it has 1 fields, and the first line 2"),
      ("0,left,more", "it has 3 fields"), ("99999999999999999999,left", "there is no question"),
    ] {
      let read = try table("question,answer\n1,left\n\(row)\n")
      #expect(read.rows.count == 1 && read.refusals.count == 1, "\(row)")
      #expect(read.refusals.first?.reason.hasPrefix("line 3 of 'a.csv': ") ?? false)
      #expect(read.refusals.first?.reason.contains(reason) ?? false, "\(row): \(read.refusals)")
    }
    let twice = try table("question,answer\n0,left\n0,left")
    #expect(twice.refusals.map(\.reason) == ["line 3 of 'a.csv': question 0 is answered in line 2, too"])
    let name = try table("question,answer,teacher\n0,left,\u{1B}[31mred")
    #expect(name.refusals.count == 1 && name.rows.isEmpty)
  }

  @Test("a file that is no such table is refused in a line")
  func files() {
    for (text, reason) in [
      ("", "'a.csv' is empty"), ("\n\n", "'a.csv' is empty"), ("question\n0", "does not name the columns"),
      ("question,answer,note\n", "may name question, answer, teacher, prompt, environment, clips: take other columns"),
      ("\u{FEFF}\nquestion;answer;teacher\n0;left;\"A\"", "separated by semicolons. Save it with commas"),
      ("\"Question\";\"answer\";clips\n0;left;\"[{\"\"a\"\":1}]\"", "separated by semicolons"),
      ("question\tanswer\n0\tleft", "separated by tabs"),
      ("question,answer,answer\n", "once each"), ("question,anser\n", "Did you mean 'answer'?"),
      ("question,answer\n0,\"left", "line 2 of 'a.csv': a quote is not closed"),
      ("question,answer\n0,le\"ft", "line 2 of 'a.csv': a quote stands inside a field"),
      ("question,answer\n0,\"left\"x", "line 2 of 'a.csv': something follows a quote"),
    ] {
      #expect("\(text.debugDescription)") {
        _ = try table(text)
      } throws: { error in
        (error as? UserError)?.description.contains(reason) ?? false
      }
    }
  }
}
