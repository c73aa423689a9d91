public import ReinforcementLearning

extension FairnessBandit: Drawable {
  /// With which probability the latest applicants were accepted, by their score: a policy that treats both groups alike
  /// is one line of dots. Those of the last round are large, green where the label says that accepting was right, red
  /// where it was wrong; a reported pair is joined.
  public func sketch() -> Sketch {
    let groups = [Sketch.Color(86, 180, 233), Sketch.Color(240, 185, 58)]
    let frame = Sketch.Color(52, 58, 66)
    let words = Sketch.Color(220, 220, 220)
    var sketch = Sketch(width: 16, height: 10)
    func point(_ score: Float, _ probability: Float) -> Sketch.Point {
      Sketch.Point(1.5 + 13.5 * score, 8.5 - 7.5 * max(0, min(1, probability)))
    }
    sketch.shapes = [
      .rectangle(corner: Sketch.Point(0, 0), width: 16, height: 10, Sketch.Color(24, 27, 32)),
      .line(point(0, 0), point(1, 0), width: 0.06, frame), .line(point(0, 1), point(1, 1), width: 0.06, frame),
      .line(point(0, 0), point(0, 1), width: 0.06, frame), .line(point(1, 0), point(1, 1), width: 0.06, frame),
      .text("accepted 1", at: Sketch.Point(1.5, 0.3), height: 0.5, words),
      .text("score: 0 to 1", at: Sketch.Point(6.2, 8.8), height: 0.5, words),
      .text("group 0", at: Sketch.Point(9.5, 0.3), height: 0.5, groups[0]),
      .text("group 1", at: Sketch.Point(12.5, 0.3), height: 0.5, groups[1]),
    ]
    let (columns, rows) = (48, 12)
    var board = [[Sketch.Character]](
      repeating: Array(repeating: Sketch.Character(" "), count: columns), count: rows)
    board.append(Array(repeating: Sketch.Character("-", frame), count: columns))
    func mark(_ score: Float, _ probability: Float, _ character: Character, _ color: Sketch.Color) {
      let column = min(columns - 1, Int(score * Float(columns)))
      board[rows - 1 - min(rows - 1, Int(max(0, min(1, probability)) * Float(rows)))][column] =
        Sketch.Character(character, color)
    }
    for slot in 0..<min(FairnessBandit.recent, rounds * arrivals) {
      let (score, group, p) = (history[3 * slot], Int(history[3 * slot + 1]), history[3 * slot + 2])
      sketch.shapes.append(.ellipse(center: point(score, p), radiusX: 0.1, radiusY: 0.1, groups[group]))
      mark(score, p, group == 0 ? "o" : "x", groups[group])
    }
    var captions = ["no round yet"]
    if rounds > 0 {
      let last = (0..<arrivals).map { place in
        let slot = 3 * (((rounds - 1) &* arrivals &+ place) % FairnessBandit.recent)
        return point(history[slot], history[slot + 2])
      }
      for place in 0..<arrivals {
        let group = groups[Int(lastGroups[place])]
        sketch.shapes.append(.ellipse(center: last[place], radiusX: 0.28, radiusY: 0.28, group))
        if accepted[place] > 0 {
          let color = labels[place] > 0 ? Sketch.Color(46, 199, 154) : Sketch.Color(220, 70, 70)
          sketch.shapes.append(.ellipse(center: last[place], radiusX: 0.18, radiusY: 0.18, color))
        }
      }
      if reported.0 >= 0 {
        sketch.shapes.append(
          .line(last[Int(reported.0)], last[Int(reported.1)], width: 0.1, Sketch.Color(255, 255, 255)))
      }
      captions = [
        "\(rounds) rounds; an auditor reported \(violations) of them (\(share(violations)) %)"
          + (reported.0 >= 0 ? ", the last one too: the joined pair" : ""),
        "regret of accuracy \(BanditPicture.text(regret)), \(BanditPicture.text(regret / Double(rounds))) a round",
      ]
    }
    sketch.board = board
    sketch.captions = captions
    return sketch
  }

  private func share(_ count: Int) -> String { BanditPicture.text(100 * Double(count) / Double(rounds)) }
}
