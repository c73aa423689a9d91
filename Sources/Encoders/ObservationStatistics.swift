public import Groundwork
public import NeuralNetworks
public import ReinforcementLearning

/// Running mean and variance of the numeric float32 fields of observations, and what networks scale them by.
///
/// The networks' fields are `normalized`: their scaling lies beside the other parameters and is set between rollouts
/// only, so that the policy that collects and the gradient see the same numbers. Source: details 5 and 6 for continuous
/// control of "The 37 implementation details of PPO".
public struct ObservationStatistics: Sendable {
  private let places: [ObservationLayout.Place]
  private var statistics: [RunningNormalizer]

  /// Statistics of nothing seen yet, for the policy's numeric float32 fields of rows of that layout.
  public init(_ layout: ObservationLayout) {
    places = layout.places.filter {
      $0.field.role == .policy && $0.field.kind == .numeric && $0.field.element == .float32
    }
    statistics = places.map { RunningNormalizer(columns: $0.field.count) }
  }

  /// Whether the layout has a field to scale.
  public var isNeeded: Bool { !places.isEmpty }

  /// Takes in rows as they were observed.
  ///
  /// - Parameters:
  ///   - rows: `[count, rowBytes]`
  ///   - rowBytes: Of a row, signals included.
  public mutating func update(_ rows: UnsafeRawPointer, count: Int, rowBytes: Int) {
    for (index, place) in places.enumerated() {
      let columns = place.field.count
      var values: [Float] = []
      values.reserveCapacity(count * columns)
      for row in 0..<count {
        let start = rows + row * rowBytes + place.offset
        for column in 0..<columns { values.append(start.load(fromByteOffset: column * 4, as: Float.self)) }
      }
      statistics[index].update(values)
    }
  }

  /// Takes in the rows that the policy acted on.
  public mutating func update(_ rollouts: [Rollout]) {
    for rollout in rollouts {
      update(
        UnsafeRawPointer(rollout.observations), count: rollout.steps * rollout.slots, rowBytes: rollout.layout.rowBytes)
    }
  }

  /// Sets what the networks scale their normalised fields by.
  public func setScaling(of networks: [Network], in parameters: inout Parameters) {
    for (place, statistic) in zip(places, statistics) {
      let means = statistic.mean.map { Float($0) }
      let factors = statistic.variance.map { Float(1 / ($0 + statistic.epsilon).squareRoot()) }
      for network in networks where network.normalizedFields.contains(place.field.name) {
        network.setScaling(of: place.field.name, means: means, factors: factors, in: &parameters)
      }
    }
  }

  /// Saves count, mean and variance of every field, under the field's name.
  public func save(to state: inout SavedState) {
    for (place, statistic) in zip(places, statistics) { state.set(prefix: place.field.name, statistic.savedState()) }
  }

  /// Puts the statistics where they were saved; the networks' scaling is a parameter and comes back with those.
  ///
  /// - Throws: `UserError` when a field's entries are missing or of another width.
  public mutating func restore(from state: SavedState) throws {
    for (index, place) in places.enumerated() { try statistics[index].restore(state.get(prefix: place.field.name)) }
  }
}
