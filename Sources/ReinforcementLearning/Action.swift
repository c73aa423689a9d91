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
  /// Numbers of actions, `[steps, slots]`; not to be read where actions are vectors.
  public let discrete: UnsafeMutablePointer<Int32>
  /// Elements of vectors, `[steps, slots, width]`; not to be read where actions are numbered.
  public let continuous: UnsafeMutablePointer<Float>
  /// Elements of one action: 1, or the length of the vector.
  public let width: Int

  /// A view of memory that somebody else owns and frees.
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
  /// Reads a case by its number; one that no case has is a programmer's error and stops the program.
  @inlinable public init(from actions: ActionBuffer, at index: Int) {
    guard let action = Self(rawValue: UInt8(truncatingIfNeeded: actions.discrete[index])) else {
      preconditionFailure("action \(actions.discrete[index]) is not one of \(Self.allCases.count)")
    }
    self = action
  }

  /// Writes the case's number.
  @inlinable public func write(to actions: ActionBuffer, at index: Int) { actions.discrete[index] = Int32(rawValue) }

  /// The cases' names, for a specification.
  public static var names: [String] { allCases.map { "\($0)" } }
}
