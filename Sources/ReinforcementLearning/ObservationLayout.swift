/// Where the wanted fields of an environment lie in a row of bytes.
///
/// The policy's fields come first, then the signals that somebody asked for; each starts on a multiple of its
/// element's size, the row itself on a multiple of 8. At least four bytes after the last field belong to no field,
/// so that an environment may write in words. A signal that nobody asked for is not computed.
public struct ObservationLayout: Sendable, Hashable {
  /// One field's place.
  public struct Place: Sendable, Hashable {
    /// The field as the specification declares it.
    public var field: Field
    /// The field's number in the specification.
    public var index: Int
    /// Bytes from the start of the row.
    public var offset: Int

    /// Each observation of a stacked field, oldest first; the place itself where there is one.
    public var singles: [Place] {
      let single = field.single
      return (0..<field.frames).map {
        Place(field: single, index: index, offset: offset + $0 * single.count * single.element.size)
      }
    }
  }

  /// Where a field's bytes lie in a row, as an environment that writes them looks it up.
  public struct Bytes: Sendable, Hashable {
    /// From the start of the row; -1 where the field is not wanted.
    public var offset: Int32
    /// Of the field: elements x bytes of an element, wanted or not.
    public var count: Int32
  }

  /// The fields of the row in order of their offsets: the policy's, then signals, each in order of declaration.
  public let places: [Place]
  /// By field number.
  public let bytes: [Bytes]
  /// Byte offset by field number; -1 where the field is not wanted.
  public let offsets: [Int32]
  /// Bytes of the policy's fields, which start the row.
  public let policyBytes: Int
  /// Bytes of all fields, without what belongs to none.
  public let fieldBytes: Int
  /// Bytes of a whole row.
  public let rowBytes: Int

  /// - Parameter signals: Names of the signals to write; those that the environment lacks are a programmer's error.
  public init(_ specification: Specification, signals: [String] = []) {
    self.init(specification, names: signals, includesPolicy: true)
  }

  /// - Parameter names: The fields to write, of the policy or not, and no others: a picture that nobody looks at is not
  ///   drawn.
  public init(_ specification: Specification, fields names: [String]) {
    self.init(specification, names: names, includesPolicy: false)
  }

  private init(_ specification: Specification, names: [String], includesPolicy: Bool) {
    for name in names {
      precondition(specification.field(name) != nil, "the environment has no field '\(name)'")
    }
    var places: [Place] = []
    var offsets = [Int32](repeating: -1, count: specification.fields.count)
    var end = 0
    var policyEnd = 0
    for role in [Field.Role.policy, .signal] {
      for (index, field) in specification.fields.enumerated() where field.role == role {
        guard includesPolicy && role == .policy || names.contains(field.name) else { continue }
        let size = field.element.size
        end = (end + size - 1) / size * size
        places.append(Place(field: field, index: index, offset: end))
        offsets[index] = Int32(end)
        end += field.count * size
      }
      if role == .policy { policyEnd = end }
    }
    self.places = places
    self.offsets = offsets
    bytes = zip(offsets, specification.fields).map { Bytes(offset: $0, count: Int32($1.count * $1.element.size)) }
    policyBytes = policyEnd
    fieldBytes = end
    rowBytes = (end + 4 + 7) / 8 * 8
  }

  /// The place of the field of that name, of a stacked one that of the present observation; nil when it is not in the
  /// row.
  public func place(_ name: String) -> Place? { places.first { $0.field.name == name }?.singles.last }
}
