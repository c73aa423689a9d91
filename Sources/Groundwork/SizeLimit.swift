/// How large things may become that settings ask for: what is larger is refused before any of it is made.
public enum SizeLimit {
  /// Parameters of one agent's networks. Their gradients, one a lane, take up to ten times as much: 2.7 GB.
  public static let parameters = 1 << 26
  /// Bytes of the observations of one collection.
  public static let collectionBytes = 4 << 30

  /// - Parameters:
  ///   - what: The thing that is counted, for example "the networks have".
  ///   - unit: What is counted, for example "parameters".
  /// - Throws: `UserError` when `count` is above `most`.
  public static func check(
    _ what: String, _ count: Int, _ unit: String, most: Int, fix: String
  ) throws(UserError) {
    guard count <= most else { throw UserError("\(what) \(count) \(unit); the most are \(most)", fix: fix) }
  }
}
