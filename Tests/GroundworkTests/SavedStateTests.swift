import Groundwork
import Testing

@Suite("Saved state") struct SavedStateTests {
  /// One of everything.
  static var state: SavedState {
    var state = SavedState()
    state.set("weights", [Float(1.5), -2, .infinity, 0, -0.0, .leastNonzeroMagnitude], shape: [2, 3])
    state.set("bytes", [UInt8](0...255))
    state.set("counts", [Int64.min, 0, .max])
    state.set("words", [UInt64.max, 1])
    state.set("small", [Int16.min, -1])
    state.set("medium", [Int32.max])
    state.set("precise", [0.1, Double.pi])
    state.set("empty", [Float](), shape: [0, 4])
    state.set("nothing", [UInt8]())
    state.set("step", scalar: Int64(1 << 40))
    state.texts = ["note": "a \"b\"\nc", "configuration": "{}"]
    return state
  }

  @Test("a file gives back every array and text, in the order in which they were added")
  func roundTrip() throws {
    let state = SavedStateTests.state
    let read = try SavedState(safetensors: state.safetensors(), name: "a.safetensors")
    #expect(read == state)
    #expect(read.names == state.names)
    #expect(try read.get("weights", as: Float.self).map(\.bitPattern) == [
      Float(1.5), -2, .infinity, 0, -0.0, .leastNonzeroMagnitude,
    ].map(\.bitPattern))
    #expect(try read.scalar("step", as: Int64.self) == 1 << 40)
    #expect(read.entries["step"]?.shape == [] && read.entries["empty"]?.shape == [0, 4])
    #expect(try SavedState(safetensors: SavedState().safetensors(), name: "x") == SavedState())
  }

  @Test("the bytes are those of the format's description")
  func bytes() {
    var state = SavedState()
    state.set("w", [Float(1), -2])
    let header = #"{"w":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(
      state.safetensors() == [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8)
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test("a file cut off at any length is refused in one line, and so is one with a byte too many")
  func truncated() {
    let bytes = SavedStateTests.state.safetensors()
    for length in 0..<bytes.count {
      let message = line { _ = try SavedState(safetensors: Array(bytes[..<length]), name: "a") }
      #expect(
        message == "'a' is not a whole safetensors file (\(length) bytes). It may be cut off; use another checkpoint")
    }
    #expect(line { _ = try SavedState(safetensors: bytes + [0], name: "a") }.contains("not a whole"))
  }

  @Test(
    "a header that lies about its bytes is refused",
    arguments: [
      #"{"w":{"data_offsets":[0,4],"dtype":"F32","shape":[2]}}"#,
      #"{"w":{"data_offsets":[0,9],"dtype":"F32","shape":[2]}}"#,
      #"{"w":{"data_offsets":[4,8],"dtype":"F32","shape":[1]}}"#,
      #"{"w":{"data_offsets":[8,0],"dtype":"F32","shape":[2]}}"#,
      #"{"w":{"data_offsets":[-8,0],"dtype":"F32","shape":[2]}}"#,
      #"{"w":{"data_offsets":[0,8],"dtype":"F32","shape":[-2]}}"#,
      #"{"w":{"data_offsets":[0,8],"dtype":"F32","shape":[2,"x"]}}"#,
      #"{"w":{"data_offsets":[0,8,"x"],"dtype":"F32","shape":[2]}}"#,
      #"{"w":{"data_offsets":[0,8],"dtype":"F32","shape":[9223372036854775807,9223372036854775807]}}"#,
      #"{"w":{"data_offsets":[0,8],"shape":[2]}}"#,
      #"{"a":{"data_offsets":[0,8],"dtype":"F32","shape":[2]},"b":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}"#,
      #"["w"]"#, #"{"w":1}"#, "not json",
    ])
  func lies(header: String) {
    let bytes = [UInt8(truncatingIfNeeded: header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: 8)
    let message = line { _ = try SavedState(safetensors: bytes, name: "a") }
    #expect(message.hasPrefix("'a' is not a whole safetensors file"))
  }

  @Test("an element type that no checkpoint uses is named")
  func elementType() {
    let header = #"{"w":{"data_offsets":[0,2],"dtype":"BF16","shape":[1]}}"#
    let bytes = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [0, 0]
    #expect(
      line { _ = try SavedState(safetensors: bytes, name: "a") }
        == "'w' in 'a' has the element type BF16, which is not supported")
  }

  @Test("an array that is missing, of another type or of another size is named")
  func mismatches() {
    let state = SavedStateTests.state
    #expect(
      line { _ = try state.get("bias", as: Float.self) }
        == "the checkpoint has no 'bias'. It was written by another configuration or version")
    #expect(line { _ = try state.get("weights", as: Double.self) } == "'weights' in the checkpoint is F32, not F64")
    #expect(
      line { _ = try state.get("weights", as: Float.self, count: 8) }
        == """
        'weights' in the checkpoint has shape [2, 3] = 6 elements where 8 are expected. Use the configuration \
        that wrote it
        """
    )
  }

  @Test("a state under a prefix comes back as it went in")
  func prefixes() throws {
    var outer = SavedState()
    outer.set("actors", [UInt8(1)])
    outer.set(prefix: "actor", SavedStateTests.state)
    #expect(outer.get(prefix: "actor") == SavedStateTests.state)
    #expect(outer.get(prefix: "act") == SavedState())
    outer.set("actors", [UInt8(2), 3])
    #expect(outer.names.first == "actors" && outer.names.count == SavedStateTests.state.names.count + 1)
    #expect(try outer.get("actors", as: UInt8.self) == [2, 3])
  }

  @Test("a file is written and read by path")
  func files() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/checkpoint.safetensors"
      try SavedStateTests.state.write(to: path)
      #expect(try SavedState(reading: path) == SavedStateTests.state)
      #expect(Files.list(directory) == ["checkpoint.safetensors"])
    }
  }
}
