import Catalog
import ReinforcementLearning
import Testing

@testable import BanditEnvironments

/// Learning boards: every bandit has one that fits a terminal, and what it says is what happened.
@Suite("Boards of bandits") struct BanditPictureTests {
  /// A batch of one slot after random pulls, and the rollout of these.
  private func played(_ environment: String, _ pulls: Int) throws -> (batch: EnvironmentBatch, rollout: Rollout) {
    let recipe = try Catalog.recipe(environment)
    let batch = recipe.makeBatch(slots: 1, seed: 7)
    let rollout = batch.makeRollout(steps: pulls, signals: recipe.specification.fields.map(\.name))
    var policy = UniformPolicy(recipe.specification)
    var random = RandomSource(seed: 3)
    batch.reset(rollout)
    for time in 0..<pulls {
      policy.act(on: rollout, at: time, in: batch.view, random: &random)
      batch.step(rollout, at: time)
    }
    return (batch, rollout)
  }

  private func value(_ rollout: Rollout, _ field: String, _ time: Int, _ element: Int = 0) -> Double {
    Rollout.read(rollout.observation(time: time, slot: 0), rollout.layout.place(field)!, at: element)
  }

  @Test("of more arms than fit the best, the last and the most pulled are drawn, in their order")
  func manyArms() {
    let arms = (0..<200).map { arm in
      BanditPicture.Arm(mean: arm == 150 ? 0.9 : 0.1, seen: 0.5, pulls: arm >= 170 ? arm : arm == 150 ? 0 : 1)
    }
    let picture = BanditPicture(names: (0..<200).map { "arm\($0)" }, arms: arms, best: 150, last: 3, pulls: 1000)
    #expect(picture.shown == [3, 150] + Array(178..<200))
    let board = picture.sketch.board.map { String($0.map(\.character)) }
    #expect(board.count == 24 && board[0].hasPrefix(">arm3") && board[1].hasPrefix(" arm150"))
    #expect(board[23].hasPrefix(" arm199") && board[23].hasSuffix("199"))
    #expect(picture.sketch.captions.first == "and 176 more arms, which were pulled less")
    let few = BanditPicture(names: ["a", "b"], arms: Array(arms[..<2]), best: 1, last: nil, pulls: 2)
    #expect(few.shown == [0, 1] && !few.sketch.captions[0].contains("more arms"))
  }

  @Test(
    "every bandit has a board that fits 80 columns, with shapes inside of the picture, at the start and later",
    arguments: Catalog.environments.map(\.id).filter { $0.hasPrefix("bandit/") && !$0.contains("EVOLvE") })
  func fits(_ id: String) throws {
    #expect(try Catalog.recipe(id).isDrawable)
    for pulls in [0, 1, 50] {
      let recipe = try Catalog.recipe(id)
      guard pulls < recipe.specification.timeLimit! else { continue }
      let batch: EnvironmentBatch
      if pulls == 0 {
        batch = recipe.makeBatch(slots: 1, seed: 7)
        batch.reset(batch.makeRollout(steps: 1))
      } else {
        batch = try played(id, pulls).batch
      }
      let sketch = batch.sketch(slot: 0)
      #expect(sketch.board.count <= 16 && sketch.board.allSatisfy { $0.count <= 72 }, "\(sketch.text)")
      #expect(sketch.captions.count <= 5 && sketch.captions.allSatisfy { $0.count <= 100 }, "\(sketch.captions)")
      for picture in [sketch] + sketch.insets.map(\.sketch) {
        for case .rectangle(let corner, let width, let height, _) in picture.shapes {
          let isInside =
            corner.x >= -0.2 && corner.y >= -0.2 && corner.x + width <= picture.width + 0.2
            && corner.y + height <= picture.height + 0.2
          #expect(isInside && width > 0 && height > 0, "\(id) \(corner) \(width) \(height)")
        }
      }
    }
  }

  @Test("late rewards stand beside the arm that they are of, as many as are on their way")
  func delayed() throws {
    let (batch, rollout) = try played("bandit/Delayed(arms=3,delay=20,geometric=false,horizon=500)", 90)
    let rows = batch.sketch(slot: 0).text.split(separator: "\n")
    let late = rows.map { row in
      row.contains(" late") ? Int(row.split(separator: " ").dropLast().last!)! : 0
    }
    #expect(late.reduce(0, +) == 20)
    let actions = (70..<90).map { Int(rollout.actions.discrete[$0]) }
    #expect(late == (0..<3).map { arm in actions.count { $0 == arm } })
  }

