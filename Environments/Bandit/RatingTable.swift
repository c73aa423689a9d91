import Groundwork
import RealModule
import ReinforcementLearning

/// Ratings of items by users, from a file, and their factors.
struct RatingTable {
  private struct Rating {
    var user: Int
    var item: Int
    var value: Float
  }

  private var ratings: [Rating] = []
  private var users: [String] = []
  private var items: [String] = []
  private let path: String

  /// - Throws: `UserError` with the row, for a file that cannot be read, is empty or has a rating that is no number.
  init(reading path: String) throws(UserError) {
    self.path = path
    let table = try LogTable(reading: path)
    // MovieLens's own names, or plain ones.
    let kinds = [("user", "item"), ("userId", "movieId")]
    guard
      let (user, item) = kinds.first(where: { table.columns.isSuperset(of: [$0.0, $0.1, "rating"]) })
    else {
      throw UserError(
        "'\(path)' lacks a header with user, item and rating",
        fix: "Begin it with user,item,rating or MovieLens's userId,movieId,rating")
    }
    let rows = try table.rows { row throws(UserError) in
      (user: try row.name(user), item: try row.name(item), rating: try row.floats(["rating"])[0])
    }
    var userNumbers: [String: Int] = [:]
    var itemNumbers: [String: Int] = [:]
    func number(_ name: String, _ numbers: inout [String: Int], _ list: inout [String]) -> Int {
      if let known = numbers[name] { return known }
      numbers[name] = list.count
      list.append(name)
      return list.count - 1
    }
    for row in rows {
      ratings.append(
        Rating(
          user: number(row.user, &userNumbers, &users), item: number(row.item, &itemNumbers, &items),
          value: row.rating))
    }
  }

  /// Rows of users and of the items with the most ratings, whose products are nearest to the ratings less their mean:
  /// alternating least squares with a ridge of 0.1, twenty rounds.
  ///
  /// - Throws: `UserError` when there are fewer items than arms.
  func factorised(
    items count: Int, dimension: Int
  ) throws(UserError) -> (users: [Float], items: [Float], names: [String]) {
    guard items.count >= count else {
      throw UserError(
        "'\(path)' has ratings of \(items.count) items, which do not fit \(count) arms",
        fix: "Use fewer (--set environment.arms=\(max(2, items.count)))")
    }
    var sizes = [Int](repeating: 0, count: items.count)
    for rating in ratings { sizes[rating.item] += 1 }
    let chosen = items.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }.prefix(count)
    var place = [Int](repeating: -1, count: items.count)
    for (number, item) in chosen.enumerated() { place[item] = number }
    let kept = ratings.filter { place[$0.item] >= 0 }
    let mean = kept.reduce(0.0) { $0 + Double($1.value) } / Double(max(1, kept.count))
    var random = RandomSource(seed: 1)
    var userRows = (0..<users.count * dimension).map { _ in random.normal() }
    var itemRows = (0..<count * dimension).map { _ in random.normal() }
    let byUser = Dictionary(grouping: kept, by: \.user)
    let byItem = Dictionary(grouping: kept) { place[$0.item] }
    for _ in 0..<20 {
      for user in users.indices {
        RatingTable.solve(
          (byUser[user] ?? []).map { (place[$0.item], Double($0.value) - mean) }, itemRows, dimension, into: &userRows,
          user)
      }
      for item in 0..<count {
        RatingTable.solve(
          (byItem[item] ?? []).map { ($0.user, Double($0.value) - mean) }, userRows, dimension, into: &itemRows, item)
      }
    }
    return (userRows.map { Float($0) }, itemRows.map { Float($0) }, chosen.map { items[$0] })
  }

  /// The ridge solution of one row by Gauss and Jordan.
  private static func solve(
    _ samples: [(other: Int, value: Double)], _ rows: [Double], _ d: Int, into target: inout [Double], _ place: Int
  ) {
    var matrix = [[Double]](repeating: Array(repeating: 0, count: d + 1), count: d)
    for i in 0..<d { matrix[i][i] = 0.1 }
    for sample in samples {
      for i in 0..<d {
        let x = rows[sample.other * d + i]
        for j in 0..<d { matrix[i][j] += x * rows[sample.other * d + j] }
        matrix[i][d] += x * sample.value
      }
    }
    for pivot in 0..<d {
      for other in 0..<d where other != pivot {
        let factor = matrix[other][pivot] / matrix[pivot][pivot]
        for column in pivot...d { matrix[other][column] -= factor * matrix[pivot][column] }
      }
    }
    for i in 0..<d { target[place * d + i] = matrix[i][d] / matrix[i][i] }
  }
}
