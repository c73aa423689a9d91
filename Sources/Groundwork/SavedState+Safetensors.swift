/// The safetensors format: a little-endian u64 header length, a JSON header
/// `{name: {dtype, shape, data_offsets}}` with texts under `__metadata__`, then the raw arrays without gaps.
///
/// Source: the safetensors format description (github.com/huggingface/safetensors).
extension SavedState {
  /// The bytes of the file.
  ///
  /// Arrays stand in the order in which they were added; equal states give equal bytes.
  ///
  /// - Complexity: O(bytes); the whole file is held in memory once more.
  public func safetensors() -> [UInt8] {
    var header: [String: JSON] = [:]
    var offset = 0
    for name in names {
      let entry = entries[name]!
      header[name] = [
        "dtype": .string(entry.type.rawValue), "shape": .array(entry.shape.map { .integer($0) }),
        "data_offsets": [.integer(offset), .integer(offset + entry.bytes.count)],
      ]
      offset += entry.bytes.count
    }
    if !texts.isEmpty { header["__metadata__"] = .object(texts.mapValues { .string($0) }) }
    var text = Array(JSON.object(header).text().utf8)
    // Padded with spaces so that the arrays start on a multiple of eight bytes, as the format advises.
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + offset)
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: text.count >> shift)) }
    bytes += text
    for name in names { bytes += entries[name]!.bytes }
    return bytes
  }

  /// Reads a safetensors file.
  ///
  /// - Throws: `UserError` when it is cut off, its header does not describe its bytes, or it has an element
  ///   type that no checkpoint of ours uses.
  public init(safetensors bytes: [UInt8], name file: String) throws(UserError) {
    self.init()
    let damaged = UserError(
      "'\(file)' is not a whole safetensors file (\(bytes.count) bytes)",
      fix: "It may be cut off; use another checkpoint")
    guard bytes.count >= 8 else { throw damaged }
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(bytes[index]) << (8 * UInt64(index)) }
    guard length <= UInt64(bytes.count - 8) else { throw damaged }
    let start = 8 + Int(length)
    guard let header = try? JSON(parsing: bytes[8..<start], name: file), let members = header.object else {
      throw damaged
    }
    var found: [(begin: Int, end: Int, name: String, entry: JSON, type: ElementType, shape: [Int])] = []
    for (name, entry) in members where name != "__metadata__" {
      guard let dtype = entry["dtype"]?.string, let shape = SavedState.integers(entry["shape"]),
        let offsets = SavedState.integers(entry["data_offsets"]), offsets.count == 2
      else { throw damaged }
      guard let type = ElementType(rawValue: dtype) else {
        throw UserError("'\(name)' in '\(file)' has the element type \(dtype), which is not supported")
      }
      guard shape.allSatisfy({ $0 >= 0 && $0 <= bytes.count }),
        offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= bytes.count - start,
        shape.reduce(Double(type.size), { $0 * Double($1) }) == Double(offsets[1] - offsets[0])
      else { throw damaged }
      found.append((offsets[0], offsets[1], name, entry, type, shape))
    }
    // The order of the arrays in the file, which is that in which they were added.
    found.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    var end = 0
    for item in found {
      guard item.begin == end else { throw damaged }
      end = item.end
      set(
        item.name,
        Entry(type: item.type, shape: item.shape, bytes: Array(bytes[(start + item.begin)..<(start + item.end)])))
    }
    guard start + end == bytes.count else { throw damaged }
    for (name, text) in members["__metadata__"]?.object ?? [:] { texts[name] = text.string ?? "" }
  }

  /// The elements of a list that holds integers and nothing else.
  private static func integers(_ list: JSON?) -> [Int]? {
    guard let elements = list?.array else { return nil }
    let values = elements.compactMap(\.integer)
    return values.count == elements.count ? values : nil
  }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `UserError` as `Files.writeAtomically` does.
  public func write(to path: String) throws(UserError) {
    try Files.writeAtomically(safetensors(), to: path)
  }

  /// Reads a file that `write` or anybody else wrote.
  ///
  /// - Throws: `UserError` when there is no such file or it is no whole safetensors file.
  public init(reading path: String) throws(UserError) {
    try self.init(safetensors: try Files.read(path, as: .state), name: path)
  }
}
