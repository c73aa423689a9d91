import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// `forage bench`: where the time goes.
///
/// With `--json` one document: `environments`, `training` and `search`, each a list of what
/// `EnvironmentBench.Result.json`, `TrainingBench.Result.json` and `SearchBench.Result.json` say; with `--preferences`
/// a list `preferences` of `PreferenceBench.Result.json`, and with `--games` a list `games` of names, values and units.
/// Figures that were measured before an interruption are printed.
struct BenchCommand: ParsableCommand {
  /// The help screen; a test compares it with a literal.
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast environments step, reset and copy, agents train and searches simulate.",
    discussion: """
      Steps are random actions in batches of 64 slots (--slots) and rollouts of 128 steps, observations included; \
      every figure is the median of the repeats. Where nothing is named all environments are measured. An mcts \
      search runs on one thread; a gumbel search shares its 256 roots out to the workers.

      Example:
        forage bench gridworld/DoorKey-8x8 control/CartPole
      """)

  @Argument(help: ArgumentHelp("Environments' ids.", valueName: "env"))
  /// Ids, with settings in parentheses; empty for all, unless a training or a search is named.
  var environments: [String] = []

  @Option(
    help: ArgumentHelp(
      "Measures the training of that agent: \(Catalog.trainings.map(\.agent).joined(separator: " or ")).",
      valueName: "agent"))
  /// Agents that the catalog has a training for.
  var training: [String] = []

  @Option(
    help: ArgumentHelp(
      "Measures a search: \(Catalog.searches.map { "'\($0.name)'" }.joined(separator: ", ")).",
      valueName: "search"))
  /// Names of the catalog's searches; upper and lower case do not matter.
  var search: [String] = []

  @Flag(help: "Measures the training of reward networks from pairs of clips.")
  /// One network, and an ensemble of three.
  var preferences = false

  @Flag(help: "Measures games of NetHack: how long copies take, and how much memory.")
  /// Needs the game.
  var games = false

  @Option(help: "Slots of the batch that each worker steps.")
  /// 1 to 4096.
  var slots = EnvironmentBench.usualSlots

  @Option(
    help:
      "Threads for steps, training and batched searches; when left out, steps with 1 and the others with one a core.")
  /// 1 to 256.
  var workers: Int?

  @Option(
    help:
      """
      Seconds of one measurement; when left out 2 for training, 1 for searches and preferences, 0.2 for environments, \
      0.05 for more than 20 of them.
      """
  )
  /// 0.001 to 600.
  var seconds: Double?

  /// 1 to 100; the median of two is the greater one.
  @Option(help: "Measurements of every figure.")
  var repeats = 3

  /// One document at the end in place of lines as they come.
  @Flag(help: "Print one JSON document.")
  var json = false

  /// - Throws: `ValidationError`, exit status 1, for numbers of workers, seconds or repeats outside their
  ///   ranges.
  func validate() throws {
    if let workers, !(1...256).contains(workers) {
      throw ValidationError("--workers must lie in 1...256, not \(workers)")
    }
    if let seconds, !(0.001...600).contains(seconds) {
      throw ValidationError("--seconds must lie in 0.001...600, not \(seconds)")
    }
    guard (1...4096).contains(slots) else { throw ValidationError("--slots must lie in 1...4096, not \(slots)") }
    guard (1...100).contains(repeats) else { throw ValidationError("--repeats must lie in 1...100, not \(repeats)") }
  }

  /// Measures what is named, in the order environments, trainings, searches, preferences, games; all environments where
  /// nothing is.
  ///
  /// Progress is a line that is rewritten on a terminal, and one every ten seconds elsewhere; rows are printed as they
  /// come, the document at the end.
  ///
  /// - Throws: `UserError` for a name that does not exist, before anything is measured; `ExitStatus` after an
  ///   interruption.
  func run() throws {
    Interruption.listen()
    let trainings = try training.map { try Catalog.training($0) }
    var recipes: [(name: String, make: () throws -> EnvironmentRecipe)] = []
    for text in environments {
      let recipe = try Catalog.recipe(text)
      recipes.append((try Catalog.environmentName(text, id: recipe.id), { recipe }))
    }
    let searches = try search.map { try SearchBench.listing($0) }
    if environments.isEmpty && training.isEmpty && search.isEmpty && !preferences && !games {
      recipes = Catalog.environments.map { listing in (listing.id, { try listing.recipe() }) }
    }
    let counts = workers.map { [$0] } ?? (Workers.cores > 1 ? [1, Workers.cores] : [1])
    let seconds = seconds ?? (recipes.count > 20 ? 0.05 : 0.2)
    let screen = BenchScreen(names: recipes.map(\.name), workers: counts, width: LineOutput.outputColumns)
    if !json, !recipes.isEmpty {
      LineOutput.result(
        Format.wrapped(
          "median of \(repeats) x \(Format.number(seconds, digits: 2)) s; \(slots) slot\(slots == 1 ? "" : "s") x "
            + "\(EnvironmentBench.steps) steps a worker, random actions, with observations",
          columns: LineOutput.outputColumns ?? .max))
      LineOutput.result(screen.header)
    }
    var documents: [JSON] = []
    var progress = BenchProgress()
    for (index, entry) in recipes.enumerated() {
      progress.show("\(index + 1) of \(recipes.count): \(entry.name)")
      let bench = EnvironmentBench(
        name: entry.name, recipe: try entry.make(), seconds: seconds, repeats: repeats, slots: slots)
      let result = bench.run(workers: counts) { part in
        progress.show("\(index + 1) of \(recipes.count): \(entry.name), \(part)")
      }
      progress.end()
      guard let result else { break }
      documents.append(result.json)
      if !json {
        LineOutput.result(screen.row(result))
        if let rate = result.picturesPerSecond {
          LineOutput.result("  pictures of 480 x 480: \(Format.number(rate, digits: 1)) a second")
        }
      }
    }
    var trained: [JSON] = []
    for listing in trainings where !Interruption.wasRequested {
      let bench = TrainingBench(seconds: self.seconds ?? 2, repeats: repeats, workers: workers ?? 0)
      let result = try bench.run(listing) { progress.show("training \(listing.name), \($0)") }
      progress.end()
      guard let result else { break }
      trained.append(result.json)
      if !json {
        LineOutput.result(
          "\(result.name): \(Format.rate(result.stepsPerSecond)) steps/s with \(workers ?? Workers.cores) workers")
      }
    }
    var simulations: [JSON] = []
    for listing in searches where !Interruption.wasRequested {
      let bench = SearchBench(seconds: self.seconds ?? 1, repeats: repeats, workers: workers ?? 0)
      let result = try bench.run(listing) { progress.show("search \(listing.name), \($0)") }
      progress.end()
      guard let result else { break }
      simulations.append(result.json)
      if !json {
        LineOutput.result(
          """
          \(result.name): \(Format.rate(result.simulationsPerSecond)) simulations/s with \(result.workers) \
          worker\(result.workers == 1 ? "" : "s")
          """
        )
      }
    }
    var learnt: [JSON] = []
    for networks in PreferenceBench.ensembles where preferences && !Interruption.wasRequested {
      let bench = PreferenceBench(seconds: self.seconds ?? 1, repeats: repeats, workers: workers ?? 0)
      let result = try bench.run(networks: networks) { progress.show("preferences of \(networks) networks, \($0)") }
      progress.end()
      guard let result else { break }
      learnt.append(result.json)
      if !json {
        LineOutput.result(
          "\(result.name): \(Format.rate(result.pairsPerSecond)) pairs/s with "
            + Format.number(of: result.workers, "worker"))
      }
    }
    var costs: [JSON] = []
    if games, !Interruption.wasRequested {
      for cost in try Catalog.gameCosts() {
        costs.append(["name": .string(cost.name), "value": .number(cost.value), "unit": .string(cost.unit)])
        if !json { LineOutput.result("\(cost.name): \(Format.number(cost.value, digits: 0)) \(cost.unit)") }
      }
    }
    if json {
      var document: JSON = [
        "environments": .array(documents), "training": .array(trained), "search": .array(simulations),
      ]
      if preferences { document["preferences"] = .array(learnt) }
      if games { document["games"] = .array(costs) }
      LineOutput.result(document.text(pretty: true))
    }
    if Interruption.wasRequested { throw Interruption.exitStatus }
  }
}
