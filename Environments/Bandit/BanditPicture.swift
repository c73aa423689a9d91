import ReinforcementLearning

/// The learning board of a bandit: a row an arm, with its mean in truth, what was seen of it, and its pulls.
struct BanditPicture {
  struct Arm {
    var mean: Double
    /// The mean of what it paid; nil before its first pull.
    var seen: Double?
    var pulls: Int
    /// Whether there is an arm in this place.
    var isThere = true
    /// A word or two at the end of the row.
    var note = ""
  }

  var names: [String]
  var arms: [Arm]
  /// Nil where no arm is the best one.
  var best: Int?
  var last: Int?
  var pulls: Int
  /// What was counted, in words; nil: `pulls` pulls.
  var counted: String?
  /// What the bars are.
  var truth = "means"
  /// What the ends of the scale are; nil: the least and the largest that is shown, and 0.
  var scale: ClosedRange<Double>?
  /// More lines under the board.
  var captions: [String] = []

  static let backdrop = Sketch.Color(24, 27, 32)
  static let track = Sketch.Color(52, 58, 66)
  static let blue = Sketch.Color(86, 180, 233)
  static let green = Sketch.Color(46, 199, 154)
  static let yellow = Sketch.Color(240, 185, 58)
  static let red = Sketch.Color(220, 70, 70)
  static let words = Sketch.Color(220, 220, 220)
  static let faint = Sketch.Color(120, 125, 132)
  static let white = Sketch.Color(255, 255, 255)
  /// The most arms that are drawn.
  private static let most = 24
  /// Characters of a terminal's bar.
  private static let columns = 17

  /// A number with two digits.
  static func text(_ value: Double) -> String { TextRules.hundredths(value) }

  /// The arms that are drawn, in their order: of many the best, the last one, and those that were pulled most.
  var shown: [Int] {
    guard arms.count > BanditPicture.most else { return Array(arms.indices) }
    let needed = [best, last].compactMap(\.self)
    let others = arms.indices.filter { !needed.contains($0) }
      .sorted { (-arms[$0].pulls, $0) < (-arms[$1].pulls, $1) }
    return Array((Set(needed).sorted() + others).prefix(BanditPicture.most)).sorted()
  }

  var sketch: Sketch {
    let places = shown
    var picture = self
    picture.names = places.map { names[$0] }
    picture.arms = places.map { arms[$0] }
    picture.best = best.flatMap { places.firstIndex(of: $0) }
    picture.last = last.flatMap { places.firstIndex(of: $0) }
    return picture.sketch(hiding: arms.count - places.count)
  }

  /// All arms, and how many there are beside them.
  private func sketch(hiding hidden: Int) -> Sketch {
    let shown = arms[...]
    let hasNotes = shown.contains { !$0.note.isEmpty }
    var sketch = Sketch(width: hasNotes ? 19 : 16, height: Float(shown.count) + 1.2)
    sketch.shapes.append(
      .rectangle(corner: Sketch.Point(0, 0), width: sketch.width, height: sketch.height, BanditPicture.backdrop))
    let scale = scale ?? range(of: shown)
    for (number, arm) in shown.enumerated() {
      sketch.shapes += row(number, arm, in: scale)
      sketch.board.append(line(number, arm, in: scale))
    }
    if hidden > 0 { sketch.captions.append("and \(hidden) more arms, which were pulled less") }
    sketch.captions.append(
      "\(counted ?? "\(pulls) pulls"); bars: \(truth), white: seen so far, right: pulls")
    sketch.captions += captions
    return sketch
  }

  /// From the least to the largest of what is shown, 0 included.
  private func range(of shown: ArraySlice<Arm>) -> ClosedRange<Double> {
    let present = shown.filter(\.isThere)
    let low = min(0, present.map { min($0.mean, $0.seen ?? $0.mean) }.min() ?? 0)
    let high = max(low == 0 ? 0 : low, present.map { max($0.mean, $0.seen ?? $0.mean) }.max() ?? 1)
    return low...max(low + 1e-9, high)
  }

  /// Where a value lies, 0 to 1.
  private func share(_ value: Double, _ scale: ClosedRange<Double>) -> Double {
    max(0, min(1, (value - scale.lowerBound) / (scale.upperBound - scale.lowerBound)))
  }

  private func row(_ number: Int, _ arm: Arm, in scale: ClosedRange<Double>) -> [Sketch.Shape] {
    let y = Float(number) + 0.4
    func place(_ value: Double) -> Float { 5 + 7.5 * Float(share(value, scale)) }
    let (zero, end) = (place(0), place(arm.mean))
    let name = (number == last ? "> " : "") + String(names[number].prefix(14))
    var shapes: [Sketch.Shape] = [
      .text(
        name, at: Sketch.Point(0.3, y + 0.15), height: 0.5, arm.isThere ? BanditPicture.words : BanditPicture.faint)
    ]
    guard arm.isThere else {
      return shapes + [
        .text("no arm", at: Sketch.Point(5, y + 0.15), height: 0.5, BanditPicture.faint),
      ]
    }
    shapes += [
      .rectangle(corner: Sketch.Point(5, y + 0.1), width: 7.5, height: 0.6, BanditPicture.track),
      .rectangle(
        corner: Sketch.Point(min(zero, end), y + 0.1), width: max(0.02, abs(end - zero)), height: 0.6,
        number == best ? BanditPicture.green : BanditPicture.blue),
      .rectangle(
        corner: Sketch.Point(13, y + 0.1), width: max(0.01, 2.6 * Float(arm.pulls) / Float(max(1, pulls))),
        height: 0.6, BanditPicture.yellow),
    ]
    if let seen = arm.seen {
      let x = place(seen)
      shapes.append(.line(Sketch.Point(x, y), Sketch.Point(x, y + 0.8), width: 0.09, BanditPicture.white))
    }
    if !arm.note.isEmpty {
      shapes.append(.text(arm.note, at: Sketch.Point(16, y + 0.15), height: 0.5, BanditPicture.words))
    }
    return shapes
  }

  private func line(_ number: Int, _ arm: Arm, in scale: ClosedRange<Double>) -> [Sketch.Character] {
    let color = arm.isThere ? (number == best ? BanditPicture.green : BanditPicture.blue) : BanditPicture.faint
    let name = (number == last ? ">" : " ") + String(names[number].prefix(12)).padded(to: 13)
    guard arm.isThere else { return (name + "no arm").map { Sketch.Character($0, color) } }
    func place(_ value: Double) -> Int { Int((share(value, scale) * Double(BanditPicture.columns - 1)).rounded()) }
    let (zero, end) = (place(0), place(arm.mean))
    let seen = arm.seen.map(place)
    let bar = (0..<BanditPicture.columns).map { column -> Sketch.Character in
      if column == seen { return Sketch.Character("o", BanditPicture.white) }
      if column == zero, scale.lowerBound < 0 { return Sketch.Character("|", BanditPicture.faint) }
      let isFilled = zero == end ? false : column >= min(zero, end) && column <= max(zero, end)
      return Sketch.Character(isFilled ? "#" : " ", color)
    }
    let pulls = " " + "\(arm.pulls)".padded(to: arm.note.isEmpty ? 0 : 8) + arm.note
    return name.map { Sketch.Character($0, color) } + bar + pulls.map { Sketch.Character($0, color) }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
