/// Something that a user or a file caused: what was found, why it cannot be used, and how to mend it.
///
/// A `UserError` is printed as one line. What only a programmer can cause is a `precondition` instead.
public struct UserError: Error, Hashable, CustomStringConvertible {
  /// The value that was found and why it cannot be used.
  public var reason: String
  /// Where more of it lies, for example a state that was saved; empty for nowhere. Part of the line, and not of the
  /// reason: it says something of this machine and of its files alone.
  public var place = ""
  /// What to type or change; empty where nothing can be advised.
  public var fix: String
  /// What brought it about, for whoever tries many rewards or settings and goes on with the next.
  public var cause = Cause.other

  /// Whose doing an error is.
  public enum Cause: Hashable, Sendable {
    /// A file's, the machine's, or that of what a person typed.
    case other
    /// A training's that has diverged: of its reward and its settings.
    case divergence
    /// A reward's that paid what is no finite number.
    case payment
  }

  /// - Parameters:
  ///   - reason: What was found and why it cannot be used, as a clause without a full stop.
  ///   - fix: A sentence without a full stop that says what to type or change.
  public init(_ reason: String, fix: String = "") {
    self.reason = reason
    self.fix = fix
  }

  /// One line: the reason and the place, then the fix.
  public var description: String {
    fix.isEmpty ? placedReason : "\(placedReason). \(fix)"
  }

  /// The reason, with the place in brackets where there is one.
  public var placedReason: String { place.isEmpty ? reason : "\(reason) (\(place))" }
}

extension UserError {
  /// A training that has diverged.
  public static func diverged(_ reason: String, fix: String) -> UserError {
    var error = UserError(reason, fix: fix)
    error.cause = .divergence
    return error
  }

  /// An unknown name, with the nearest of the names that exist.
  ///
  /// - Parameters:
  ///   - kind: What was looked up, for example "environment".
  ///   - name: What the user wrote.
  ///   - candidates: The names that exist.
  ///   - hint: What lists them, for example "`forage list environments` shows all".
  public static func unknown(
    _ kind: String, _ name: String, among candidates: [String], hint: String = ""
  ) -> UserError {
    let near = nearest(to: name, among: candidates)
    var fix = near.isEmpty ? "" : "Did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?"
    if !hint.isEmpty { fix += (fix.isEmpty ? "" : " ") + hint }
    return UserError("there is no \(kind) '\(name)'", fix: fix)
  }

  /// The candidates within a third of the name's length in edits, nearest first, at most two.
  ///
  /// Upper and lower case do not matter; a second one is given only when it is at most one edit farther.
  public static func nearest(to name: String, among candidates: [String]) -> [String] {
    let wanted = Array(name.lowercased().utf8)
    // Of three letters two wrong ones are another word.
    let limit = wanted.count < 4 ? 1 : max(2, wanted.count / 3)
    let scored = candidates.enumerated().compactMap { order, candidate -> (Int, Int, String)? in
      let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
      return distance <= limit ? (distance, order, candidate) : nil
    }
    let sorted = scored.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    guard let best = sorted.first?.0 else { return [] }
    return sorted.prefix(2).filter { $0.0 <= best + 1 }.map(\.2)
  }

  /// Levenshtein's distance with transpositions of neighbours counted as one edit.
  ///
  /// - Complexity: O(a b); names are short.
  static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
