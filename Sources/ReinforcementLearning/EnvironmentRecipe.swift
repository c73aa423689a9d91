public import Groundwork

/// An environment with its configuration, its type erased: what a run is given to make batches of.
public struct EnvironmentRecipe: Sendable {
  /// The catalog's id, for example `gridworld/DoorKey-8x8`.
  public let id: String
  /// The configuration as a document: what a run or a replay records.
  public let configuration: JSON
  public let specification: Specification
  private let make: @Sendable (EnvironmentRecipe, _ slots: Int, _ firstSlot: Int, _ seed: UInt64) -> EnvironmentBatch

  /// - Throws: `UserError` when no environment can be made of that configuration.
  public init<E: Environment>(id: String, _ type: E.Type, configuration: E.Configuration) throws {
    try E.validate(configuration)
    let specification = E.specification(for: configuration)
    self.id = id
    self.specification = specification
    self.configuration = JSON(encoding: configuration)
    make = { recipe, slots, firstSlot, seed in
      let storage = SlotStorage(
        type, configuration: configuration, specification: specification, count: slots, firstSlot: firstSlot, seed: seed)
      return EnvironmentBatch(recipe: recipe, firstSlot: firstSlot, storage: storage)
    }
  }

  /// A batch whose slots are numbered from `firstSlot` in the run of that seed.
  public func makeBatch(slots: Int, firstSlot: Int = 0, seed: UInt64) -> EnvironmentBatch {
    make(self, slots, firstSlot, seed)
  }
}
