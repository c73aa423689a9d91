import Experiments
import Groundwork
import RealModule
import ReinforcementLearning

/// What a designer of rewards is told, as text: the task, what a program may read, how one is written, and with
/// reflection the best programs so far with what came of them.
///
/// The environment's own reward is not told, as in Eureka: a program takes its place.
struct DesignPrompt {
  let recipe: EnvironmentRecipe
  let measure: Measure

  /// Vectors that are longer are told with their length only.
  static let shownElements = 8
  static let bestTitle = "# The best program so far"
  static let secondTitle = "# The second best"
  static let scoresTitle = "# Scores so far"
  static let fence = "```"

  /// - Parameters:
  ///   - attempts: All that were made, where the designer is to see them.
  ///   - isChat: Whether the answer is a message; otherwise it is what follows the prompt.
  func text(after attempts: [DesignAttempt], isChat: Bool) -> String {
    var parts = [task, fields, language]
    parts += reflection(attempts)
    parts.append(
      attempts.isEmpty || attempts.allSatisfy { $0.score == nil }
        ? "Write a program for this task, nothing else." : "Write a better program for this task, nothing else.")
    return parts.joined(separator: "\n\n") + "\n" + (isChat ? "" : DesignPrompt.fence + "\n")
  }

  private var task: String {
    let limit = recipe.specification.timeLimit.map { "An episode ends after \($0) steps at the latest. " } ?? ""
    return """
      You design the reward of a task for reinforcement learning: a short program that is paid after every step, in \
      the place of the environment's own reward.

      # Task
      \(recipe.id). \(limit)It is judged by \(measure.name), \(measure.direction == .higher ? "more" : "less") is \
      better: \(measure.summary).
      """
  }

  private var fields: String {
    var lines = recipe.specification.fields.map { field in
      let field = recipe.specification.field(field.name) ?? field
      let range =
        "\(DesignPrompt.short(field.range.lowerBound)) to \(DesignPrompt.short(field.range.upperBound))"
      let what =
        switch field.kind {
        case .text: "a text"
        case .categorical: field.count == 1 ? "a code" : "\(field.count) codes"
        case .numeric: (field.count == 1 ? "a number, " : "\(field.count) numbers, ") + range
        }
      return "- \(field.name): \(what): \(field.summary)"
    }
    switch recipe.specification.actions {
    case .discrete(let names): lines.append("- action: one of \(names.joined(separator: ", ")): what was done")
    case .continuous(let low, let high):
      let range = "\(DesignPrompt.short(Double(low.min() ?? 0))) to \(DesignPrompt.short(Double(high.max() ?? 0)))"
      lines.append("- action: \(low.count) numbers, \(range): what was done")
    }
    if recipe.specification.measures.contains(where: { $0.source == .success }) {
      lines.append("- step.success: a condition: whether the task was done in this step")
    }
    return "# What a program can read\n" + lines.joined(separator: "\n")
  }

  private var language: String {
    """
    # How a program is written
    A line is NAME = EXPRESSION, or reward.NAME = EXPRESSION for a component of the reward; at least one is needed. \
    Expressions: numbers, + - * /, if CONDITION then X else Y, comparisons, and, or, not, min, max, abs, exp, tanh, \
    sqrt, norm(VECTOR), VECTOR[0], number(CONDITION), contains(TEXT, "word"), tolerance(X, LOW, HIGH, MARGIN) (1 \
    between the bounds, falling off outside), before(X) (X before the step). For example, of fields gap and speed:
    \(DesignPrompt.fence)
    reward.nearer = before(gap) - gap
    reward.calm weight 0.1 = tolerance(speed, -0.1, 0.1, 1)
    \(DesignPrompt.fence)
    """
  }

  private func reflection(_ attempts: [DesignAttempt]) -> [String] {
    guard !attempts.isEmpty else { return [] }
    let scores = attempts.map { $0.score.map(DesignPrompt.short) ?? "refused" }
    var parts = ["\(DesignPrompt.scoresTitle)\n\(scores.joined(separator: ", "))"]
    if let best = DesignResult.best(attempts, by: measure) {
      parts.append(DesignPrompt.bestTitle + "\n" + report(attempts[best]))
      let others = attempts.filter { $0.program != attempts[best].program }
      if let second = DesignResult.best(others, by: measure) {
        parts.append(DesignPrompt.secondTitle + "\n" + report(others[second]))
      }
      parts.append(
        """
        # Advice
        A component whose sum hardly changes in training does nothing as it is: rescale it, write it otherwise or \
        leave it out. One that is much larger than the others drowns them: make it smaller. Where all scores are as \
        low as they can be, write an altogether different program.
        """)
    }
    if let refused = attempts.last(where: { $0.refusal != nil }), let reason = refused.refusal {
      parts.append("# A program that was refused\n\(reason)")
    }
    return parts
  }

  private func report(_ attempt: DesignAttempt) -> String {
    var lines = [DesignPrompt.fence, String((attempt.program ?? "")[...].trimmed), DesignPrompt.fence]
    let curve = attempt.curve.map { DesignPrompt.short($0.mean) }.joined(separator: ", ")
    lines.append("\(measure.name) in training: \(curve); mean \(DesignPrompt.short(attempt.score ?? .nan))")
    for part in attempt.components {
      let training =
        part.training.isEmpty
        ? "unknown, none has ended" : part.training.map(DesignPrompt.short).joined(separator: ", ")
      lines.append(
        "- \(part.name): \(DesignPrompt.short(part.lowest)) to \(DesignPrompt.short(part.highest)) in random play, "
          + "not 0 in \(DesignPrompt.short(100 * part.paid)) % of its steps; "
          + "sum over an episode of training \(training)")
    }
    return lines.joined(separator: "\n")
  }

  /// Three digits.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 100, scale < 1e9 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }

  /// The program in an answer: the first part between fences, or before, after or without any, that has a component.
  ///
  /// - Parameter isChat: Whether the answer is a message, where a program is fenced; otherwise it goes on from a fence,
  ///   so that a program may end at the first.
  static func program(in answer: String, isChat: Bool = true) -> String {
    let pieces = answer.split(separator: fence, omittingEmptySubsequences: false)
    let fenced = pieces.indices.filter { $0 % 2 == 1 }
    let open = pieces.indices.filter { $0 % 2 == 0 }
    // A last piece that no fence closes is fenced as well.
    let order = isChat ? fenced + open : open + fenced
    let place = order.first { hasProgram(pieces[$0]) } ?? (pieces.count > 1 ? 1 : 0)
    // A fence may be followed by the name of a language.
    var lines = pieces[place].split(separator: "\n", omittingEmptySubsequences: false)
    if pieces.count > 1, let first = lines.first, !first.contains("="), !first.contains("#") { lines.removeFirst() }
    return String(lines.joined(separator: "\n")[...].trimmed)
  }

  /// Whether a line of it gives a component.
  static func hasProgram(_ text: Substring) -> Bool {
    text.split(separator: "\n").contains { $0.trimmed.hasPrefix("reward.") && $0.contains("=") }
  }
}
