import Catalog
import Foundation
import Groundwork
import Labels
import ReinforcementLearning
import Testing

@testable import RewardModels

@Suite("Answers about aspects, and answers of another run") struct AspectTests {
  private typealias Play = PreferenceRewardTests.Play

  private static let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "examples/rewards/pendulum.reward").path

  private static let small = "labels=120,questions=42,interval=800,segment=10,pool=200,epochs=40"

  private static func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "aspects-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test("a script judges each aspect by the program's component of its name, and each pays by a head of its own")
  func program() throws {
    let store = MemoryLabelStore()
    let play = try Play("preferences(program=\(Self.program),\(Self.small))", slots: 8, labels: store)
    #expect(play.design.components.map(\.name) == ["upright", "calm", "effort"])
    #expect(play.design.components.map(\.weight) == [1, 0.5, 0.01])
    for _ in 0..<4 { try play.collect() }
    let labels = store.labels()
    #expect(labels.count == 120 && play.design.shortfalls.isEmpty)
    // About each pair a question an aspect, one after the other.
    for first in stride(from: 0, to: 120, by: 3) {
      let three = labels[first..<first + 3].map(\.question)
      #expect(three.map(\.aspect) == ["upright", "calm", "effort"])
      #expect(Set(three.map(\.subjects)).count == 1 && three[0].prompt == "Which clip is better in upright?")
    }
    let judge = try RewardDesignRecipe(
      RewardSpecification(parsing: "program(file=\(Self.program))"), among: RewardModels.all,
      for: play.recipe.specification
    ).makeDesign(for: play.recipe, seed: 1)
    let real = RewardScores(components: 3, count: play.scores.count)
    try judge.reward(of: Transitions(play.collector.rollouts[0]), into: real, workers: Workers(count: 1))
    // Of the torque clips of random play say little: they add up to much the same.
    for aspect in 0..<2 {
      let (paid, meant) = (play.scores[aspect].map(Double.init), real[aspect].map(Double.init))
      #expect(PreferenceRewardTests().correlation(paid, meant) > 0.5, "aspect \(aspect)")
    }
  }

  @Test("people are asked about the aspects that were named; one of which nothing is known pays nothing")
  func people() throws {
    let store = MemoryLabelStore()
    let play = try Play(
      "preferences(teacher=person,aspects=speed,safety,weights=[1,-2],labels=20,questions=5,interval=400,segment=10)",
      labels: store)
    #expect(play.design.components.map(\.name) == ["speed", "safety"])
    #expect(play.design.components.map(\.weight) == [1, -2])
    try play.collect()
    // Two pairs in both aspects: a fifth question would be half of one.
    #expect(store.labels().map(\.question.aspect) == ["speed", "safety", "speed", "safety"])
    try store.answer([(0, .first), (1, .equal), (2, .second), (3, .equal)], by: Teacher(.person, "Ada"))
    try play.collect()
    try play.collect()
    #expect(play.scores[0].contains { $0 != 0 } && play.scores[1].allSatisfy { $0 == 0 })
  }

  @Test("other weights change what is paid and nothing that was learnt")
  func weights() throws {
    func learnt(_ weights: String) throws -> (paid: [[Float]], weights: [Double]) {
      let play = try Play("preferences(program=\(Self.program),weights=\(weights),\(Self.small))", slots: 8)
      for _ in 0..<4 { try play.collect() }
      return ((0..<3).map { Array(play.scores[$0]) }, play.design.components.map(\.weight))
    }
    let (one, other) = (try learnt("[1,1,1]"), try learnt("[1,0,-1]"))
    #expect(one.paid == other.paid && one.weights == [1, 1, 1] && other.weights == [1, 0, -1])
  }

  @Test(
    "a run learns from the answers of another before its first step, and asks no more than its labels leave",
    arguments: ["control/Pendulum", "control/CartPole"])
  func answers(_ level: String) throws {
    guard LabelDatabase.isAvailable else { return }
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try Play(
      "preferences(\(Self.small),feedback=both)", in: level, slots: 8, labels: LabelDatabase(ofRun: folder))
    for _ in 0..<4 { try first.collect() }
    let store = MemoryLabelStore()
    let reward = "preferences(answers=\(folder),labels=130,questions=40,interval=800,segment=10,pool=200,epochs=40,"
      + "feedback=both)"
    let play = try Play(reward, in: level, slots: 8, labels: store)
    try play.collect()
    #expect(play.paid.contains { $0 != 0 })
    let rewards = (0..<play.paid.count).map { Double(play.collector.rollouts[0].rewards[$0]) }
    if level == "control/Pendulum" {
      #expect(PreferenceRewardTests().correlation(play.paid.map(Double.init), rewards) > 0.6)
    }
    #expect(store.labels().count == 10)
    // What it learns from are the rows that the other run's clips had.
    var states: [SavedState] = []
    for design in [first.saved.design, play.saved.design] {
      states.append(design.get(prefix: "design").get(prefix: "0.preferences").get(prefix: "pairs"))
    }
    let (rows, taken): ([UInt8], [UInt8]) = (try states[0].get("rows"), try states[1].get("rows"))
    let (starts, again): ([Int64], [Int64]) = (try states[0].get("starts"), try states[1].get("starts"))
    let (targets, said): ([Float], [Float]) = (try states[0].get("targets"), try states[1].get("targets"))
    #expect(taken.starts(with: rows) && again.starts(with: starts) && said.starts(with: targets))
    // A run that goes on needs the other one no more.
    let saved = play.saved
    let digest = try #require(play.design.recipe.terms[0].recipe.configuration["answersDigest"]?.string)
    try FileManager.default.removeItem(atPath: folder)
    let resumed = try Play(
      reward.dropLast() + ",answersDigest='\(digest)')", in: level, slots: 8, labels: store,
      collector: saved.collector, design: saved.design)
    try resumed.collect()
    try play.collect()
    #expect(resumed.paid == play.paid)
  }

  @Test("answers that changed, are about another environment or about nothing that is wanted are refused in a line")
  func otherAnswers() throws {
    guard LabelDatabase.isAvailable else { return }
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = LabelDatabase(ofRun: folder)
    let first = try Play("preferences(\(Self.small))", slots: 8, labels: store)
    for _ in 0..<2 { try first.collect() }
    func reason(_ settings: String, in level: String = "control/Pendulum", digest: Bool = true) -> String {
      do {
        let play = try Play("preferences(answers=\(folder),\(settings))", in: level)
        // What can be seen before a step is refused before it.
        #expect(settings == "labels=10" && level == "control/Pendulum" || settings.contains("answersDigest"))
        try play.collect()
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(reason("labels=10") == "nothing")
    #expect(reason("labels=10", in: "control/CartPole").contains("is about 'control/Pendulum'"))
    #expect(reason("labels=10", in: "control/Pendulum(gravity=9)").contains("was asked with environment.gravity=10"))
    #expect(
      reason("labels=10", in: "control/Pendulum(frameStack=3)").hasSuffix(
        "was asked without environment.frameStack, and this run has 3. Train without --set environment.frameStack"))
    #expect(reason("labels=10,aspects=speed").contains("holds no answer about speed"))
    #expect(reason("labels=10,answersDigest='00'").contains("are not those that the run was begun with"))
    // A new run is refused before anything of it is written.
    #expect {
      try Play("preferences(answers=\(folder),answersDigest='00')").design.checkSources()
    } throws: { "\($0)".contains("the answers in '\(folder)' have the digest") }
    try Play("preferences(answers=\(folder))").design.checkSources()
  }

  @Test("ratings on other levels are refused with the setting that takes them in")
  func otherLevels() throws {
    guard LabelDatabase.isAvailable else { return }
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = LabelDatabase(ofRun: folder)
    let first = try Play("preferences(\(Self.small),feedback=ratings,levels=4)", slots: 8, labels: store)
    for _ in 0..<2 { try first.collect() }
    for (settings, remedy) in [
      ("feedback=ratings", ", and this run has 5. Rate on as many (preferences(levels=4))"),
      ("feedback=comparisons", ". Learn from ratings, too (preferences(feedback=both,levels=4))"),
    ] {
      #expect {
        try Play("preferences(answers=\(folder),\(settings))")
      } throws: { "\($0)".contains("is a rating on 4 levels" + remedy) }
    }
  }

  @Test(
    "a run with aspects, comparisons and ratings that is resumed goes on to the same bits, with one worker and three",
    arguments: ["", "selection=active,"])
  func resumed(_ selection: String) throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reward =
      "preferences(program=\(Self.program),feedback=both,\(selection)labels=90,questions=20,interval=500,segment=30,"
      + "epochs=3,mistakes=0.2)"
    let store: (any LabelStore)? = LabelDatabase.isAvailable ? LabelDatabase(ofRun: folder) : nil
    let play = try Play(reward, labels: store)
    for _ in 0..<3 { try play.collect() }
    let saved = play.saved
    for _ in 0..<4 { try play.collect() }
    let again = try Play(reward, workers: 3, labels: store, collector: saved.collector, design: saved.design)
    for _ in 0..<4 { try again.collect() }
    #expect(again.paid == play.paid)
    #expect(again.saved.design == play.saved.design)
  }

  @Test("settings that cannot be are refused in a line")
  func refusals() {
    for (settings, reason) in [
      ("levels=1", "preferences.levels cannot be 1"), ("levels=10", "preferences.levels cannot be 10"),
      ("aspects=speed", "has nothing to judge the aspects 'speed' by"),
      ("teacher=person,aspects=a,a", "preferences.aspects cannot be 'a,a'"),
      ("teacher=person,aspects=a b!", "preferences.aspects cannot be"),
      ("weights=[1,2]", "preferences.weights cannot be 2 numbers"),
      ("teacher=person,aspects=a,b,weights=[1]", "preferences.weights cannot be 1 numbers"),
      ("weights=[1e9]", "an element of preferences.weights cannot be"),
      ("program=\(Self.program),aspects=uprigth", "Did you mean 'upright'?"),
      ("program=\(Self.program),questions=2", "2 questions are less than one about each of 3 aspects"),
      ("program=none.reward", "none.reward"),
      ("answers=none", "there is no directory 'none'. Name the directory of a run with 'preferences' in its reward"),
      ("answers=none", ", and go on with a run where it was begun"),
      ("answers=/dev/null", "'/dev/null' is no directory"),
      ("feedback=stars", "feedback"), ("answersDigest=abc", "answersDigest=) is of answers of another run"),
      ("teacher=person,rationality=1", "preferences(rationality=) says nothing here: it counts with teacher=synthetic"),
      ("teacher=person,myopia=0.9", "(myopia=) says nothing"), ("teacher=person,equal=0.5", "(equal=) says nothing"),
      ("teacher=person,skip=0.5", "(skip=) says nothing"), ("teacher=person,mistakes=0.5", "(mistakes=) says nothing"),
      ("feedback=ratings,equal=0.5", "(equal=) says nothing here: it counts with feedback=comparisons or both"),
      ("levels=3", "(levels=) says nothing here: it counts with feedback=ratings or both"),
      ("candidates=20", "(candidates=) says nothing here: it counts with selection="),
      ("combination=worst,uncertaintyWeight=5", "(uncertaintyWeight=) says nothing here: it counts with combination="),
    ] {
      do {
        _ = try Play("preferences(\(settings))", labels: MemoryLabelStore())
        Issue.record("\(settings) is taken")
      } catch {
        #expect("\(error)".contains(reason), "\(error)")
        #expect(!"\(error)".contains("\n"))
      }
    }
  }
}
