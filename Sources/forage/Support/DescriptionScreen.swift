import Catalog
import Groundwork
import ReinforcementLearning

/// A description as text that fits a terminal.
struct DescriptionScreen {
  private let description: Description
  /// The environment, where it is one.
  private let recipe: EnvironmentRecipe?
  /// The most that a line may have; nil where there is no limit.
  private let width: Int?

  init(_ description: Description, _ recipe: EnvironmentRecipe?, width: Int?) {
    self.description = description
    self.recipe = recipe
    self.width = width
  }

  /// Everything.
  var text: String {
    var blocks = [wrapped("\(description.id): \(description.summary)")]
    if !description.source.isEmpty { blocks[0] += "\n" + wrapped("Source: \(description.source)") }
    blocks += description.sections.filter { isShown($0.heading) }.map(section)
    if let recipe { blocks += environment(recipe.specification) }
    blocks.append(settings)
    return blocks.joined(separator: "\n\n")
  }

  /// The signals of an environment.
  var signals: String {
    let specification = recipe?.specification
    let said = description.sections.filter { $0.heading == "Signals" }.map(section)
    let fields = specification?.signals ?? []
    guard !fields.isEmpty else {
      return ["\(description.id) has no signals: rewards read the policy's fields.", programs].joined(separator: "\n\n")
    }
    let head = wrapped("\(description.id): what a reward or a measure may read and the policy does not see")
    return ([head + "\n" + table(fields)] + said + [programs]).joined(separator: "\n\n")
  }

  /// What else a reward program may read.
  private var programs: String {
    guard let specification = recipe?.specification else { return "" }
    let seen = specification.policyFields.map(\.name).joined(separator: ", ")
    let action =
      switch specification.actions {
      case .discrete(let names): "action (a number, or action == \"\(names.first ?? "")\")"
      case .continuous(let low, _): "action (a vector of \(low.count))"
      }
    let text =
      "\(seen); \(action); step.reward, step.success, step.terminated, step.truncated; discount; all but those of the "
      + "step also before it: before(...)"
    return wrapped("Reward programs (docs/reward-programs.md) read besides") + "\n" + indented(text)
  }

  /// What stands in tables, or in a line of its own, or is about the code, is not said twice.
  private func isShown(_ heading: String) -> Bool {
    if recipe != nil { return !["Source", "Signals", "Configuration", "Ids"].contains(heading) }
    return description.kind == "reward" && !["", "Source", "Configuration"].contains(heading)
  }

  private func section(_ section: DocumentedSection) -> String {
    let text = section.paragraphs.map { paragraph in
      let isItem = paragraph.hasPrefix("- ")
      return Format.wrapped(paragraph, columns: width ?? .max, first: 2, indent: isItem ? 4 : 2)
    }.joined(separator: "\n  ")
    return (section.heading.isEmpty ? "" : section.heading + "\n") + "  " + text
  }

  private func environment(_ specification: Specification) -> [String] {
    var blocks: [String] = []
    blocks.append("What the policy sees\n" + table(specification.policyFields))
    blocks.append("What it may do\n" + actions(specification.actions))
    if !specification.signals.isEmpty {
      let names = specification.signals.map(\.name).joined(separator: ", ")
      blocks.append(
        wrapped("Signals, which rewards may read and the policy does not see (--signals shows more)") + "\n"
          + indented(names))
    }
    let measures = specification.measures.enumerated().map { place, measure in
      [measure.name, measure.direction == .higher ? "more is better" : "less is better",
        measure.summary + (place == 0 ? "; the task is judged by it" : "")]
    }
    blocks.append(
      "Measures\n" + Table(columns: [.init(), .init(rank: 1), .init(wraps: true)], rows: measures, margin: 2)
        .text(width: width))
    let limit = specification.timeLimit.map { "truncated after \($0) steps" } ?? "never truncated"
    let rewards = "\(number(specification.rewards.lowerBound)) to \(number(specification.rewards.upperBound)) a step"
    let solved = specification.solvedReturn.map { "; solved from a return of \(number($0))" } ?? ""
    let draws = specification.isStochastic ? "steps draw random numbers" : "steps draw nothing"
    blocks.append("Episodes\n" + indented("\(limit); rewards \(rewards)\(solved); \(draws)"))
    if let recipe {
      let start = Shell.command(["forage", "train", recipe.id])
      let rest = Shell.command(["--reward", Catalog.exampleReward(in: recipe), "--out", "runs/example"])
      // A shell joins the two lines again.
      let isLong = start.count + rest.count + 3 > width ?? .max
      blocks.append("A run with a reward design\n  " + start + (isLong ? " \\\n    " : " ") + rest)
    }
    return blocks
  }

  private func table(_ fields: [Field]) -> String {
    let rows = fields.map { field in
      let shape = field.shape.isEmpty ? "1" : field.shape.map(String.init).joined(separator: " x ")
      return [field.name, shape, field.element.rawValue, DescriptionDocument.values(field), field.summary]
    }
    return Table(
      columns: [
        .init(title: "field"), .init(title: "shape"), .init(title: "element", rank: 1),
        .init(title: "values", rank: 0), .init(title: "meaning", wraps: true),
      ], rows: rows, margin: 2
    ).text(width: width)
  }

  private func actions(_ actions: ActionSpecification) -> String {
    switch actions {
    case .discrete(let names):
      return indented(names.enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: ", "))
    case .continuous(let low, let high):
      let parts = zip(low, high).map { "\(number(Double($0))) to \(number(Double($1)))" }
      return indented("a vector of \(low.count): " + parts.joined(separator: ", "))
    }
  }

  private var settings: String {
    guard !description.settings.isEmpty else { return "It has no settings." }
    let place = description.environment.map { ", and what it is for \($0)" } ?? ""
    let how = description.example.isEmpty ? "" : "; typed for example \(description.example)"
    let head = wrapped("Settings: key, default\(place), what may be typed\(how)")
    let rows = description.settings.map { setting -> [String] in
      let value = setting.origin.map { " -> \(text(setting.value)) (\($0))" } ?? ""
      return [setting.key, text(setting.defaultValue) + value, setting.allowed]
    }
    // A key and its value stand in one line wherever they fit; the rest goes below.
    let widths = (0..<2).map { column in min(rows.map { $0[column].count }.max() ?? 0, column == 0 ? 40 : 28) }
    let entries = zip(rows, description.settings).map { row, setting in
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
      let first = "  " + padded.joined(separator: "  ")
      let whole = first + "  " + row[2]
      let line =
        whole.count <= width ?? .max
        ? whole : trimmed(first) + "\n" + indented(row[2], by: 6)
      return line + "\n" + indented(setting.summary, by: 6)
    }
    return ([head] + entries).joined(separator: "\n")
  }

  /// A value as `--set` takes it; a text is quoted where it would look like nothing.
  private func text(_ value: JSON) -> String {
    guard let text = value.string else { return value.text() }
    return text.isEmpty ? "''" : text
  }

  private func wrapped(_ text: String) -> String { Format.wrapped(text, columns: width ?? .max, indent: 2) }

  private func indented(_ text: String, by indent: Int = 2) -> String {
    String(repeating: " ", count: indent)
      + Format.wrapped(text, columns: width ?? .max, first: indent, indent: indent)
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  private func number(_ value: Double) -> String { DescriptionDocument.number(value) }
}
