import Groundwork
import Testing

@Suite("JSON") struct JSONTests {
  @Test("a document comes back as it was, keys sorted")
  func roundTrip() throws {
    let document: JSON = [
      "name": "a \"quoted\" /path/ é\n", "count": 3, "rate": 0.1, "on": true, "none": .null,
      "list": [1, 2.5, "x", [], [:]], "largest": .integer(.max), "smallest": .integer(.min),
    ]
    #expect(try JSON(parsing: document.text(), name: "it") == document)
    #expect(try JSON(parsing: document.text(pretty: true), name: "it") == document)
    #expect((["b": 1, "a": [2, "/"]] as JSON).text() == #"{"a":[2,"/"],"b":1}"#)
  }

  @Test("integers are not fractions, and truth values are not numbers")
  func kinds() throws {
    let list = try JSON(parsing: "[1, 1.5, true, null, \"1\"]", name: "it").array ?? []
    #expect(list == [.integer(1), .number(1.5), .bool(true), .null, .string("1")])
    #expect(list.map(\.integer) == [1, nil, nil, nil, nil])
    #expect(list.map(\.double) == [1, 1.5, nil, nil, nil])
  }

  @Test(
    "a number has one text, also where it is whole without being written so",
    arguments: [
      "9223372036854775807.5", "123456789012345678.0000001", "100000000000000000000000.1e-6",
      "-123456789012345678901.1e-3", "1e17", "1e30", "-0.0", "0.1",
    ])
  func wholeNumbers(_ source: String) throws {
    let text = try JSON(parsing: Array(source.utf8), name: "a number").text()
    #expect(try JSON(parsing: Array(text.utf8), name: "it again").text() == text)
  }

  @Test("a number that a program made is read back with the same text", arguments: [1e17, -1e18, 1.5e19, 1e300, -0.0])
  func wholeDoubles(_ value: Double) throws {
    let text = JSON.number(value).text()
    let again = try JSON(parsing: Array(text.utf8), name: "a number")
    #expect(again.text() == text && again.double == value)
  }

  @Test("a seed above 2^63 keeps every bit")
  func unsigned() throws {
    let list = try JSON(parsing: "[18446744073709551615, 9223372036854775808, 7, -7]", name: "it").array ?? []
    #expect(list.map(\.unsigned) == [.max, 1 << 63, 7, nil])
    #expect(list.map(\.integer) == [nil, nil, 7, -7])
    #expect(list[1].double == 0x1p63)
    #expect(JSON.array(list).text() == "[18446744073709551615,9223372036854775808,7,-7]")
  }

  struct Configuration: Codable, Equatable {
    var seed: UInt64
    var rate: Double
    var limit: Double
    var name: String?
  }

  @Test("a Codable value comes back exactly, seeds above 2^63 and infinite numbers included")
  func codable() throws {
    for seed in [0, 1 << 63, UInt64.max, UInt64.max - 1] {
      let value = Configuration(seed: seed, rate: 0.1 + 0.2, limit: .infinity, name: nil)
      let json = JSON(encoding: value)
      #expect(try json.decoded(name: "it") == value)
      let read = try JSON(parsing: json.text(pretty: true), name: "it")
      #expect(read == json)
      #expect(try read.decoded(name: "it") == value)
    }
    let odd = try JSON(encoding: Configuration(seed: 1, rate: .nan, limit: -.infinity, name: "x"))
      .decoded(as: Configuration.self, name: "it")
    #expect(odd.rate.isNaN && odd.limit == -.infinity && odd.name == "x")
  }

  @Test("what is missing or of another type is named in one line")
  func decodingErrors() {
    func message(_ json: JSON) -> String {
      line { _ = try json.decoded(as: [String: Configuration].self, name: "'run.json'") }
    }
    #expect(message(["a": ["rate": 1, "limit": 2]]) == "'run.json': 'a.seed' is missing")
    #expect(message(["a": ["seed": "x", "rate": 1, "limit": 2]]) == "'run.json': 'a.seed' must be of type UInt64")
    #expect(
      message(["a": ["seed": -1, "rate": 1, "limit": 2]]).hasPrefix("'run.json': it has a number that does not fit"))
    #expect(!message(["a": ["seed": 1.5, "rate": 1, "limit": 2]]).contains("\n"))
  }

  @Test("a document cut off anywhere is refused in one line")
  func truncated() throws {
    let text = Array((["a": [1, 2, ["b": "c"]], "d": true] as JSON).text().utf8)
    for length in 0..<text.count {
      let message = line { _ = try JSON(parsing: text[..<length], name: "'run.json'") }
      #expect(message == "'run.json' is not valid JSON. It may be cut off; restore it or remove it")
    }
  }

  @Test("a document nested a million deep is refused, not a crash")
  func nested() {
    #expect(line { _ = try JSON(parsing: String(repeating: "[", count: 1_000_000), name: "it") } != "")
  }

  @Test("members are read and set by name")
  func members() {
    var document: JSON = ["a": ["b": 1]]
    document["c"] = "x"
    #expect(document["a"]?["b"]?.integer == 1 && document["c"]?.string == "x" && document["d"] == nil)
    #expect((1 as JSON)["a"] == nil)
    document["a"] = nil
    #expect(document == ["c": "x"])
  }
}
