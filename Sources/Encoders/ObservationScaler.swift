public import Groundwork
import NeuralNetworks
public import ReinforcementLearning

/// Numeric observation fields brought to mean zero and variance one by what was seen so far, clipped.
///
/// The statistics change between rollouts only, so that the policy that collects and the gradient see the same
/// numbers. Source: details 5 and 6 for continuous control of "The 37 implementation details of PPO".
public struct ObservationScaler: Sendable {
  private let places: [ObservationLayout.Place]
  private var statistics: [RunningNormalizer]
  private let limit: Float

  /// - Parameter limit: Scaled numbers are clipped to plus and minus this.
  public init(_ layout: ObservationLayout, limit: Float = 10) {
    self.limit = limit
    places = layout.places.filter {
      $0.field.role == .policy && $0.field.kind == .numeric && $0.field.element == .float32
    }
    statistics = places.map { RunningNormalizer(columns: $0.field.count) }
  }

  /// Whether the layout has a field to scale.
  public var isNeeded: Bool { !places.isEmpty }

  /// Copies rows and scales the copy.
  ///
  /// - Parameter rowBytes: Of a row, signals included: the policy's fields lie where they lie without signals, but a
  ///   rollout whose reward design reads signals has longer rows.
  public func scale(_ rows: UnsafeRawPointer, count: Int, rowBytes: Int, into target: UnsafeMutableRawPointer) {
    target.copyMemory(from: rows, byteCount: count * rowBytes)
    for (place, statistic) in zip(places, statistics) {
      let columns = place.field.count
      let mean = statistic.mean.map { Float($0) }
      let factor = statistic.variance.map { Float(1 / ($0 + statistic.epsilon).squareRoot()) }
      for row in 0..<count {
        let values = (target + row * rowBytes + place.offset).assumingMemoryBound(to: Float.self)
        for column in 0..<columns {
          values[column] = min(limit, max(-limit, (values[column] - mean[column]) * factor[column]))
        }
      }
    }
  }

  /// Takes in the rows that the policy acted on, before scaling.
  public mutating func update(_ rollouts: [Rollout]) {
    for (index, place) in places.enumerated() {
      let columns = place.field.count
      for rollout in rollouts {
        let rowBytes = rollout.layout.rowBytes
        var values: [Float] = []
        values.reserveCapacity(rollout.steps * rollout.slots * columns)
        for row in 0..<(rollout.steps * rollout.slots) {
          let start = rollout.observations + row * rowBytes + place.offset
          for column in 0..<columns { values.append(start.load(fromByteOffset: column * 4, as: Float.self)) }
        }
        statistics[index].update(values)
      }
    }
  }

  public func save(to state: inout SavedState) {
    for (place, statistic) in zip(places, statistics) { state.set(prefix: place.field.name, statistic.savedState()) }
  }

  public mutating func restore(from state: SavedState) throws {
    for (index, place) in places.enumerated() { try statistics[index].restore(state.get(prefix: place.field.name)) }
  }
}
