import ArgumentParser
import Catalog
import Groundwork
import ReinforcementLearning
import RewardPrograms

/// `forage check`: tries a reward program before anything is trained with it.
///
/// With `--json` one document: `program`, `digest`, `environment`, `signals`, `fields`, `steps`, `isConstant`,
/// `components` and `replays` (null without `--replays`).
struct CheckCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Try a reward program: does it parse, what does it pay, whom does it prefer?",
    discussion: """
      Pays 1,000 steps of random play, shows what each component gave, and with --replays whether successes are paid \
      more than failures. Exits with 1 where the program cannot be read, pays the same in every step, or ranks \
      failures over successes. docs/reward-programs.md says how programs are written.

      Example:
        forage check examples/rewards/doorkey.reward --env gridworld/DoorKey-8x8
      """)

  /// A text of assignments.
  @Argument(help: ArgumentHelp("The reward program.", valueName: "file"), completion: .file(extensions: ["reward"]))
  var file: String

  /// Its fields are what the program may read.
  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("The environment, with or without settings.", valueName: "environment"),
    completion: Completions.environments)
  var environment: String

  /// Replays of other environments are left out.
  @Option(
    help: ArgumentHelp("Replays to rank: a directory of them, or a run's.", valueName: "dir"), completion: .directory)
  var replays: String?

  /// One document in place of text.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// Checks and prints.
  ///
  /// - Throws: `UserError` for a program that does not pass.
  func run() throws {
    let check = try ProgramCheck(path: file, in: Catalog.recipe(environment), replays: replays)
    LineOutput.result(json ? CheckCommand.document(check).text(pretty: true) : CheckCommand.screen(check))
    guard !check.isConstant else {
      throw UserError(
        "'\(file)' pays the same in all \(check.steps) random steps, which teaches nothing",
        fix: check.pays
          ? "Pay for something that random play comes across, for example shaping(-distance / 10)"
          : ProgramCheck.weightAdvice)
    }
    if let ranking = check.ranking, ranking.share <= 0.5 {
      throw UserError(
        "'\(file)' pays successes no more than failures: more in \(Format.number(100 * ranking.share, digits: 1)) % of "
          + CheckCommand.pairs(ranking), fix: "Look for a component that failures can collect again and again")
    }
  }

  private static func screen(_ check: ProgramCheck) -> String {
    let count = check.components.count
    let fields = check.program.fields.isEmpty ? "no field" : check.program.fields.joined(separator: ", ")
    var lines = [
      "\(check.program.program.name) in \(check.environment): \(count) component\(count == 1 ? "" : "s"), "
        + "reads \(fields)"
    ]
    let rows = check.components.map { component in
      [
        component.name, Format.number(component.weight, digits: 3), Format.number(component.lowest, digits: 4),
        Format.number(component.mean, digits: 4), Format.number(component.highest, digits: 4),
        Format.number(100 * component.paid, digits: 1) + " %",
      ]
    }
    lines.append(
      Table(
        columns: [
          .init(title: "component"), .init(title: "weight", isRight: true), .init(title: "lowest", isRight: true),
          .init(title: "mean", isRight: true), .init(title: "highest", isRight: true),
          .init(title: "steps paid", isRight: true),
        ], rows: rows, margin: 2
      ).text(width: LineOutput.outputColumns))
    if !check.isConstant { lines.append("\(Format.count(check.steps)) random steps: finite, not constant") }
    for (index, component) in check.components.enumerated() where component.lowest == component.highest {
      let paid = Format.number(component.lowest, digits: 4)
      lines.append(
        component.weight == 0
          ? "reward.\(component.name) has the weight 0 and pays nothing"
          : check.program.isFixed(index)
            ? "reward.\(component.name) is \(paid) in every step, whatever happens"
            : "reward.\(component.name) was \(paid) in all of them: random play may not come so far")
    }
    if let ranking = check.ranking {
      let others = ranking.others > 0 ? " (\(ranking.others) replays of other environments left out)" : ""
      lines.append(
        "replays: successes are paid more in \(Format.number(100 * ranking.share, digits: 1)) % of "
          + "\(pairs(ranking)), \(Format.count(ranking.steps)) steps in all\(others)")
      lines.append(
        "a replay is paid its discounted return: the sum of what step t is paid times \(ProgramCheck.discount)^t")
      if ranking.isThin {
        lines.append(
          "fewer than \(ProgramCheck.Ranking.fewReplays) of a kind say little: "
            + "`forage evaluate RUN --record-replays DIR` makes more")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What a ranking rests on.
  private static func pairs(_ ranking: ProgramCheck.Ranking) -> String {
    let successes = ranking.successes == 1 ? "1 success" : "\(Format.count(ranking.successes)) successes"
    return "\(Format.number(of: ranking.successes * ranking.failures, "pair")) of \(successes) and "
      + Format.number(of: ranking.failures, "failure")
  }

  private static func document(_ check: ProgramCheck) -> JSON {
    let ranking: JSON =
      check.ranking.map { ranking in
        [
          "successes": .integer(ranking.successes), "failures": .integer(ranking.failures),
          "others": .integer(ranking.others), "steps": .integer(ranking.steps),
          "successAboveFailure": .number(ranking.share), "discount": .number(ProgramCheck.discount),
        ]
      } ?? .null
    return [
      "program": .string(check.program.program.text), "digest": .string(check.program.program.digest),
      "environment": .string(check.environment), "steps": .integer(check.steps),
      "signals": .array(check.program.signals.map { .string($0) }),
      "fields": .array(check.program.fields.map { .string($0) }), "isConstant": .bool(check.isConstant),
      "components": .array(
        check.components.map { component in
          [
            "name": .string(component.name), "weight": .number(component.weight),
            "lowest": .number(component.lowest), "mean": .number(component.mean),
            "highest": .number(component.highest), "paid": .number(component.paid),
          ]
        }), "replays": ranking,
    ]
  }
}
