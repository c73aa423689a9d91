/// What arms are called where there is little room: their names without what all begin and end with alike. Two that
/// would then be called the same have their numbers before it.
public struct ArmLabels: Sendable {
  private let names: [String]
  private let labels: [String: String]

  /// - Parameter names: All arms' names.
  public init(_ names: [String]) {
    var labels: [String: String] = [:]
    let start = ArmLabels.commonStart(names)
    let end = ArmLabels.commonEnd(names.map { String($0.dropFirst(start)) })
    for name in names {
      let rest = String(name.dropFirst(start).dropLast(end))
      labels[name] = rest.isEmpty ? name : rest
    }
    self.labels = labels
    self.names = names
  }

  /// The label of an arm, at most so many characters; of a longer one the middle is left out, and of a model with
  /// settings in parentheses its name, since those are what such arms differ in.
  public func label(_ name: String, limit: Int) -> String {
    let own = shortened(labels[name] ?? name, to: limit)
    guard let place = names.firstIndex(of: name),
      names.contains(where: { $0 != name && shortened(labels[$0] ?? $0, to: limit) == own })
    else { return own }
    let number = "(\(place + 1)) "
    return number + shortened(labels[name] ?? name, to: max(1, limit - number.count))
  }

  private func shortened(_ label: String, to limit: Int) -> String {
    guard label.count > limit, label.hasSuffix(")"), let open = label.firstIndex(of: "("), limit > 1,
      labels.values.contains(where: { $0 != label && $0.hasPrefix(label[..<open]) })
    else { return Markup.shortened(label, to: limit) }
    let settings = label[open...]
    let room = limit - 1 - settings.count
    return room > 0 ? label.prefix(room) + "…" + settings : "…" + label.suffix(limit - 1)
  }

  /// The length of the common beginning that can be left out: up to a sign, so that no word or number is cut.
  private static func commonStart(_ names: [String]) -> Int {
    guard names.count > 1, let first = names.first.map(Array.init) else { return 0 }
    let others = names.dropFirst().map(Array.init)
    var length = 0
    while length < first.count, others.allSatisfy({ length < $0.count && $0[length] == first[length] }) { length += 1 }
    let all = [first] + others
    while length > 0 {
      // "environment" may go where what follows it is a sign or nothing; "ppo: " and "learningRate=" since they end so,
      // but no parenthesis may lose its beginning.
      let endsWord =
        first[length - 1] == " " || first[length - 1] == ":"
        || first[length - 1] == "=" && !first[..<length].contains("(")
      if endsWord || all.allSatisfy({ length == $0.count || $0[length] == "+" || $0[length] == "(" }) { return length }
      length -= 1
    }
    return 0
  }

  /// The length of the common end that can be left out: an agent's design where all have the same.
  private static func commonEnd(_ names: [String]) -> Int {
    guard names.count > 1, let first = names.first.map({ Array($0.reversed()) }) else { return 0 }
    let others = names.dropFirst().map { Array($0.reversed()) }
    var length = 0
    while length < first.count, others.allSatisfy({ length < $0.count && $0[length] == first[length] }) { length += 1 }
    // From ": " on.
    while length > 0 && first[length - 1] != ":" { length -= 1 }
    return length
  }
}
