/// An action that is a number, for environments whose number of actions is configured.
public struct IndexAction: ActionCoding, Hashable {
  public var index: Int

  @inlinable public init(_ index: Int) { self.index = index }

  @inlinable public init(from actions: ActionBuffer, at index: Int) {
    self.index = Int(actions.discrete[index])
  }

  @inlinable public func write(to actions: ActionBuffer, at index: Int) {
    actions.discrete[index] = Int32(truncatingIfNeeded: self.index)
  }
}

/// An action that is a vector of up to 16 numbers.
public struct VectorAction: ActionCoding, Hashable {
  public var values: SIMD16<Float>

  @inlinable public init(_ values: SIMD16<Float>) { self.values = values }

  @inlinable public init(from actions: ActionBuffer, at index: Int) {
    values = .zero
    let start = actions.continuous + index * actions.width
    for element in 0..<min(actions.width, 16) { values[element] = start[element] }
  }

  @inlinable public func write(to actions: ActionBuffer, at index: Int) {
    let start = actions.continuous + index * actions.width
    for element in 0..<min(actions.width, 16) { start[element] = values[element] }
  }

  @inlinable public subscript(index: Int) -> Float { values[index] }
}
