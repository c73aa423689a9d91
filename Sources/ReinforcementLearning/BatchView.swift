/// What a policy sees of the batch that it acts for, beside the rollout: which slots these are.
///
/// A view steps nothing and copies nothing. Only who was granted a `Simulator` has an arena to load its slots into.
public struct BatchView {
  let batch: EnvironmentBatch

  init(_ batch: EnvironmentBatch) { self.batch = batch }

  /// The catalog's id of the environment.
  public var id: String { batch.recipe.id }
  /// Number of slots.
  public var slots: Int { batch.slots }
  /// The run's number of the first slot.
  public var firstSlot: Int { batch.firstSlot }
}
