import Groundwork
import Labels
import Testing

@Suite struct LabelStoreTests {
  private let question = Question(
    .comparison, "Which is better?", subjects: [.init("left", ["seed": 1]), .init("right", ["seed": 2])])
  private let teacher = Teacher(.synthetic, "true return")

  @Test("an answer is taken in once, at the first step at which that is asked after it came")
  func takenInOnce() throws {
    let store = MemoryLabelStore()
    let number = store.ask(question, at: 100)
    #expect(try store.takeIn(at: 100).isEmpty)
    try store.answer(number, .first, by: teacher)
    #expect(try store.takeIn(at: 200).map(\.answer) == [.first])
    #expect(try store.takeIn(at: 300).isEmpty)
    #expect(store.labels()[0].takenInAt == 200)
    #expect(store.labels()[0].askedAt == 100)
  }

  @Test("a resumed run takes in at its steps what was taken in there, and nothing that came later")
  func repeats() throws {
    let store = MemoryLabelStore()
    let first = store.ask(question, at: 100)
    try store.answer(first, .second, by: teacher)
    #expect(try store.takeIn(at: 200).map(\.number) == [first])
    #expect(try store.takeIn(at: 300).isEmpty)
    let late = store.ask(question, at: 300)
    try store.answer(late, .equal, by: teacher)
    // From the checkpoint at step 100 on, again.
    #expect(store.ask(question, at: 100) == first)
    #expect(try store.takeIn(at: 200).map(\.number) == [first])
    #expect(try store.takeIn(at: 300).isEmpty)
    #expect(try store.takeIn(at: 400).map(\.number) == [late])
  }

  @Test("a run that takes in at other steps than the one whose labels these are is refused")
  func otherSteps() throws {
    let store = MemoryLabelStore()
    _ = try store.takeIn(at: 200)
    let error = #expect(throws: UserError.self) { try store.takeIn(at: 150) }
    #expect(error?.reason.contains("step 200") == true)
  }

  @Test("an answer of another kind, a second answer and a number that does not exist are refused")
  func refused() throws {
    let store = MemoryLabelStore()
    let number = store.ask(question, at: 0)
    #expect(throws: UserError.self) { try store.answer(number, .number(3), by: teacher) }
    #expect(throws: UserError.self) { try store.answer(7, .first, by: teacher) }
    try store.answer(number, .skipped, by: teacher)
    #expect(throws: UserError.self) { try store.answer(number, .first, by: teacher) }
    #expect(try store.open().isEmpty)
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
