public import ReinforcementLearning

extension HindsightBandit: Drawable {
  /// The last customer's three items, the reply and what she did, and what replies have been worth so far: by the
  /// rating at once, by the rating in hindsight, and in truth.
  public func sketch() -> Sketch {
    var sketch = Sketch(width: 16, height: 11)
    sketch.shapes = [.rectangle(corner: Sketch.Point(0, 0), width: 16, height: 11, BanditPicture.backdrop)]
    for item in 0..<3 { card(item, on: &sketch) }
    let scales: [(name: String, last: Float, mean: Double, color: Sketch.Color)] = [
      ("rated at once", rating, sums.rating, BanditPicture.yellow),
      ("rated later", satisfaction, sums.satisfaction, BanditPicture.blue),
      ("what it is worth", utility, sums.utility, BanditPicture.green),
    ]
    for (row, scale) in scales.enumerated() {
      let mean = pulls > 0 ? scale.mean / Double(pulls) : 0
      let y = 7.4 + 1.15 * Float(row)
      func place(_ value: Double) -> Float { 11 + 4.5 * Float(max(-1, min(1, value))) }
      sketch.shapes += [
        .text(scale.name, at: Sketch.Point(0.5, y + 0.1), height: 0.6, BanditPicture.words),
        .rectangle(corner: Sketch.Point(6.5, y), width: 9, height: 0.8, BanditPicture.track),
        .rectangle(
          corner: Sketch.Point(min(11, place(mean)), y), width: max(0.02, abs(place(mean) - 11)), height: 0.8,
          mean < 0 ? BanditPicture.red : scale.color),
        .line(Sketch.Point(11, y - 0.1), Sketch.Point(11, y + 0.9), width: 0.05, BanditPicture.words),
      ]
      if pulls > 0 {
        let x = place(Double(scale.last))
        sketch.shapes.append(
          .line(Sketch.Point(x, y - 0.1), Sketch.Point(x, y + 0.9), width: 0.1, BanditPicture.white))
      }
      let cells = (0..<21).map { cell -> Sketch.Character in
        let (zero, end) = (10, 10 + Int((mean * 10).rounded()))
        if cell == zero { return Sketch.Character("|") }
        return min(zero, end)...max(zero, end) ~= cell
          ? Sketch.Character("#", mean < 0 ? BanditPicture.red : scale.color)
          : Sketch.Character(".", BanditPicture.faint)
      }
      sketch.board.append(
        (scale.name + String(repeating: " ", count: 18 - scale.name.count)).map { Sketch.Character($0) } + cells
          + " \(BanditPicture.text(mean))".map { Sketch.Character($0, scale.color) })
    }
    sketch.captions = captions
    return sketch
  }

  /// An item: framed green where it meets the need, red where it does not, white the recommended one.
  private func card(_ item: Int, on sketch: inout Sketch) {
    let x = 0.5 + 5.2 * Float(item)
    let isChosen = pulls > 0 && lastArm % 3 == item
    let color = last.meets[item] ? BanditPicture.green : BanditPicture.red
    if isChosen {
      sketch.shapes.append(
        .rectangle(corner: Sketch.Point(x - 0.15, 0.35), width: 4.9, height: 6.3, BanditPicture.white))
    }
    let name = "\(HindsightBandit.names[item])"
    sketch.shapes += [
      .rectangle(corner: Sketch.Point(x, 0.5), width: 4.6, height: 6, BanditPicture.track),
      .rectangle(corner: Sketch.Point(x, 0.5), width: 4.6, height: 1.2, color),
      .text("item \(name)", at: Sketch.Point(x + 0.3, 0.75), height: 0.7, Sketch.Color(20, 20, 20)),
      .text("quality", at: Sketch.Point(x + 0.3, 2.1), height: 0.5, BanditPicture.words),
      .rectangle(
        corner: Sketch.Point(x + 0.3, 2.8), width: max(0.05, 4 * last.quality[item]), height: 0.5,
        BanditPicture.blue),
      .text("price", at: Sketch.Point(x + 0.3, 3.6), height: 0.5, BanditPicture.words),
      .rectangle(
        corner: Sketch.Point(x + 0.3, 4.3), width: max(0.05, 4 * last.price[item]), height: 0.5,
        BanditPicture.yellow),
    ]
    if isChosen {
      sketch.shapes.append(
        .text(
          lastArm >= 3 ? "claimed" : "honest", at: Sketch.Point(x + 0.3, 5.4), height: 0.7,
          BanditPicture.white))
    }
    let line =
      (isChosen ? ">" : " ") + "item \(name)  " + (last.meets[item] ? "meets the need " : "does not meet it ")
    sketch.board.append(
      (line + String(repeating: " ", count: max(0, 26 - line.count))).map { Sketch.Character($0, color) }
        + ("quality \(BanditPicture.text(Double(last.quality[item])))  price "
          + BanditPicture.text(Double(last.price[item]))).map { Sketch.Character($0) })
    if item == 2 { sketch.board.append([]) }
  }

  private var captions: [String] {
    guard pulls > 0 else { return ["no customer yet"] }
    let (item, isClaimed) = (lastArm % 3, lastArm >= 3)
    let name = HindsightBandit.names[item]
    let said = isClaimed ? "claims that \(name) meets the need" : "recommends \(name) and claims nothing"
    let did =
      !isClaimed && !last.meets[item]
      ? "she sees that it does not, and leaves"
      : last.meets[item] ? "she buys it, and it does" : "she buys it, and it does not"
    return [
      "\(pulls) customers; bars: means so far, -1 to 1, white: the last one",
      "the assistant \(said): \(did)",
      "it is shown \(BanditPicture.text(Double(lastReward))) (feedback \(configuration.feedback.rawValue)), "
        + "the rating at once was \(BanditPicture.text(Double(rating)))",
    ]
  }

  private static let names = ["A", "B", "C"]
}
