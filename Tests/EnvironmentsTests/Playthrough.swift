import Glibc
import Groundwork
import ReinforcementLearning
import Testing

/// Golden playthroughs: episodes as text files under `Playthroughs/`, so that a change of rules is a readable diff.
///
/// `FORAGE_RECORD=1 swift test ...` writes the files instead of comparing with them.
enum Playthrough {
  /// An episode as text: the seed, then per step the action, the reward, the outcome and the drawn board.
  ///
  /// - Parameter actions: One action an element, one number an element of it; the episode may end earlier.
  static func text(_ recipe: EnvironmentRecipe, seed: UInt64, actions: [[Float]]) throws -> String {
    let batch = recipe.makeBatch(slots: 1, seed: 0)
    batch.start(slot: 0, seed: seed)
    var text = "environment \(recipe.id)\nconfiguration \(recipe.configuration.text())\nseed \(seed)\n\nstart\n"
    text += picture(batch.sketch(slot: 0))
    for (index, action) in actions.enumerated() {
      let transition = try batch.walk(slot: 0, actions: action)[0]
      let name: String
      switch recipe.specification.actions {
      case .discrete(let names): name = names[Int(action[0])]
      case .continuous: name = action.map { "\($0)" }.joined(separator: " ")
      }
      text += "\nstep \(index + 1): \(name), reward \(transition.reward), \(transition.outcome)"
      text += transition.success ? ", success\n" : "\n"
      text += picture(batch.sketch(slot: 0))
      if transition.outcome != .running { break }
    }
    return text
  }

  /// The board and the captions, without spaces at the ends of lines.
  private static func picture(_ sketch: Sketch) -> String {
    (sketch.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) + sketch.captions)
      .map { line in String(line.reversed().drop { $0 == " " }.reversed()) + "\n" }.joined()
  }

  /// Actions drawn from a stream of that seed: any action, or any vector within its limits.
  static func randomActions(_ recipe: EnvironmentRecipe, count: Int, seed: UInt64) -> [[Float]] {
    var random = RandomSource(seed: seed, purpose: .playthrough, index: 0)
    return (0..<count).map { _ in
      switch recipe.specification.actions {
      case .discrete(let names): [Float(random.integer(in: 0..<names.count))]
      case .continuous(let low, let high):
        zip(low, high).map { low, high in
          // Two digits after the point, so that the file can be read.
          (Float(random.uniform(Double(low), Double(high))) * 100).rounded() / 100
        }
      }
    }
  }

  /// Compares the playthrough with the file of that name, or writes it when `FORAGE_RECORD=1`.
  static func check(
    _ recipe: EnvironmentRecipe, seed: UInt64, actions: [[Float]], name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let text = try text(recipe, seed: seed, actions: actions)
    let path = Fixture.path("Playthroughs/\(name).txt")
    if getenv("FORAGE_RECORD").map({ String(cString: $0) }) == "1" {
      try Files.makeDirectory(Fixture.path("Playthroughs"))
      try Files.writeAtomically(text, to: path)
      return
    }
    let golden = try Files.readText(path)
    if text == golden { return }
    let expected = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let found = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line =
      zip(expected, found).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(expected.count, found.count)
    Issue.record(
      """
      \(name).txt differs from line \(line + 1) on: expected '\(line < expected.count ? expected[line] : "(end)")', \
      found '\(line < found.count ? found[line] : "(end)")'; FORAGE_RECORD=1 writes it anew
      """, sourceLocation: sourceLocation)
  }
}

/// Files beside the tests.
enum Fixture {
  static func path(_ name: String, file: StaticString = #filePath) -> String {
    let here = "\(file)"
    return String(here[..<here.lastIndex(of: "/")!]) + "/" + name
  }
}
