import Groundwork

/// The distinct cells of a categorical image in many rows, numbered, and each row as a list of those that differ from
/// the most frequent one at their place.
final class CellIndex {
  let cells: Int
  let channels: Int
  private let embedding: Embedding
  /// Possible cells, the product of the channels' categories: a cell's key is below it.
  private let keys: Int
  /// Rows of a table, beyond twice of which codes do not pay.
  private let tableRows: Int

  /// Of each cell the number of its first code, and of all codes, `[cells + 1]`.
  private(set) var firstCodes: [Int] = []
  var codeCount: Int { firstCodes.last ?? 0 }
  /// Of each code the table rows that it adds and those that the most frequent cell would, where they differ,
  /// `[codes, channels, 2]`; -2 ends.
  private(set) var pairs: [Int32] = []
  /// The table rows of the most frequent cells, `[cells, channels]`.
  private(set) var common: [Int32] = []
  /// The codes of each row, `[rows, cells]`; `end` ends. While they are made, the cells' keys.
  private var lists: [UInt16] = []
  private static let end = UInt16.max

  /// The most possible cells.
  static let mostKeys = 1 << 12
  /// The most codes of all cells.
  private static let mostCodes = Int(end)

  init(_ embedding: Embedding) {
    self.embedding = embedding
    let categories = embedding.description.categories
    cells = embedding.description.cells
    channels = categories.count
    keys = categories.reduce(1, *)
    tableRows = embedding.description.cells * categories.reduce(0, +)
  }

  /// Numbers the cells of the rows `0..<rows`; false where they are too many to pay.
  func index(_ input: InputRows, rows: Int, workers: Workers) -> Bool {
    let counts = countKeys(input, rows: rows, workers)
    guard let numbers = number(counts) else { return false }
    list(numbers, rows: rows, workers)
    return true
  }

  /// How often each key was seen in each cell, `[cells, keys]`; writes the keys into the lists.
  private func countKeys(_ input: InputRows, rows: Int, _ workers: Workers) -> [Int32] {
    let (cells, channels, keys) = (cells, channels, keys)
    if lists.count < rows * cells { lists = [UInt16](repeating: 0, count: rows * cells) }
    let categories = embedding.description.categories
    let parts = min(workers.count, 16)
    var counts = [Int32](repeating: 0, count: parts * cells * keys)
    var outside = [Int](repeating: 0, count: parts)
    lists.withUnsafeMutableBufferPointer { lists in
      counts.withUnsafeMutableBufferPointer { counts in
        outside.withUnsafeMutableBufferPointer { outside in
          nonisolated(unsafe) let (lists, counts, outside) = (
            lists.baseAddress!, counts.baseAddress!, outside.baseAddress!)
          nonisolated(unsafe) let input = input
          let offset = embedding.offset
          workers.perform(parts) { part in
            let own = counts + part * cells * keys
            var wrong = 0
            categories.withUnsafeBufferPointer { categories in
              for row in part * rows / parts..<(part + 1) * rows / parts {
                var bytes = (input[row] + offset).assumingMemoryBound(to: UInt8.self)
                let list = lists + row * cells
                for cell in 0..<cells {
                  var key = 0
                  for channel in 0..<channels {
                    let value = Int(bytes[channel])
                    if value >= categories[channel] { wrong += 1 }
                    key = key &* categories[channel] &+ min(value, categories[channel] &- 1)
                  }
                  bytes += channels
                  list[cell] = UInt16(truncatingIfNeeded: key)
                  own[cell * keys + key] += 1
                }
              }
            }
            outside[part] = wrong
          }
        }
      }
    }
    let wrong = outside.reduce(0, +)
    precondition(wrong == 0, "\(wrong) numbers of '\(embedding.name)' are outside its categories \(categories)")
    for part in 1..<max(1, parts) {
      for place in 0..<cells * keys { counts[place] += counts[part * cells * keys + place] }
    }
    return counts
  }

  /// Gives numbers to the keys that were seen, by cell and key; nil where they are too many.
  ///
  /// - Returns: `[cells, keys]`, -1 for a cell's most frequent key, the smallest of several.
  private func number(_ counts: [Int32]) -> [Int32]? {
    var numbers = [Int32](repeating: -1, count: cells * keys)
    var (first, common, codes) = ([0], [Int32](), [(cell: Int, key: Int)]())
    for cell in 0..<cells {
      let own = cell * keys..<(cell + 1) * keys
      let most = own.max { counts[$0] < counts[$1] || (counts[$0] == counts[$1] && $0 > $1) }! - own.lowerBound
      common += selected(cell, most)
      for key in 0..<keys where key != most && counts[own.lowerBound + key] > 0 {
        numbers[own.lowerBound + key] = Int32(codes.count)
        codes.append((cell, key))
      }
      first.append(codes.count)
    }
    guard codes.count <= 2 * tableRows, codes.count < CellIndex.mostCodes else { return nil }
    (firstCodes, self.common) = (first, common)
    pairs = [Int32](repeating: -2, count: max(1, codes.count * channels * 2))
    for (code, (cell, key)) in codes.enumerated() {
      var next = code * channels * 2
      for (added, left) in zip(selected(cell, key), common[cell * channels..<(cell + 1) * channels])
      where added != left {
        (pairs[next], pairs[next + 1]) = (added, left)
        next += 2
      }
    }
    return numbers
  }

  /// The table rows that a cell with that key adds, one a channel.
  private func selected(_ cell: Int, _ key: Int) -> [Int32] {
    var rest = key
    var rows = [Int32](repeating: 0, count: channels)
    for channel in (0..<channels).reversed() {
      let categories = embedding.description.categories[channel]
      rows[channel] = embedding.base[cell * channels + channel] + Int32(rest % categories)
      rest /= categories
    }
    return rows
  }

  /// Turns the rows' keys into lists of codes.
  private func list(_ numbers: [Int32], rows: Int, _ workers: Workers) {
    let (cells, keys) = (cells, keys)
    lists.withUnsafeMutableBufferPointer { lists in
      numbers.withUnsafeBufferPointer { numbers in
        nonisolated(unsafe) let (lists, numbers) = (lists.baseAddress!, numbers.baseAddress!)
        let parts = min(workers.count, 16)
        workers.perform(parts) { part in
          for row in part * rows / parts..<(part + 1) * rows / parts {
            let list = lists + row * cells
            var count = 0
            for cell in 0..<cells {
              let number = numbers[cell * keys + Int(list[cell])]
              guard number >= 0 else { continue }
              // Never ahead of the key that is read next.
              list[count] = UInt16(truncatingIfNeeded: number)
              count += 1
            }
            if count < cells { list[count] = CellIndex.end }
          }
        }
      }
    }
  }

  /// Copies the lists of a batch's rows, `[rows, cells]`; -2 ends.
  func copyLists(of input: InputRows, rows: Int, into target: UnsafeMutablePointer<Int32>) {
    lists.withUnsafeBufferPointer { lists in
      for row in 0..<rows {
        let list = lists.baseAddress! + input.number(of: row) * cells
        let own = target + row * cells
        var cell = 0
        while cell < cells && list[cell] != CellIndex.end {
          own[cell] = Int32(list[cell])
          cell += 1
        }
        if cell < cells { own[cell] = -2 }
      }
    }
  }
}
