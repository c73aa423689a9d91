import Foundation
import Groundwork
import Labels
import Testing

/// What every store of labels must do; the arguments are all of them.
@Suite struct LabelStoreTests {
  /// A store by name; a file is removed when the test ends.
  private static func makeStores() -> [String] { LabelDatabase.isAvailable ? ["memory", "file"] : ["memory"] }

  private func withStore(_ name: String, _ body: (any LabelStore) throws -> Void) throws {
    guard name == "file" else { return try body(MemoryLabelStore()) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "labels-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(LabelDatabase(ofRun: folder))
  }

  private let question = Question(
    .comparison, "Which is better?", subjects: [.init("left", ["seed": 1]), .init("right", ["seed": 2])])
  private let teacher = Teacher(.synthetic, "true return")

  @Test("an answer is taken in once, at the first step at which that is asked after it came", arguments: makeStores())
  func takenInOnce(_ name: String) throws {
    try withStore(name) { store in
      let number = try store.ask(question, at: 100)
      #expect(try store.takeIn(at: 100).isEmpty)
      try store.answer(number, .first, by: teacher)
      #expect(try store.takeIn(at: 200).map(\.answer) == [.first])
      #expect(try store.takeIn(at: 300).isEmpty)
      #expect(try store.labels()[0].takenInAt == 200)
      #expect(try store.labels()[0].askedAt == 100)
    }
  }

  @Test(
    "ratings and questions about aspects are kept, and a level that there is not is no answer", arguments: makeStores())
  func ratings(_ name: String) throws {
    try withStore(name) { store in
      let clip = Clip(seed: 3, first: 1, count: 2, actions: [0, 1, 2])
      let rated = ["speed", "safety"].map {
        Question.rating("How good?", of: clip, levels: 5, environment: "a/B", configuration: ["c": 1], aspect: $0)
      }
      #expect(rated.map(\.aspect) == ["speed", "safety"] && rated[0].levels == 5 && rated[0].digest != rated[1].digest)
      #expect(try store.ask(rated, at: 1) == [0, 1])
      for level in [0.0, 6, 2.5, .nan] {
        #expect(throws: UserError.self) { try store.answer(0, .number(level), by: teacher) }
      }
      #expect(throws: UserError.self) { try store.answer(0, .first, by: teacher) }
      try store.answer(0, .number(5), by: teacher)
      let label = try store.takeIn(at: 2)[0]
      #expect(label.answer == .number(5) && label.question == rated[0])
      #expect(try label.question.clips() == [clip] && label.question.environment?.id == "a/B")
    }
  }

  @Test(
    "a resumed run takes in at its steps what was taken in there, and nothing that came later", arguments: makeStores())
  func repeats(_ name: String) throws {
    try withStore(name) { store in
      let first = try store.ask(question, at: 100)
      try store.answer(first, .second, by: teacher)
      #expect(try store.takeIn(at: 200).map(\.number) == [first])
      #expect(try store.takeIn(at: 300).isEmpty)
      let late = try store.ask(question, at: 300)
      try store.answer(late, .equal, by: teacher)
      // From the checkpoint at step 100 on, again.
      #expect(try store.ask(question, at: 100) == first)
      #expect(try store.takeIn(at: 200).map(\.number) == [first])
      #expect(try store.takeIn(at: 300).isEmpty)
      #expect(try store.takeIn(at: 400).map(\.number) == [late])
    }
  }

  @Test("a run that takes in at other steps than the one whose labels these are is refused", arguments: makeStores())
  func otherSteps(_ name: String) throws {
    try withStore(name) { store in
      _ = try store.takeIn(at: 200)
      let error = #expect(throws: UserError.self) { try store.takeIn(at: 150) }
      #expect(error?.reason.contains("step 200") == true)
    }
  }

  @Test(
    "an answer of another kind, a second answer and a number that does not exist are refused", arguments: makeStores())
  func refused(_ name: String) throws {
    try withStore(name) { store in
      let number = try store.ask(question, at: 0)
      #expect(throws: UserError.self) { try store.answer(number, .number(3), by: teacher) }
      #expect(throws: UserError.self) { try store.answer(7, .first, by: teacher) }
      try store.answer(number, .skipped, by: teacher)
      #expect(throws: UserError.self) { try store.answer(number, .first, by: teacher) }
      #expect(try store.open().isEmpty)
    }
  }

  @Test("several questions and answers go in together, and none of them where one is refused", arguments: makeStores())
  func together(_ name: String) throws {
    try withStore(name) { store in
      let other = Question(.rating, "How good is it?", subjects: [.init("clip", ["seed": 3])])
      #expect(try store.ask([question, other, question], at: 10) == [0, 1, 0])
      #expect(try store.count() == 2)
      #expect(throws: UserError.self) { try store.answer([(0, .first), (1, .equal)], by: teacher) }
      #expect(try store.open().map(\.number) == [0, 1])
      try store.answer([(0, .first), (1, .number(0.25))], by: teacher)
      let labels = try store.takeIn(at: 20)
      #expect(labels.map(\.answer) == [.first, .number(0.25)])
      #expect(labels.map(\.question) == [question, other])
      #expect(labels.allSatisfy { $0.teacher == teacher && ($0.answeredAt ?? 0) > 1e9 })
    }
  }

  @Test("the digest tells stores apart by what was answered, and survives coding")
  func digests() throws {
    let (a, b) = (MemoryLabelStore(), MemoryLabelStore())
    for store in [a, b] { _ = store.ask(question, at: 5) }
    #expect(try a.digest() == b.digest())
    try a.answer(0, .first, by: teacher)
    try b.answer(0, .second, by: teacher)
    #expect(try a.digest() != b.digest())
    let decoded = try JSON(encoding: a.labels()).decoded(as: [Label].self, name: "labels")
    #expect(decoded == a.labels())
    #expect(decoded[0].question.digest == question.digest)
  }
}
