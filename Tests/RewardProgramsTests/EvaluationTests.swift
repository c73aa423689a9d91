import Groundwork
import RealModule
import ReinforcementLearning
import RewardPrograms
import Testing

/// What programs pay, against the same written in Swift for each step.
@Suite("Reward programs: what they pay") struct EvaluationTests {
  /// An expression and what it should give, from the car's place and speed after the step and before it.
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let value: @Sendable (_ x: Float, _ v: Float, _ beforeX: Float, _ beforeV: Float) -> Float

    init(_ text: String, _ value: @escaping @Sendable (Float, Float, Float, Float) -> Float) {
      self.text = text
      self.value = value
    }
    var testDescription: String { text }
  }

  static let cases: [Case] = [
    Case("position") { x, _, _, _ in x },
    Case("position - before(position)") { x, _, b, _ in x - b },
    Case("2 + 3 * position") { x, _, _, _ in 2 + 3 * x },
    Case("(2 + 3) * position") { x, _, _, _ in 5 * x },
    Case("10 - 4 - position") { x, _, _, _ in 6 - x },
    Case("8 / 4 / 2 + position") { x, _, _, _ in 1 + x },
    Case("-position^2") { x, _, _, _ in -(x * x) },
    Case("(-position)^3") { x, _, _, _ in -x * -x * -x },
    Case("--position") { x, _, _, _ in x },
    Case("min(position, velocity, 0)") { x, v, _, _ in min(x, v, 0) },
    Case("max(position, velocity, 0)") { x, v, _, _ in max(x, v, 0) },
    Case("clamp(position, -0.5, 0.2)") { x, _, _, _ in min(max(x, -0.5), 0.2) },
    Case("abs(velocity) + sign(velocity)") { _, v, _, _ in abs(v) + (v > 0 ? 1 : v < 0 ? -1 : 0) },
    Case("floor(position * 10)") { x, _, _, _ in (x * 10).rounded(.down) },
    Case("exp(position) + tanh(velocity)") { x, v, _, _ in .exp(x) + .tanh(v) },
    Case("log(2 + position) * sqrt(2 + velocity)") { x, v, _, _ in .log(2 + x) * (2 + v).squareRoot() },
    Case("sin(position) + cos(position)") { x, _, _, _ in .sin(x) + .cos(x) },
    Case("norm(vector(position, velocity, 3))") { x, v, _, _ in (x * x + v * v + 9).squareRoot() },
    Case("dot(observation, vector(2, 100))") { x, v, _, _ in x * 2 + v * 100 },
    Case("sum(observation - before(observation))") { x, v, b, w in (x - b) + (v - w) },
    Case("norm(2 * observation / 4)") { x, v, _, _ in (x / 2 * (x / 2) + v / 2 * (v / 2)).squareRoot() },
    Case("observation[1] * 3") { _, v, _, _ in v * 3 },
    Case("before(observation)[0]") { _, _, b, _ in b },
    Case("if position < -0.5 then 1 else velocity") { x, v, _, _ in x < -0.5 ? 1 : v },
    Case("if position < -0.6 then 1 else if position < -0.4 then 2 else 3") { x, _, _, _ in
      x < -0.6 ? 1 : x < -0.4 ? 2 : 3
    },
    Case("if velocity >= 0 and not position > -0.5 or velocity < -0.01 then 1 else 0") { x, v, _, _ in
      v >= 0 && !(x > -0.5) || v < -0.01 ? 1 : 0
    },
    Case("number(velocity <= 0) + number(position != before(position))") { x, v, b, _ in
      (v <= 0 ? 1 : 0) + (x != b ? 1 : 0)
    },
    Case("velocity == 0") { _, v, _, _ in v == 0 ? 1 : 0 },
    Case("if true then position else 1 / 3") { x, _, _, _ in x },
    Case("before(if velocity > 0 then position else 0)") { _, _, b, w in w > 0 ? b : 0 },
    Case("before(velocity > 0) == (velocity > 0)") { _, v, _, w in (w > 0) == (v > 0) ? 1 : 0 },
    Case("tolerance(position, -0.5, -0.4, 0.2)") { x, _, _, _ in
      let d = max(-0.5 - x, x + 0.4, 0)
      return d <= 0 ? 1 : .exp(.log(0.1) * (d / 0.2) * (d / 0.2))
    },
    Case("linearTolerance(position, -0.5, -0.4, 0.1)") { x, _, _, _ in
      max(0, 1 - 0.9 * max(-0.5 - x, x + 0.4, 0) / 0.1)
    },
    Case("longTolerance(position, -0.5, -0.4, 0.1)") { x, _, _, _ in
      let d = max(-0.5 - x, x + 0.4, 0) / 0.1
      return 1 / (1 + 9 * d * d)
    },
    Case("tolerance(position, -0.5, -0.4, 0)") { x, _, _, _ in x >= -0.5 && x <= -0.4 ? 1 : 0 },
  ]

  private static let car = Result { try ProgramSteps("control/MountainCar", steps: 300) }

  @Test("an expression gives what Swift gives", arguments: cases)
  func expression(_ one: Case) throws {
    let steps = try EvaluationTests.car.get()
    let values = try steps.values(of: "reward.x = \(one.text)")[0]
    var different = Set<Float>()
    for index in values.indices {
      let wanted = one.value(
        steps.read("position", index), steps.read("velocity", index), steps.read("position", index, before: true),
        steps.read("velocity", index, before: true))
      #expect(abs(values[index] - wanted) <= 1e-5 * max(1, abs(wanted)), "step \(index)")
      different.insert(wanted)
    }
    #expect(different.count > 1 || one.text == "velocity == 0")
  }

  @Test("what is no number is refused wherever it stands, unless nothing depends on it", arguments: [
    ("max(0, log(position))", false), ("max(log(position), 0)", false), ("min(1, sqrt(position), 2)", false),
    ("clamp(log(position), 0, 1)", false), ("sign(sqrt(position))", false), ("number(log(position) < 0)", false),
    ("number(0 <= sqrt(position))", false), ("number(sqrt(position) != 1)", false), ("sqrt(position) == 1", false),
    ("number(not (sqrt(position) > 1))", false), ("if log(position) > 0 then 1 else 0", false),
    ("number(sqrt(position) > 1 and position < 5)", false), ("number(position > 5 or sqrt(position) > 1)", false),
    ("if position > 0 then log(position) else 0", true), ("number(position > 0 and log(position) > -1)", true),
    ("number(log(position) > 1 or position <= 0)", true), ("max(1, 1 / abs(position))", true),
  ])
  func noNumbers(_ text: String, _ isFine: Bool) throws {
    // The car starts on the left of 0.
    let steps = try EvaluationTests.car.get()
    do {
      _ = try steps.values(of: "reward.x = \(text)")
      #expect(isFine)
    } catch let error as UserError {
      #expect(!isFine && error.reason.contains("reward.x is not a finite number"), "\(error)")
    }
  }

  @Test("names, components and weights stand as they were written")
  func names() throws {
    let steps = try EvaluationTests.car.get()
    let text = """
      # a remark; not a line
      way = 0.5 - position ; speed = abs(velocity)
      reward.way = -way
      reward.speed weight -0.25 = speed *
        2
        + 1
      """
    let program = try steps.compile(text)
    #expect(program.components.map(\.name) == ["way", "speed"])
    #expect(program.components.map(\.weight) == [1, -0.25])
    #expect(program.signals == ["position", "velocity"])
    let values = try steps.values(of: text)
    for index in values[0].indices {
      #expect(values[0][index] == -(0.5 - steps.read("position", index)))
      #expect(values[1][index] == abs(steps.read("velocity", index)) * 2 + 1)
    }
  }

  @Test("texts, codes, action names and what is known of a step")
  func step() throws {
    let steps = try ProgramSteps("gridworld/DoorKey-5x5", steps: 600)
    let values = try steps.values(
      of: """
        reward.took = contains(event, "picked up")
        reward.key = contains(event, "key") and not contains(event, "dropped the")
        reward.pushed = action == "pickUp"
        reward.number = action
        reward.paid = step.reward
        reward.done = step.success or step.truncated
        reward.held = carried[0] * 10 + carried[1]
        reward.corner = image[0, 0, 1] + image[146]
        """)
    var seen = Set<String>()
    for index in values[0].indices {
      let event = steps.text("event", index)
      seen.insert(event)
      #expect(values[0][index] == (event.hasPrefix("picked up") ? 1 : 0))
      #expect(values[1][index] == (event.contains("key") && !event.hasPrefix("dropped") ? 1 : 0))
      let action = steps.transitions.discreteAction(index)
      #expect(values[2][index] == (action == 3 ? 1 : 0))
      #expect(values[3][index] == Float(action))
      #expect(values[4][index] == steps.transitions.reward(index))
      let outcome = steps.transitions.outcome(index)
      #expect(values[5][index] == (steps.transitions.success(index) || outcome == .truncated ? 1 : 0))
      #expect(values[6][index] == steps.read("carried", index) * 10 + steps.read("carried", index, at: 1))
      #expect(values[7][index] == steps.read("image", index, at: 1) + steps.read("image", index, at: 146))
    }
    #expect(seen.contains { $0.hasPrefix("picked up") } && seen.contains { $0.hasPrefix("dropped") })
  }

  @Test("shaping is the discounted potential after the step, none where the episode ended, less the one before")
  func shaping() throws {
    let steps = try ProgramSteps("gridworld/Empty-5x5", steps: 400)
    let values = try steps.values(of: "way = -distance / 10\nreward.way = shaping(way)", discount: 0.9)[0]
    var ends = 0
    for index in values.indices {
      let isEnd = steps.transitions.outcome(index) == .terminated
      let next = isEnd ? 0 : 0.9 * (-steps.read("distance", index) / 10)
      let wanted = next + steps.read("distance", index, before: true) / 10
      #expect(abs(values[index] - wanted) < 1e-6)
      if isEnd { ends += 1 }
    }
    #expect(ends > 5)
  }

  @Test("one worker and three pay the same bits, and so do all steps together and each by itself")
  func workers() throws {
    let steps = try ProgramSteps("control/Pendulum", steps: 700)
    let text = """
      reward.x = -angle^2 - 0.1 * speed^2 - 0.001 * action[0]^2
      reward.y = exp(cos(angle)) / max(1, abs(speed))
      """
    let one = try steps.values(of: text)
    #expect(try steps.values(of: text, workers: 3) == one)
    let program = try steps.compile(text)
    let single = RewardScores(components: 2, count: steps.rollout.slots)
    try program.evaluate(Transitions(steps.rollout, steps: 1), into: single, workers: Workers(count: 1))
    for index in 0..<steps.rollout.slots {
      #expect(single[0][index] == one[0][index] && single[1][index] == one[1][index])
    }
  }

  @Test("a step whose reward is not finite is refused with the component's line")
  func notFinite() throws {
    let steps = try EvaluationTests.car.get()
    for text in [
      "reward.x = log(position)", "v = 1 / (position - position)\nreward.x = v",
      "reward.x weight 1e38 = 1e10 * position^2",
    ] {
      #expect { try steps.values(of: text) } throws: { error in
        let line = text.contains("\n") ? 2 : 1
        // Whoever tries many programs goes by the cause, whatever the line says.
        return (error as? UserError)?.cause == .payment && "\(error)".hasPrefix(
          "the program, line \(line), column 1: reward.x is not a finite number in one of the steps. Divide by")
      }
    }
  }

  @Test("the same as in Swift at most three times as slow, on 8,192 transitions, by the fastest of 60 runs")
  func speed() throws {
    let steps = try ProgramSteps("control/Pendulum", steps: 512, slots: 16)
    let program = try steps.compile("reward.x = -(angle^2 + 0.1 * speed^2 + 0.001 * action[0]^2)")
    let scores = RewardScores(components: 1, count: 8192)
    let workers = Workers(count: 1)
    let transitions = steps.transitions
    let angle = try #require(transitions.layout.place("angle")).offset
    let speed = try #require(transitions.layout.place("speed")).offset
    func swift() {
      let values = scores[0]
      for index in 0..<transitions.count {
        let row = transitions.after(index)
        let a = row.load(fromByteOffset: angle, as: Float.self)
        let v = row.load(fromByteOffset: speed, as: Float.self)
        let u = transitions.continuousAction(index)[0]
        values[index] = -(a * a + 0.1 * v * v + 0.001 * u * u)
      }
    }
    func fastest(_ work: () throws -> Void) rethrows -> Double {
      var best = Duration.seconds(1)
      for _ in 0..<60 { best = min(best, try ContinuousClock().measure(work)) }
      return Double(best.components.attoseconds) / 1e9 / 8192
    }
    let native = fastest(swift)
    let compiled = try fastest { try program.evaluate(transitions, into: scores, workers: workers) }
    print("reward program: \(compiled) ns a transition, in Swift \(native)")
    #expect(compiled < 3 * native)
  }
}
