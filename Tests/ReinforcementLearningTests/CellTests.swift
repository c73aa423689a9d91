import Groundwork
import ReinforcementLearning
import Testing

@Suite struct CellTests {
  private var specification: Specification {
    Specification(
      fields: [
        Field("place", shape: [2], element: .float32), .signal("items", shape: [3], element: .uint8),
        .signal("depth", element: .int16),
      ],
      actions: .discrete(["stay"]), timeLimit: nil, rewards: 0...1, cell: ["items", "depth"], archiveCell: ["depth/4"])
  }

  @Test("a reader makes whole numbers of a row's fields, rounded down, and of what is not finite the nearest that fits")
  func reads() throws {
    let expression = try CellExpression(parsing: "place/0.5, items[1], depth/4", specification: specification)
    let layout = ObservationLayout(specification, signals: expression.fields.filter { $0 != "place" })
    let reader = CellReader(expression, layout: layout)
    #expect(reader.count == 4 && expression.count == 4 && expression.fields == ["place", "items", "depth"])
    var row = [UInt8](repeating: 0, count: layout.rowBytes)
    var key = [Int32](repeating: 0, count: 4)
    func read(_ x: Float, _ y: Float, items: UInt8, depth: Int16) -> [Int32] {
      row.withUnsafeMutableBytes { row in
        let place = layout.place("place")!.offset
        row.storeBytes(of: x, toByteOffset: place, as: Float.self)
        row.storeBytes(of: y, toByteOffset: place + 4, as: Float.self)
        row.storeBytes(of: items, toByteOffset: layout.place("items")!.offset + 1, as: UInt8.self)
        row.storeBytes(of: depth, toByteOffset: layout.place("depth")!.offset, as: Int16.self)
        reader.write(row.baseAddress!, to: &key)
      }
      return key
    }
    #expect(read(1.2, -0.1, items: 7, depth: -1) == [2, -1, 7, -1])
    #expect(read(.nan, .infinity, items: 0, depth: 8) == [.max, 2_147_483_646, 0, 2])
  }

  @Test("the archive's cell comes before the cell, and errors name the setting that the expression stands in")
  func declared() throws {
    #expect(try CellExpression(declaredBy: specification, id: "test").parts.map(\.text) == ["depth/4"])
    var bare = specification
    bare.archiveCell = []
    #expect(try CellExpression(declaredBy: bare, id: "test").parts.map(\.text) == ["items", "depth"])
    bare.cell = []
    let error = #expect(throws: UserError.self) {
      _ = try CellExpression(declaredBy: bare, id: "test", setting: "reward.count.of")
    }
    #expect(error?.fix == "Name its parts, for example --set reward.count.of=place")
    let wrong = #expect(throws: UserError.self) {
      _ = try CellExpression(parsing: "deptth", specification: bare, setting: "reward.count.of")
    }
    #expect(wrong?.reason == "reward.count.of, column 1: there is no field 'deptth'")
  }

  @Test(
    "keys keep the numbers in which they came through growth, hidden ones are never found, and nothing is forgotten")
  func table() {
    let table = KeyTable(width: 2)
    #expect(table.appendHidden() == 0)
    func key(_ number: Int) -> [Int32] { [Int32(number % 97), Int32(number) &* 7919] }
    for number in 1...5000 { #expect(table.insert(key(number)) == number) }
    for number in stride(from: 1, through: 5000, by: 13) {
      #expect(table.find(key(number)) == number && table.insert(key(number)) == number)
      #expect(table[number][0] == key(number)[0])
    }
    #expect(table.find([0, 0]) == -1 && table.count == 5001)
    table.removeAll()
    #expect(table.count == 0 && table.find(key(5)) == -1 && table.insert(key(5)) == 0)
  }
}
