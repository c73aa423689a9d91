public import Groundwork

/// An environment whose states are large and can be kept as far fewer bytes: what an archive of thousands of states,
/// and a file of them, is made of.
///
/// Not a way of saving a run: batches are saved as the actions of their episodes.
public protocol Packable: Environment {
  /// The present state as bytes, from which an environment of the same configuration goes on, in this process or in
  /// another. States that go on alike need not give the same bytes.
  func packedState() -> [UInt8]

  /// Goes on from a state that was packed.
  ///
  /// - Throws: `UserError` when the bytes are no state of an environment of this configuration; nothing is changed
  ///   then.
  mutating func restore(packedState bytes: [UInt8]) throws(UserError)
}
