/// TensorBoard's events as bytes: the few protocol-buffer messages that scalars and texts need.
///
/// The messages and their field numbers (tensorflow/core/util/event.proto and framework/summary.proto):
/// `Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5;
/// SessionLog session_log = 7 }`, `Summary { repeated Value value = 1 }`,
/// `Value { string tag = 1; float simple_value = 2; TensorProto tensor = 8; SummaryMetadata metadata = 9 }`.
enum EventEncoding {
  /// The first record of a file.
  static func fileVersion(wallTime: Double) -> [UInt8] {
    event(wallTime: wallTime, step: 0) { $0.field(3, Array("brain.Event:2".utf8)) }
  }

  /// Numbers at a step. The format holds 32-bit floats.
  static func scalars(_ values: [(tag: String, value: Double)], step: Int, wallTime: Double) -> [UInt8] {
    event(wallTime: wallTime, step: step) { event in
      event.message(5) { summary in
        for (tag, value) in values {
          summary.message(1) { entry in
            entry.field(1, Array(tag.utf8))
            entry.field(2, float: Float(value))
          }
        }
      }
    }
  }

  /// A text, which TensorBoard shows as markdown: a string tensor for the plug-in "text".
  static func text(_ text: String, tag: String, step: Int, wallTime: Double) -> [UInt8] {
    event(wallTime: wallTime, step: step) { event in
      event.message(5) { summary in
        summary.message(1) { entry in
          entry.field(1, Array(tag.utf8))
          entry.message(8) { tensor in
            tensor.field(1, varint: 7)  // dtype = DT_STRING
            tensor.message(2) { shape in shape.message(2) { $0.field(1, varint: 1) } }  // shape [1]
            tensor.field(8, Array(text.utf8))  // string_val
          }
          entry.message(9) { metadata in
            metadata.message(1) { $0.field(1, Array("text".utf8)) }  // plugin_data.plugin_name
          }
        }
      }
    }
  }

  /// Tells readers to forget what earlier files say of this step and later ones: a run was resumed here.
  static func restart(step: Int, wallTime: Double) -> [UInt8] {
    event(wallTime: wallTime, step: step) { event in
      event.message(7) { $0.field(1, varint: 1) }  // session_log.status = START
    }
  }

  /// A record: the payload's length and the payload, each followed by its masked checksum.
  static func record(_ payload: [UInt8]) -> [UInt8] {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
    return length + littleEndian(Checksum.maskedCRC32C(length)) + payload
      + littleEndian(Checksum.maskedCRC32C(payload))
  }

  private static func event(wallTime: Double, step: Int, content: (inout ProtocolBuffer) -> Void) -> [UInt8] {
    var event = ProtocolBuffer()
    event.field(1, double: wallTime)
    if step != 0 { event.field(2, varint: UInt64(bitPattern: Int64(step))) }
    content(&event)
    return event.bytes
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// A protocol-buffer message in the making. Not a general encoder: only the wire types that events use.
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  mutating func field(_ number: UInt64, varint value: UInt64) {
    append(varint: number << 3)
    append(varint: value)
  }

  mutating func field(_ number: UInt64, double value: Double) {
    append(varint: number << 3 | 1)
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
  }

  mutating func field(_ number: UInt64, _ value: [UInt8]) {
    append(varint: number << 3 | 2)
    append(varint: UInt64(value.count))
    bytes += value
  }

  mutating func field(_ number: UInt64, float value: Float) {
    append(varint: number << 3 | 5)
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
  }

  mutating func message(_ number: UInt64, content: (inout ProtocolBuffer) -> Void) {
    var message = ProtocolBuffer()
    content(&message)
    field(number, message.bytes)
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
