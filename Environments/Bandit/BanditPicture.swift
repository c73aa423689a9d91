import ReinforcementLearning

/// The learning board of a bandit: a row an arm, with its mean in truth, what was seen of it, and its pulls.
struct BanditPicture {
  struct Arm {
    var mean: Double
    /// The mean of what it paid; nil before its first pull.
    var seen: Double?
    var pulls: Int
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
  /// More lines under the board.
  var captions: [String] = []

  private static let backdrop = Sketch.Color(24, 27, 32)
  private static let track = Sketch.Color(52, 58, 66)
  private static let truth = Sketch.Color(86, 180, 233)
  private static let good = Sketch.Color(46, 199, 154)
  private static let mark = Sketch.Color(255, 255, 255)
  private static let share = Sketch.Color(240, 185, 58)
  private static let words = Sketch.Color(220, 220, 220)
  /// The most arms that are drawn.
  private static let most = 24

  /// A number with two digits.
  static func text(_ value: Double) -> String { TextRules.hundredths(value) }

  var sketch: Sketch {
    let count = min(arms.count, BanditPicture.most)
    var sketch = Sketch(width: 16, height: Float(count) + 1.2)
    sketch.shapes.append(
      .rectangle(corner: Sketch.Point(0, 0), width: 16, height: sketch.height, BanditPicture.backdrop))
    let shown = arms.prefix(count)
    let low = min(0, shown.map { min($0.mean, $0.seen ?? $0.mean) }.min() ?? 0)
    let high = max(low + 1e-9, max(low == 0 ? 0 : low, shown.map { max($0.mean, $0.seen ?? $0.mean) }.max() ?? 1))
    func place(_ value: Double) -> Float { 5 + 7.5 * Float((value - low) / (high - low)) }
    for (number, arm) in shown.enumerated() {
      let y = Float(number) + 0.4
      let color = number == best ? BanditPicture.good : BanditPicture.truth
      let text = BanditPicture.words
      sketch.shapes += [
        .text(
          (number == last ? "> " : "") + String(names[number].prefix(14)), at: Sketch.Point(0.3, y + 0.15), height: 0.5,
          text),
        .rectangle(corner: Sketch.Point(5, y + 0.1), width: 7.5, height: 0.6, BanditPicture.track),
        .rectangle(
          corner: Sketch.Point(5, y + 0.1), width: max(0.02, place(arm.mean) - 5), height: 0.6, color),
        .rectangle(
          corner: Sketch.Point(13, y + 0.1), width: max(0.01, 2.6 * Float(arm.pulls) / Float(max(1, pulls))),
          height: 0.6, BanditPicture.share),
      ]
      if let seen = arm.seen {
        let x = place(seen)
        sketch.shapes.append(
          .line(Sketch.Point(x, y), Sketch.Point(x, y + 0.8), width: 0.09, BanditPicture.mark))
      }
      let bar = 16 * max(0, (arm.mean - low) / (high - low))
      let line =
        (number == last ? ">" : " ") + String(names[number].prefix(12)).padded(to: 13)
        + String(repeating: "#", count: Int(bar)).padded(to: 17) + "\(arm.pulls)"
      sketch.board.append(line.map { Sketch.Character($0, color) })
    }
    if arms.count > count { sketch.captions.append("and \(arms.count - count) more arms") }
    sketch.captions.append(
      "\(counted ?? "\(pulls) pulls"); bars: \(truth), white: seen so far, right: share of the pulls")
    sketch.captions += captions
    return sketch
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
