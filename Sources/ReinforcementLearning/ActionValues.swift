/// An action that is a number, for environments whose number of actions is configured.
public struct IndexAction: ActionCoding, Hashable {
  /// The action's number, from 0; what an environment does with one that it lacks is its own affair.
  public var index: Int

  /// The action of that number, unchecked.
  @inlinable public init(_ index: Int) { self.index = index }

  /// Reads the number, unchecked.
  @inlinable public init(from actions: ActionBuffer, at index: Int) {
    self.index = Int(actions.discrete[index])
  }

  /// Writes the number, cut to 32 bits.
  @inlinable public func write(to actions: ActionBuffer, at index: Int) {
    actions.discrete[index] = Int32(truncatingIfNeeded: self.index)
  }
}

/// An action that is a vector of up to 16 numbers.
public struct VectorAction: ActionCoding, Hashable {
  /// The elements in the units of the specification's limits; those beyond its length are 0.
  public var values: SIMD16<Float>

  /// The vector of those elements, not cut to any limits.
  @inlinable public init(_ values: SIMD16<Float>) { self.values = values }

  /// Reads the buffer's `width` elements, or the first 16 of them; the rest become 0.
  @inlinable public init(from actions: ActionBuffer, at index: Int) {
    values = .zero
    let start = actions.continuous + index * actions.width
    for element in 0..<min(actions.width, 16) { values[element] = start[element] }
  }

  /// Writes as many elements as the buffer's `width`, at most 16.
  @inlinable public func write(to actions: ActionBuffer, at index: Int) {
    let start = actions.continuous + index * actions.width
    for element in 0..<min(actions.width, 16) { start[element] = values[element] }
  }

  /// The element of that number, 0..<16.
  @inlinable public subscript(index: Int) -> Float { values[index] }
}
