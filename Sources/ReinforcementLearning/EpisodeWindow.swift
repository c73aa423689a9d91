import Groundwork

/// The last hundred episodes, over which the episode metrics are averaged (as Stable-Baselines3 does): `episode/NAME`
/// for every measure.
struct EpisodeWindow {
  private static let capacity = 100
  private let names: [String]
  /// Whether success is a measure: only then is the first one noted.
  private let notesSuccess: Bool
  /// By measure, one value an episode.
  private var values: [[Double]]
  private var total = 0
  /// The measure that says whether an episode broke, and how many did since the run began; nil where none can.
  private let faultMeasure: Int?
  private var faults = 0
  /// The step of the run's first success; nil before it.
  private var firstSuccess: Int?

  init(_ specification: Specification) {
    names = specification.measures.map(\.name)
    notesSuccess = specification.hasSuccess
    values = Array(repeating: [], count: names.count)
    faultMeasure = specification.measures.firstIndex(where: \.isFault)
  }

  mutating func noteSuccess(step: Int) {
    if notesSuccess { firstSuccess = firstSuccess ?? step }
  }

  mutating func add(_ episodes: [EpisodeRecord]) {
    total += episodes.count
    if let faultMeasure { faults += episodes.count { $0.measures[faultMeasure] > 0 } }
    for measure in values.indices {
      values[measure] += episodes.suffix(EpisodeWindow.capacity).map { $0.measures[measure] }
      values[measure].removeFirst(max(0, values[measure].count - EpisodeWindow.capacity))
    }
  }

  /// A measure that the records do not know is left out.
  var metrics: [Metric] {
    var metrics: [Metric] = []
    for (name, values) in zip(names, values) {
      let known = values.filter { !$0.isNaN }
      if !known.isEmpty { metrics.append(Metric(.episode(name), known.reduce(0, +) / Double(known.count))) }
    }
    return metrics + [Metric(.episodeCount, Double(total))]
      + (knowsFaults ? [Metric(.episodeFaults, Double(faults))] : [])
      + (firstSuccess.map { [Metric(.episodeFirstSuccess, Double($0))] } ?? [])
  }

  /// Whether episodes can break, and the records say which did.
  private var knowsFaults: Bool {
    guard let faultMeasure else { return false }
    return values[faultMeasure].isEmpty || values[faultMeasure].contains { !$0.isNaN }
  }

  func save(to state: inout SavedState) {
    state.set("window.measures", values.flatMap(\.self), shape: [names.count, values[0].count])
    state.set("window.total", scalar: Int64(total))
    state.set("window.firstSuccess", scalar: Int64(firstSuccess ?? -1))
    if faultMeasure != nil { state.set("window.faults", scalar: Int64(faults)) }
  }

  mutating func restore(from state: SavedState) throws {
    let saved: [Double] = try state.get("window.measures")
    guard saved.count % names.count == 0 else { throw UserError("the checkpoint's episodes have other measures") }
    let count = saved.count / names.count
    values = names.indices.map { Array(saved[$0 * count..<($0 + 1) * count]) }
    total = Int(try state.scalar("window.total", as: Int64.self))
    let first = try state.scalar("window.firstSuccess", as: Int64.self)
    firstSuccess = first < 0 ? nil : Int(first)
    if faultMeasure != nil { faults = Int(try state.scalar("window.faults", as: Int64.self)) }
  }
}
