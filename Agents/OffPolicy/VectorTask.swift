import Groundwork
import NeuralNetworks
import ReinforcementLearning

/// How learners of vectors of actions read an environment's rows and write its actions.
///
/// A minibatch's row is the policy's fields, then the action within -1...1, all float32: an actor reads the first part,
/// a critic all of it.
struct VectorTask: Sendable {
  /// The name of a critic's input that is the action.
  static let action = "policyAction"

  /// Of rows that hold the policy's fields alone.
  let layout: ObservationLayout
  /// The middle and half the width of each element's limits.
  let middle, half: [Float]
  /// Whether observations are brought to mean zero and variance one.
  private let isNormalized: Bool

  /// - Throws: `UserError` for a field that holds no float32 numbers.
  init(_ recipe: EnvironmentRecipe, normalizesObservations: Bool = false) throws(UserError) {
    guard case .continuous(let low, let high) = recipe.specification.actions else {
      preconditionFailure("requirements ask for vectors")
    }
    layout = ObservationLayout(recipe.specification)
    if let other = layout.places.first(where: { $0.field.element != .float32 || $0.field.kind != .numeric }) {
      throw UserError(
        "this agent reads float32 numbers, and the field '\(other.field.name)' of '\(recipe.id)' is "
          + "\(other.field.element.rawValue)",
        fix: "Use an agent that reads any field, such as ppo")
    }
    middle = zip(low, high).map { ($0 + $1) / 2 }
    half = zip(low, high).map { ($1 - $0) / 2 }
    isNormalized = normalizesObservations
  }

  /// Elements of an action.
  var count: Int { middle.count }
  /// Bytes of a minibatch's row.
  var stride: Int { layout.policyBytes + 4 * count }

  /// What an actor reads.
  var observation: [InputField] {
    layout.places.map { place in
      let field = InputField.floats(place.field.count, name: place.field.name, offset: place.offset)
      return isNormalized ? field.normalized(limit: 10) : field
    }
  }

  /// What a critic reads.
  var observationAndAction: [InputField] {
    observation + [.floats(count, name: Self.action, offset: layout.policyBytes)]
  }

  /// A stack of hidden layers and a last one that starts with small values.
  static func layers(_ hidden: [Int], outputs: Int) -> [LayerDescription] {
    hidden.map { .dense($0, activation: .relu) } + [.dense(outputs, initialization: .uniform(3e-3))]
  }

  /// An action within -1...1 as the environment takes it.
  func write(_ action: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    for element in 0..<count { target[element] = middle[element] + half[element] * action[element] }
  }

  /// The environment's action within -1...1.
  func read(_ action: UnsafeBufferPointer<Float>, into target: UnsafeMutablePointer<Float>) {
    for element in 0..<count {
      target[element] = min(1, max(-1, (action[element] - middle[element]) / half[element]))
    }
  }
}
