#if MuJoCo
  import Groundwork

  /// What is done with a model: a task file, in YAML.
  ///
  ///     summary: push the puck to the mark
  ///     hand: {body: pusher}                  # or {mocap: NAME, body: NAME, step: 0.02, low: [...], high: [...]}
  ///     fingers: [left, right]                # actuators that one more action closes; with a mocap hand
  ///     joints: [door]                        # observed: angle or way, and speed
  ///     objects: [puck]                       # bodies, or {name: puck, body: BODY}
  ///     start: {puck: {low: [0, 0, 0.02], high: [0.1, 0.1, 0.02]}}
  ///     goal: {site: mark, low: [0.3, 0, 0.02], high: [0.4, 0.2, 0.02]}   # or {site: mark}, where the model has it
  ///     release: [{constraint: lock, when: "joint(latch) > 0.03"}]
  ///     reward:
  ///       - {name: near, weight: 0.3, value: "tolerance(distance(hand, puck), 0, 0.03, 0.2)"}
  ///       - {name: there, value: "tolerance(distance(puck, goal), 0, 0.05)"}
  ///     success: "distance(puck, goal) < 0.05"
  ///     cell: ["10 * x(puck)", "10 * y(puck)"]
  ///     settle: 20                            # substeps after the start, default 0
  ///     substeps: 10
  ///     horizon: 200
  ///
  /// Values are expressions (`TaskExpression`). Every refusal names the file, the line and the key.
  struct TaskDescription: Sendable {
    /// How actions move the hand.
    enum Drive: Sendable {
      /// A body that is put where actions say: metres a step, and where it may go.
      case mocap(body: String, step: Double, low: [Double], high: [Double])
      /// All actuators of the model, each within its control range.
      case actuators
    }

    /// A body or joint of the model under the name that fields and expressions have.
    struct Named: Sendable {
      var name, part: String
    }

    /// A box that a place is drawn from.
    struct Range: Sendable {
      var low, high: [Double]
    }

    /// A term of the reward.
    struct Term: Sendable {
      var name: String
      var weight: Double
      var value: String
    }

    /// A constraint that ends.
    struct Release: Sendable {
      var constraint, condition: String
    }

    /// What is to be done, in one line; empty where the file does not say.
    var summary = ""
    var drive = Drive.actuators
    /// The body that is observed as the hand.
    var hand = ""
    /// Actuators.
    var fingers: [String] = []
    var joints: [Named] = []
    var objects: [Named] = []
    /// By number of the object.
    var starts: [Range?] = []
    var goalSite = ""
    var goalRange: Range?
    var releases: [Release] = []
    var terms: [Term] = []
    var success = ""
    var cell: [String] = []
    var settle = 0
    var substeps = 10
    var horizon = 200

    private let name: String
    private let lines: [String: Int]

    private static let keys = [
      "summary", "hand", "fingers", "joints", "objects", "start", "goal", "release", "reward", "success", "cell",
      "settle", "substeps", "horizon",
    ]

    /// - Parameter name: What errors call the file.
    /// - Throws: `UserError` with file, line and key for what is no task.
    init(_ source: String, name: String) throws(UserError) {
      self.name = name
      let document: JSON
      (document, lines) = try YAML.located(source, name: name)
      let members = try mapping(document, "", keys: Self.keys)
      if let value = members["summary"] { summary = try self.text(value, "summary") }
      try readHand(members)
      objects = try named(members["objects"], "objects", most: 16)
      joints = try named(members["joints"], "joints", most: 32)
      guard Set((objects + joints).map(\.name)).count == objects.count + joints.count else {
        throw refusal("objects", "two objects or joints have one name", fix: "Write {name: ..., body: ...}")
      }
      try readPlaces(members)
      for (index, value) in try list(members["release"], "release", most: 16).enumerated() {
        let key = "release.\(index)"
        let release = try mapping(value, key, keys: ["constraint", "when"])
        releases.append(
          Release(
            constraint: try self.text(release["constraint"], key + ".constraint"),
            condition: try self.text(release["when"], key + ".when")))
      }
      try readReward(members)
      success = try self.text(members["success"], "success")
      for (index, value) in try list(members["cell"], "cell", most: 16).enumerated() {
        cell.append(try self.text(value, "cell.\(index)"))
      }
      settle = try whole(members["settle"], "settle", in: 0...10_000) ?? settle
      substeps = try whole(members["substeps"], "substeps", in: 1...1000) ?? substeps
      horizon = try whole(members["horizon"], "horizon", in: 1...100_000) ?? horizon
    }

    /// An error with file and line of a key.
    func refusal(_ key: String, _ reason: String, fix: String = "") -> UserError {
      var place = key
      while lines[place] == nil, let dot = place.lastIndex(of: ".") { place = String(place[..<dot]) }
      let line = lines[place].map { ", line \($0)" } ?? ""
      return UserError("\(name)\(line), \(key.isEmpty ? "the file" : key): \(reason)", fix: fix)
    }
  }

  // MARK: Reading

  extension TaskDescription {
    /// Most bytes of a text.
    private static let mostBytes = 2000

    private mutating func readHand(_ members: [String: JSON]) throws(UserError) {
      guard let value = members["hand"] else {
        throw refusal("hand", "there is no hand", fix: "Write {body: NAME}, or {mocap: NAME, body: NAME}")
      }
      let keys = ["mocap", "body", "step", "low", "high"]
      let hand = try mapping(value, "hand", keys: keys)
      if let mocap = hand["mocap"] {
        let body = try text(mocap, "hand.mocap")
        let step = try number(hand["step"], "hand.step", in: 1e-6...1) ?? 0.02
        let range = try box(hand, "hand") ?? Range(low: [-10, -10, -10], high: [10, 10, 10])
        drive = .mocap(body: body, step: step, low: range.low, high: range.high)
        self.hand = hand["body"] == nil ? body : try text(hand["body"], "hand.body")
      } else {
        for key in ["step", "low", "high"] where hand[key] != nil {
          throw refusal("hand.\(key)", "only a mocap body has it", fix: "Write mocap: NAME, or leave it out")
        }
        self.hand = try text(hand["body"], "hand.body")
      }
      for (index, value) in try list(members["fingers"], "fingers", most: 8).enumerated() {
        fingers.append(try text(value, "fingers.\(index)"))
      }
      if case .actuators = drive, !fingers.isEmpty {
        throw refusal("fingers", "actions drive all actuators already", fix: "Leave it out, or use a mocap hand")
      }
    }

    private mutating func readPlaces(_ members: [String: JSON]) throws(UserError) {
      starts = Array(repeating: nil, count: objects.count)
      if let value = members["start"] {
        let ranges = try mapping(value, "start", keys: objects.map(\.name))
        for (index, object) in objects.enumerated() {
          guard let value = ranges[object.name] else { continue }
          let key = "start.\(object.name)"
          starts[index] = try box(try mapping(value, key, keys: ["low", "high"]), key)
        }
      }
      guard let value = members["goal"] else {
        throw refusal("goal", "there is no goal", fix: "Write {site: NAME}, or {site: NAME, low: [...], high: [...]}")
      }
      let goal = try mapping(value, "goal", keys: ["site", "low", "high"])
      goalSite = try text(goal["site"], "goal.site")
      goalRange = try box(goal, "goal")
    }

    private mutating func readReward(_ members: [String: JSON]) throws(UserError) {
      for (index, value) in try list(members["reward"], "reward", most: 32).enumerated() {
        let key = "reward.\(index)"
        let term = try mapping(value, key, keys: ["name", "weight", "value"])
        terms.append(
          Term(
            name: try identifier(term["name"], key + ".name"),
            weight: try number(term["weight"], key + ".weight", in: -1e6...1e6) ?? 1,
            value: try text(term["value"], key + ".value")))
      }
      guard !terms.isEmpty else {
        throw refusal("reward", "there is no term", fix: "Write - {name: there, value: \"distance(a, goal) < 0.05\"}")
      }
      guard Set(terms.map(\.name)).count == terms.count else {
        throw refusal("reward", "two terms have one name", fix: "Name them differently")
      }
    }

    private func mapping(_ value: JSON, _ key: String, keys: [String]) throws(UserError) -> [String: JSON] {
      let hint = "Those that there are: \(keys.joined(separator: ", "))"
      guard let members = value.object else { throw refusal(key, "it is not a mapping", fix: hint) }
      for name in members.keys.sorted() where !keys.contains(name) {
        let unknown = UserError.unknown("field", name, among: keys, hint: hint)
        throw refusal(key.isEmpty ? name : "\(key).\(name)", unknown.reason, fix: unknown.fix)
      }
      return members
    }

    private func list(_ value: JSON?, _ key: String, most: Int) throws(UserError) -> [JSON] {
      guard let value else { return [] }
      guard let list = value.array else { throw refusal(key, "it is not a list", fix: "Write [..., ...]") }
      guard list.count <= most else { throw refusal(key, "it has \(list.count) entries", fix: "Use at most \(most)") }
      return list
    }

    private func text(_ value: JSON?, _ key: String) throws(UserError) -> String {
      guard let value else { throw refusal(key, "it is missing", fix: "Write a text") }
      // A number or a truth value is an expression too.
      let text = value.string ?? (value.double != nil || value.bool != nil ? value.text() : "")
      guard !text.isEmpty else {
        throw refusal(key, value.string == nil ? "\(value.text()) is no text" : "it is empty", fix: "Write a text")
      }
      guard text.utf8.count <= Self.mostBytes else {
        throw refusal(key, "its text has \(text.utf8.count) bytes", fix: "Use at most \(Self.mostBytes)")
      }
      return text
    }

    /// A name that fields and expressions can have.
    private func identifier(_ value: JSON?, _ key: String) throws(UserError) -> String {
      let name = try text(value, key)
      let isName = name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
      }
      let isTaken = name == "hand" || name == "goal"
      guard isName, !(48...57).contains(name.utf8.first!), name.utf8.count <= 64, !isTaken else {
        throw refusal(
          key, "'\(name)' cannot be a name here",
          fix: "Use letters, digits and _, other than hand and goal; {name: mine, body: THE MODEL'S}")
      }
      return name
    }

    private func named(_ value: JSON?, _ key: String, most: Int) throws(UserError) -> [Named] {
      var all: [Named] = []
      for (index, value) in try list(value, key, most: most).enumerated() {
        let key = "\(key).\(index)"
        if value.object == nil {
          let name = try identifier(value, key)
          all.append(Named(name: name, part: name))
        } else {
          let members = try mapping(value, key, keys: ["name", "body", "joint"])
          if members["body"] != nil && members["joint"] != nil {
            throw refusal(
              key, "it has a body and a joint", fix: "Write body for what is an object, joint for what is a joint")
          }
          let part = members["body"] ?? members["joint"]
          let name = try identifier(members["name"], key + ".name")
          all.append(Named(name: name, part: try text(part, key + ".body")))
        }
      }
      return all
    }

    private func whole(_ value: JSON?, _ key: String, in range: ClosedRange<Int>) throws(UserError) -> Int? {
      guard let value else { return nil }
      guard let number = value.integer, range.contains(number) else {
        throw refusal(
          key, "\(value.text()) is not what it may be",
          fix: "Use a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }

    private func number(_ value: JSON?, _ key: String, in range: ClosedRange<Double>) throws(UserError) -> Double? {
      guard let value else { return nil }
      guard let number = value.double, range.contains(number) else {
        throw refusal(
          key, "\(value.text()) is not what it may be",
          fix: "Use a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }

    /// `low` and `high`, both or none.
    private func box(_ members: [String: JSON], _ key: String) throws(UserError) -> Range? {
      if members["low"] == nil && members["high"] == nil { return nil }
      var ends: [[Double]] = []
      for end in ["low", "high"] {
        guard let value = members[end] else {
          throw refusal("\(key).\(end)", "it is missing beside the other end", fix: "Write \(end): [x, y, z]")
        }
        let numbers = value.numbers ?? []
        guard numbers.count == 3, numbers.allSatisfy({ abs($0) <= 100 }) else {
          let isLong = numbers.count > 3
          let text = isLong ? "a list of \(numbers.count) numbers" : value.text()
          throw refusal(
            "\(key).\(end)", "\(text) is no place",
            fix: "Write [x, y, z]: metres, three finite numbers within 100 of 0")
        }
        ends.append(numbers)
      }
      guard (0..<3).allSatisfy({ ends[0][$0] <= ends[1][$0] }) else {
        throw refusal("\(key).low", "it lies above high", fix: "Exchange them")
      }
      return Range(low: ends[0], high: ends[1])
    }
  }
#endif
