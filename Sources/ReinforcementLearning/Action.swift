/// A type that can be read out of the action buffer of a rollout and written into it.
public protocol ActionCoding: Sendable {
  /// Reads the action at `index` (time x slots + slot).
  init(from actions: ActionBuffer, at index: Int)

  /// Writes the action to `index`.
  func write(to actions: ActionBuffer, at index: Int)
}

/// The actions of a rollout: `[steps, slots]` numbers, or `[steps, slots, count]` for vectors.
///
/// Discrete actions are `Int32`, continuous ones `Float`; one of the two pointers is empty.
public struct ActionBuffer: @unchecked Sendable {
  public let discrete: UnsafeMutablePointer<Int32>
  public let continuous: UnsafeMutablePointer<Float>
  /// Elements of one action: 1, or the length of the vector.
  public let width: Int

  @inlinable public init(
    discrete: UnsafeMutablePointer<Int32>, continuous: UnsafeMutablePointer<Float>, width: Int
  ) {
    self.discrete = discrete
    self.continuous = continuous
    self.width = width
  }
}

/// An action that is one of an enumeration's cases, numbered from 0 without gaps.
public protocol DiscreteAction: ActionCoding, CaseIterable, RawRepresentable where RawValue == UInt8 {}

extension DiscreteAction {
  @inlinable public init(from actions: ActionBuffer, at index: Int) {
    guard let action = Self(rawValue: UInt8(truncatingIfNeeded: actions.discrete[index])) else {
      preconditionFailure("action \(actions.discrete[index]) is not one of \(Self.allCases.count)")
    }
    self = action
  }

  @inlinable public func write(to actions: ActionBuffer, at index: Int) { actions.discrete[index] = Int32(rawValue) }

  /// The cases' names, for a specification.
  public static var names: [String] { allCases.map { "\($0)" } }
}

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