  @Test("a place without an arm says so, and an arm that comes to it begins anew")
  func mortal() throws {
    let (batch, rollout) = try played("bandit/Mortal(arms=6,lifetime=30,horizon=900)", 400)
    let sketch = batch.sketch(slot: 0)
    let mask = rollout.mask(time: 400, slot: 0)!
    let means = (0..<6).map { value(rollout, "means", 400, $0) }
    for (arm, row) in sketch.text.split(separator: "\n").enumerated() {
      #expect(row.contains("no arm") == !mask[arm] && (mask[arm] || means[arm] == 0), "\(row)")
    }
    #expect(sketch.captions.contains { $0.hasPrefix("\((0..<6).count { mask[$0] }) arms are there") })
    // Four hundred pulls are far more than are left of arms that last 30.
    let counted = sketch.text.split(separator: "\n").filter { !$0.contains("no arm") }
      .map { Int($0.split(separator: " ").last!)! }
    #expect(counted.reduce(0, +) < 300, "\(counted)")
  }

  @Test("the adversary's shift and its end are told")
  func adversarial() throws {
    let (batch, rollout) = try played("bandit/Adversarial(arms=2,gap=0.2,horizon=100)", 3)
    // Phases of 1, 1.6, 2.56, ... pulls: after three pulls the third one runs, up again, to 5.16.
    let sketch = batch.sketch(slot: 0)
    #expect(sketch.captions.contains("the adversary pays 0.40 more for 3 pulls"), "\(sketch.captions)")
    #expect(abs(value(rollout, "means", 3, 0) + value(rollout, "means", 3, 1) - 1.8) < 1e-6)
  }

  @Test("switches, observations and the regret of switching costs are those that were signalled")
  func switching() throws {
    let (batch, rollout) = try played("bandit/SwitchingCosts(arms=3,gap=0.2,horizon=300)", 200)
    let times = 1...200
    let switches = times.reduce(0.0) { $0 + value(rollout, "switched", $1) }
    let regret = times.reduce(0.0) { $0 + value(rollout, "gap", $1) }
    let observations = Int(value(rollout, "observations", 200))
    let sketch = batch.sketch(slot: 0)
    #expect(sketch.captions.contains("\(Int(switches)) switches, 1 each; \(observations) losses observed"))
    let last = try #require(sketch.captions.last)
    #expect(last.hasSuffix("regret with switches \(TextRules.hundredths(regret))"), "\(last)")
    let timeline = try #require(sketch.text.split(separator: "\n").last { $0.hasPrefix("last pulls") })
    let marks = Array(timeline.dropFirst(13))
    let shown = (153...200).map { time -> Character in
      value(rollout, "switched", time) > 0 ? "|" : value(rollout, "isBest", time) > 0 ? "=" : "-"
    }
    #expect(marks == shown)
  }

  @Test("what the expert showed stands beside each arm")
  func demonstrated() throws {
    let (batch, rollout) = try played("bandit/Demonstrated(arms=5,demonstrations=40,deliberation=2)", 30)
    let rows = batch.sketch(slot: 0).text.split(separator: "\n")
    for arm in 0..<5 {
      let shown = Int(value(rollout, "demonstrations", 0, arm))
      #expect(rows[arm].hasSuffix("shown \(shown)") == (shown > 0), "\(rows[arm]) \(shown)")
    }
  }

  @Test("the assistant's board tells the last customer, and the means of what replies were worth")
  func hindsight() throws {
    let (batch, rollout) = try played("bandit/Hindsight(horizon=500)", 120)
    let sketch = batch.sketch(slot: 0)
    let rows = sketch.text.split(separator: "\n")
    let action = Int(rollout.actions.discrete[119])
    for item in 0..<3 {
      let meets = value(rollout, "features", 119, item) > 0
      let quality = TextRules.hundredths(value(rollout, "features", 119, 3 + item))
      #expect(rows[item].contains(meets ? "meets the need" : "does not meet it"))
      #expect(rows[item].contains("quality \(quality)") && rows[item].hasPrefix(action % 3 == item ? ">" : " "))
    }
    let scales = [("rated at once", "rating"), ("rated later", "satisfaction"), ("what it is worth", "utility")]
    for (row, field) in scales {
      let mean = (1...120).reduce(0.0) { $0 + value(rollout, field, $1) } / 120
      let line = try #require(rows.first { $0.hasPrefix(row) })
      #expect(line.hasSuffix(" " + TextRules.hundredths(mean)), "\(line) \(mean)")
    }
    #expect(sketch.captions[1].contains(action >= 3 ? "claims that" : "claims nothing"))
  }
}
