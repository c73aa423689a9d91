import Groundwork

/// What an environment can do beside being stepped, resolved once for a store of slots or snapshots: a conditional cast
/// costs some hundred nanoseconds, a call through one of these functions a few.
///
/// Each is nil where the environment does not conform to the protocol. The pointer is to an environment of the type
/// that the capabilities were resolved for; nothing is copied.
struct Capabilities<E: Environment>: Sendable {
  typealias Place = UnsafeMutablePointer<E>

  private(set) var sketch: (@Sendable (Place) -> Sketch)?
  private(set) var place: (@Sendable (Place) -> Sketch.Area?)?
  private(set) var digest: (@Sendable (Place) -> UInt64)?
  private(set) var adopt: (@Sendable (Place) -> Bool)?
  /// The state as bytes, and the way back.
  private(set) var pack: (@Sendable (Place) -> [UInt8])?
  private(set) var unpack: (@Sendable (Place, [UInt8]) throws(UserError) -> Void)?
  /// Writes an expert's action to the buffer's element of that number.
  private(set) var expert: (@Sendable (Place, ActionBuffer, Int) -> Void)?

  /// - Parameter plan: What `adopt` goes on under.
  init(_ type: E.Type, plan: E.Plan) {
    if let type = type as? any Drawable.Type { sketch = Self.sketch(type) }
    if let type = type as? any Mapped.Type { place = Self.place(type) }
    if let type = type as? any Searchable.Type {
      digest = Self.digest(type)
      adopt = Self.adopt(type, plan)
    }
    if let type = type as? any Packable.Type {
      pack = Self.pack(type)
      unpack = Self.unpack(type)
    }
    if let type = type as? any Scripted.Type { expert = Self.expert(type) }
  }

  private static func sketch<D: Drawable>(_ type: D.Type) -> @Sendable (Place) -> Sketch {
    { cast($0, to: D.self).pointee.sketch() }
  }

  private static func place<M: Mapped>(_ type: M.Type) -> @Sendable (Place) -> Sketch.Area? {
    { cast($0, to: M.self).pointee.placeOnSketch() }
  }

  private static func digest<S: Searchable>(_ type: S.Type) -> @Sendable (Place) -> UInt64 {
    { cast($0, to: S.self).pointee.digest() }
  }

  private static func adopt<S: Searchable>(_ type: S.Type, _ plan: E.Plan) -> @Sendable (Place) -> Bool {
    guard let plan = plan as? S.Plan else { preconditionFailure("one type has two plans") }
    return { cast($0, to: S.self).pointee.adopt(plan) }
  }

  private static func pack<P: Packable>(_ type: P.Type) -> @Sendable (Place) -> [UInt8] {
    { cast($0, to: P.self).pointee.packedState() }
  }

  private static func unpack<P: Packable>(
    _ type: P.Type
  ) -> @Sendable (Place, [UInt8]) throws(UserError) -> Void {
    { (place, bytes) throws(UserError) in try cast(place, to: P.self).pointee.restore(packedState: bytes) }
  }

  private static func expert<S: Scripted>(_ type: S.Type) -> @Sendable (Place, ActionBuffer, Int) -> Void {
    { cast($0, to: S.self).pointee.expertAction().write(to: $1, at: $2) }
  }

  /// The same pointer: both types are one, which only the run time knows.
  private static func cast<Same>(_ place: Place, to type: Same.Type) -> UnsafeMutablePointer<Same> {
    UnsafeMutableRawPointer(place).assumingMemoryBound(to: Same.self)
  }
}
