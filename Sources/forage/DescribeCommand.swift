import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import RewardPrograms

/// `forage describe`: what an agent, an environment or a reward model is, and every setting that it has.
///
/// Descriptions are the doc comments of the declarations, ranges are what the program checks, and shapes are what the
/// environment says of itself, so nothing here is written a second time.
struct DescribeCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Say what an agent, an environment or a reward is, and all of its settings.",
    discussion: """
      Example:
        forage describe ppo --env gridworld/DoorKey-8x8

      `forage list` shows what there is; `forage describe run` shows the settings of a run itself.
      """)

  /// Its id, with or without settings in parentheses.
  @Argument(
    help: ArgumentHelp("An id, or one with settings: 'ppo(epochs=8)'.", valueName: "id"),
    completion: Completions.described)
  var subject: String

  /// Whose presets and fields count; nil for none.
  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("The environment whose presets are shown.", valueName: "environment"),
    completion: Completions.environments)
  var environment: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Changes one setting of what is described; may be repeated.", valueName: "key=value"))
  /// As if it stood in the parentheses.
  var assignments: [String] = []

  /// The signals in place of everything else.
  @Flag(help: "Of an environment: what rewards and measures may read, with ranges.")
  var signals = false

  /// What a language model is held to that writes a program.
  @Flag(help: "Of an environment: the grammar of its reward programs, as GBNF.")
  var grammar = false

  /// One document in place of text.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Prints the description.
  ///
  /// - Throws: `UserError` for an id or a setting that does not exist.
  func run() throws {
    let (subject, recipe) = try named()
    var description = try Catalog.describe(subject, for: environment)
    // A task of the user's own says what it is.
    if let own = recipe?.specification.summary, !own.isEmpty { description.summary = own }
    if recipe != nil, environment != nil {
      throw UserError("'\(subject)' is an environment itself", fix: "Leave --env out")
    }
    if signals, recipe == nil {
      throw UserError("'\(subject)' is no environment, so it has no signals", fix: "Leave --signals out")
    }
    if grammar {
      guard let recipe else {
        throw UserError("'\(subject)' is no environment, so it has no programs", fix: "Leave --grammar out")
      }
      guard !signals, !json else { throw UserError("--grammar prints the grammar alone", fix: "Name one of them") }
      return LineOutput.result(String(ProgramGrammar.gbnf(for: recipe.specification).dropLast()))
    }
    if json {
      LineOutput.result(DescriptionDocument.document(description, recipe).text(pretty: true))
      return
    }
    let screen = DescriptionScreen(description, recipe, width: LineOutput.outputColumns)
    LineOutput.result(signals ? screen.signals : screen.text)
  }

  /// What is described, with what `--set` adds in the parentheses; the environment, where it is one.
  ///
  /// - Throws: `UserError` for a setting that is given twice or cannot be read.
  private func named() throws -> (text: String, recipe: EnvironmentRecipe?) {
    let example = "forage describe 'ppo(epochs=8)'"
    let name = try NamedSettings(parsing: subject, example: example)
    var pieces = name.settings.map { "\($0.key)=\($0.text)" }
    for text in assignments {
      let key = try SettingAssignment(parsing: text).key
      let value = String(text[text.index(after: text.firstIndex(of: "=")!)...])
      // A text with commas is one value here.
      let isPlain = value.first.map { "[{'\"".contains($0) } ?? true || !value.contains { ",()=".contains($0) }
      pieces.append("\(key)=\(isPlain ? value : "'\(value)'")")
    }
    let text = pieces.isEmpty ? subject : "\(name.name)(\(pieces.joined(separator: ",")))"
    let isEnvironment = (try? Catalog.listing(text)) != nil
    return (text, isEnvironment ? try Catalog.recipe(text) : nil)
  }
}
