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
