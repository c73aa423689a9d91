import Catalog
import Experiments
import Groundwork
import ReinforcementLearning
import Viewer

/// The archive of a run: as a map, as a list, and its ways as replays.
///
/// Everything is read from one checkpoint: cells and their ways were kept by the agent, pictures are drawn by
/// stepping the environment with the seed that was explored.
struct ArchiveViewing {
  /// The run's environment, agent and settings.
  private let plan: RunPlan
  /// The state of the run that is looked at.
  private let checkpoint: Checkpoint
  /// The agent as it was at that step.
  private let agent: any ArchiveKeeping
  /// Its archive, at least one cell, in the order of their numbers.
  private let entries: [ArchiveEntry]
  /// The run's directory.
  private let path: String

  /// - Throws: `UserError` when the run's agent keeps no archive.
  /// - Parameter step: The checkpoint's; nil for the latest.
  init(_ directory: RunDirectory, step: Int?) throws {
    path = directory.path
    plan = try Catalog.plan(directory.description())
    checkpoint = try directory.checkpoint(step: step)
    guard let agent = try plan.makeAgent(restoredFrom: checkpoint) as? any ArchiveKeeping else {
      throw UserError(
        "'\(path)' has no archive: the agent '\(plan.description.agent.id)' keeps none",
        fix: "Watch its policy (`forage watch \(Shell.quoted(path))`), or train one that does (--agent go-explore)")
    }
    self.agent = agent
    entries = agent.archiveEntries
    guard !entries.isEmpty else {
      throw UserError(
        "the archive of '\(path)' is empty",
        fix: "Train it further with `forage train --resume \(Shell.quoted(path))`")
    }
  }

  /// The environment's.
  var controlFrequency: Double? { plan.environment.specification.controlFrequency }

  /// Which agent, and after how many steps.
  private var who: String { "\(plan.description.agent.id) after \(Format.count(checkpoint.step)) steps" }

  /// The cells on the picture of the start, with the best way stepped through to see which places it passes.
  ///
  /// - Throws: `UserError` when the environment's picture is no map.
  func map() throws -> ArchiveMap {
    let places = entries.compactMap(\.place)
    guard !places.isEmpty else {
      throw UserError(
        "the picture of '\(plan.environment.id)' is no map to show an archive on",
        fix: "List the cells with `forage watch \(path) --list`")
    }
    let arena = plan.environment.makeArena(capacity: 1, fields: [])
    arena.start(0, seed: agent.exploredSeed)
    var facts = [(label: "cells", value: Format.count(entries.count { $0.place != nil }))]
    facts.append(("places", Format.count(Set(places).count)))
    var way: [Sketch.Area] = []
    if let best = agent.bestCell, let cell = entries.first(where: { $0.number == best }) {
      way = try plan.environment.places(seed: agent.exploredSeed, actions: agent.actions(toCell: best))
      facts += [("return", Format.number(cell.score)), ("steps", Format.count(cell.length))]
    }
    return ArchiveMap(
      title: plan.environment.id, subtitle: "archive of \(who)", sketch: arena.sketch(0), cells: entries, path: way,
      best: agent.bestCell, facts: facts)
  }

  /// The way to a cell as a playback.
  ///
  /// - Throws: What stepping the recorded actions throws.
  func trajectory(_ number: Int) throws -> EpisodePlayback<ReplaySource> {
    let replay = try Replay(
      of: plan.environment, seed: agent.exploredSeed, actions: agent.actions(toCell: number),
      origin: ["agent": "\(plan.description.agent.id), cell \(number)", "step": String(checkpoint.step)])
    return try EpisodePlayback(ReplaySource(replay, plan.environment))
  }

  /// The cell that a person names: by number, or the best one at a place `X,Y` of the picture.
  ///
  /// A place is in the picture's own units, the column and the row of a grid.
  ///
  /// - Throws: `UserError` when there is none.
  func cell(named text: String) throws -> Int {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Float($0.filter { $0 != " " }) }
    if numbers.count == 1, let number = Int(text) {
      if entries.contains(where: { $0.number == number }) { return number }
      throw UserError(
        "the archive of '\(path)' has no cell \(number)",
        fix:
          "Its cells are \(entries[0].number) to \(entries[entries.count - 1].number) (`forage watch \(path) --list`)")
    }
    guard numbers.count == 2, let x = numbers[0], let y = numbers[1] else {
      throw UserError(
        "'\(text)' is no cell", fix: "Write its number (--cell 12) or its place on the picture (--cell 3,4)")
    }
    func distance(_ entry: ArchiveEntry) -> Float {
      guard let place = entry.place else { return .infinity }
      return abs(place.x - x) + abs(place.y - y)
    }
    let here = entries.filter { $0.place?.contains(Sketch.Point(x, y)) == true }
    let best = here.min { a, b in
      if a.success != b.success { return a.success }
      return (-a.score, a.length, a.number) < (-b.score, b.length, b.number)
    }
    if let best { return best.number }
    guard let nearest = entries.min(by: { distance($0) < distance($1) }), let place = nearest.place else {
      throw UserError("the picture of '\(plan.environment.id)' is no map", fix: "Name a cell by its number (--cell 12)")
    }
    throw UserError(
      "the archive of '\(path)' has no cell at \(text)",
      fix: "The nearest is at \(Format.number(Double(place.x), digits: 0)),\(Format.number(Double(place.y), digits: 0))"
    )
  }

  /// Prints the cells in the order of their numbers; the best one is marked.
  ///
  /// With `json` one document: `environment`, `agent`, `step`, `best`, and `cells` with `number`, `key`,
  /// `visits`, `chosen`, `return`, `steps`, `success` and, where it has one, `place` [x, y].
  func list(json: Bool) {
    if json {
      let cells = entries.map { entry in
        var members: [String: JSON] = [
          "number": .integer(entry.number), "key": .string(entry.key), "visits": .integer(entry.visits),
          "chosen": .integer(entry.chosen), "return": .number(entry.score), "steps": .integer(entry.length),
          "success": .bool(entry.success), "hasState": .bool(entry.hasState),
        ]
        if let place = entry.place { members["place"] = .array([.number(Double(place.x)), .number(Double(place.y))]) }
        return JSON.object(members)
      }
      let document: JSON = .object([
        "environment": .string(plan.environment.id), "agent": .string(plan.description.agent.id),
        "step": .integer(checkpoint.step), "best": agent.bestCell.map { .integer($0) } ?? .null, "cells": .array(cells),
      ])
      LineOutput.result(document.text(pretty: true))
      return
    }
    var rows: [[String]] = []
    for entry in entries {
      rows.append([
        String(entry.number) + (entry.number == agent.bestCell ? "*" : ""), String(entry.visits), String(entry.chosen),
        Format.number(entry.score), String(entry.length), entry.success ? "yes" : "no",
        entry.key + (entry.hasState ? "" : "  (reached by its actions)"),
      ])
    }
    let givenUp = entries.count { !$0.hasState && $0.number > 0 }
    LineOutput.result(
      "\(plan.environment.id), archive of \(who); * has the best way"
        + (givenUp == 0 ? "" : "; \(givenUp) cells have no state any more and are reached by their actions"))
    let titles = ["cell", "visits", "chosen", "return", "steps", "solved", "key"]
    let columns = titles.enumerated().map { place, title in
      Table.Column(title: title, isRight: place < 5, wraps: place == 6, rank: ["visits": 1, "chosen": 2][title] ?? 0)
    }
    LineOutput.result(Table(columns: columns, rows: rows).text(width: LineOutput.outputColumns))
  }
}
