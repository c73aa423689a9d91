import Groundwork
import ReinforcementLearning
import RewardPrograms
import Testing

/// Programs that are refused: a line with place, reason and fix.
@Suite("Reward programs: what is refused") struct RefusalTests {
  private static let room = Result { try ProgramSteps("gridworld/DoorKey-5x5", steps: 8) }
  private static let pendulum = Result { try ProgramSteps("control/Pendulum", steps: 8) }
  private static let cart = Result { try ProgramSteps("control/CartPole", steps: 8) }

  private func refusal(_ text: String, _ steps: Result<ProgramSteps, any Error> = RefusalTests.room) throws -> String {
    do {
      _ = try steps.get().compile(text)
      return "accepted"
    } catch let error as UserError {
      return error.description
    }
  }

  @Test(
    "what cannot be read names the place and the fix",
    arguments: [
      ("", "the program pays nothing: no line of it begins with 'reward.'. Write for example reward.way = -distance"),
      ("way = 1", "the program pays nothing: no line of it begins with 'reward.'. Write for example reward.way ="),
      ("reward.x = 1 +", "line 1, column 15: the end stands where a value belongs. Write a number, a name, a call"),
      ("reward.x = (1 + 2", "line 1, column 18: the bracket is followed by the end in place of ')'. Close what '('"),
      ("reward.x = 1\n\nreward.y = 2 3", "line 3, column 14: the number 3 does not belong to the expression"),
      ("reward.x = 1 < 2 < 3", "column 18: '<' does not belong to the expression before it. Comparisons do not chain"),
      ("reward.x = distance = 1", "column 21: '=' does not belong to the expression before it. Two numbers are"),
      ("reward.x = ä", "line 1, column 12: 'ä' belongs to no program. Write numbers, names,"),
      ("reward.x = \"ä\" $", "line 1, column 16: '$' belongs to no program"),
      ("reward.x = contains(event, \"key)", "line 1, column 28: the text is not closed. End it with the quote"),
      ("reward.x = maxx(1, 2)", "there is no function 'maxx'. Did you mean 'max'? The functions are min, max, clamp"),
      ("reward.x = clamp(1, 2)", "'clamp' takes 3 values, not 2. Write clamp(x, low, high)"),
      ("reward.x = if distance < 3 then 1", "column 34: the if lacks its 'else' before the end of the line. Write if"),
      ("x = 1\nreward.x = reward.x", "line 2, column 12: a component cannot be read. Give its expression a name"),
      ("reward.x weight much = 1", "line 1, column 17: the weight is 'much'. Write a number: reward.x weight 0.5 ="),
      ("for i in 3", "line 1, column 5: 'for' is followed by 'i' in place of '='. Write NAME = EXPRESSION"),
      ("1 = 2", "line 1, column 1: a line begins with the number 1. Begin it with NAME = or reward.NAME ="),
      ("step = 1\nreward.x = 1", "line 1, column 1: 'step' has a meaning in every program. Use another name"),
      ("step = distance\nreward.x = step", "line 1, column 1: 'step' has a meaning in every program"),
      ("min = 3\nreward.x = distance - min", "line 1, column 1: 'min' has a meaning in every program"),
      ("before = 1\nreward.x = before", "line 1, column 1: 'before' has a meaning in every program"),
      ("discount = 1\nreward.x = 1", "line 1, column 1: 'discount' has a meaning in every program"),
      ("action = 1\nreward.x = 1", "line 1, column 1: 'action' has a meaning in every program"),
      ("reward = 1", "line 1, column 8: reward is followed by '=' in place of '.'. Write reward.NAME = ..."),
      ("reward.x = distance^9", "the exponent is the number 9. Write 2, 3 or 4; other powers are exp(y * log(x))"),
      ("reward.x = 1e99", "line 1, column 12: '1e99' is not a number that fits. Write for example 0.5 or 1e-3"),
      ("reward.x = \0", "line 1, column 12: the character number 0 belongs to no program"),
    ])
  func syntax(text: String, message: String) throws {
    let refused = try refusal(text)
    #expect(refused.contains(message), "\(refused)")
    #expect(!refused.contains("\n"))
  }

  @Test(
    "what means nothing in the environment names the place and the fix",
    arguments: [
      ("reward.x = distanse", "line 1, column 12: there is no name 'distanse'. Did you mean 'distance'? `forage"),
      ("reward.x = later\nlater = 1", "line 1, column 12: there is no name 'later'"),
      ("distance = 1\nreward.x = 1", "line 1, column 1: 'distance' has a meaning in this environment already"),
      ("a = 1\na = 2\nreward.x = a", "line 2, column 1: 'a' is assigned twice, first in line 1. Names keep what"),
      ("reward.a = 1\nreward.a = 2", "line 2, column 1: reward.a is assigned twice, first in line 1. Give one of them"),
      ("reward.environment = 1", "reward.environment would look like the environment's own reward"),
      ("reward.x = position", "line 1, column 1: reward.x is a vector of 2. A component is a number, for example norm"),
      ("reward.x = event", "reward.x is a text"),
      ("reward.x = position[2]", "line 1, column 20: there is no element 2; there are 2. Use 0 to 1"),
      ("reward.x = image[0, 9, 0]", "there is no element [0, 9, 0]; the shape is 7 x 7 x 3. Write one number"),
      ("reward.x = distance[1]", "a number has no elements. Leave the [...] out"),
      ("reward.x = position + image", "'+' takes two numbers or two vectors of a length, not a vector of 2 and a"),
      ("reward.x = contains(event, event)", "'contains' takes a field of text and a text that is not empty"),
      ("reward.x = event == \"opened\"", "'==' takes no texts but an action's name. Use contains(event,"),
      ("reward.x = action == \"jump\"", "there is no action 'jump'. The actions are left, right, forward, pickUp"),
      ("reward.x = if distance then 1 else 0", "the condition of an if is a number. Write a comparison"),
      ("reward.x = if true then 1 else true", "an if gives a number or a condition. Both must be numbers, or alike"),
      ("reward.x = distance + (distance < 3)", "'+' takes two numbers or two vectors of a length, not a number and a"),
      ("reward.x = max(1, distance < 3)", "'max' takes numbers, not a condition. number(CONDITION) is 1 or 0"),
      ("reward.x = distance and true", "'and' takes conditions, not a number"),
      ("reward.x = step.time", "there is no property of a step 'time'. A step has step.reward, step.success"),
      ("reward.x = norm(distance)", "'norm' takes vectors, not a number. Write vector(x, y), or abs(x) of a number"),
      ("reward.x = 1 / 0", "line 1, column 14: division by zero. Divide by what is not 0, for example max(x, 0.01)"),
      ("a = 3 - 3\nreward.x = distance / a", "line 2, column 21: division by zero"),
      ("reward.x = distance * log(0)", "this gives -inf, which is not a finite number"),
      ("reward.x = clamp(distance, 3, 1)", "the bounds of 'clamp' are the wrong way round: 3 to 1. Write"),
      ("reward.x = clamp(distance, 0.3, 1e-2)", "the wrong way round: 0.3 to 0.01. Write"),
      ("reward.x = tolerance(distance, 0, 1, -0.5)", "line 1, column 12: the margin of 'tolerance' is -0.5. Write how"),
      ("reward.x = before(step.reward)", "step.reward has no value before the step. Use it outside of before(...)"),
      ("reward.x = shaping(number(action))", "action has no value before the step"),
      ("d = before(distance)\nreward.x = shaping(d)", "line 1, column 5: before(...) has no value before the step"),
    ])
  func meaning(text: String, message: String) throws {
    let refused = try refusal(text)
    #expect(refused.contains(message), "\(refused)")
    #expect(refused.hasPrefix("the program, line ") && !refused.contains("\n"))
  }

  @Test(
    "units that differ are refused where they meet, a number may be a scale of any kind",
    arguments: [
      ("reward.x = angle + speed", "'+' mixes rad with rad/s. Multiply one of them by a number that says"),
      ("reward.x = angle - 0.1 * speed", "accepted"),
      ("reward.x = angle^2 + 0.1 * speed^2", "accepted"),
      ("reward.x = angle^2 + speed^2", "'+' mixes rad^2 with rad^2/s^2"),
      ("reward.x = if angle < speed then 1 else 0", "'<' mixes rad with rad/s"),
      ("reward.x = max(angle, speed)", "'max' mixes rad with rad/s"),
      ("reward.x = exp(speed)", "'exp' of something in rad/s. Divide it by a scale: exp(x / 0.5)"),
      ("reward.x = exp(angle) + cos(angle)", "accepted"),
      ("reward.x = exp(-abs(speed) / 8)", "accepted"),
      ("reward.x = angle / speed + speed / angle", "'+' mixes s with 1/s"),
      ("reward.x = sqrt(speed^2) - speed", "accepted"),
      ("reward.x = number(angle) + number(speed)", "accepted"),
      ("reward.x = tolerance(angle, 0, speed, 1)", "'tolerance' mixes rad with rad/s"),
      ("reward.x = if angle < 1 then angle else speed", "'if' mixes rad with rad/s"),
      ("reward.x = shaping(angle) + energy", "'+' mixes rad with J"),
      ("reward.x = norm(vector(angle, speed))", "'vector' mixes rad with rad/s"),
      ("reward.x = action == \"left\"", "the actions of this environment have no names. Compare elements"),
    ])
  func units(text: String, message: String) throws {
    let refused = try refusal(text, RefusalTests.pendulum)
    #expect(refused.contains(message), "\(refused)")
  }

  @Test("distances and speeds of a cart do not add up")
  func cart() throws {
    #expect(try refusal("reward.x = position + velocity", RefusalTests.cart).contains("mixes m with m/s"))
    #expect(try refusal("reward.x = position / velocity * angularVelocity - angle", RefusalTests.cart) == "accepted")
  }

  @Test("hostile texts are one short line, in less than a second")
  func hostile() throws {
    let many = { (text: String, count: Int) in String(repeating: text, count: count) }
    let cases: [(String, String)] = [
      ("reward.x = " + many("(", 1000) + "1" + many(")", 1000), "more than 64 deep"),
      ("reward.x = " + many("-", 1000) + "1", "more than 64 deep"),
      ("reward.x = " + many("not ", 1000) + "true", "more than 64 deep"),
      ("reward.x = " + many("if true then 1 else ", 1000) + "1", "more than 64 deep"),
      ("reward.x = " + many("abs(", 1000) + "1", "more than 64 deep"),
      ("reward.x = 1" + many(" + 1", 1_000_000), "has 4000012 bytes; the most of a reward program are 65536"),
      ("reward.x = 1" + many("+1", 30_000), "more than 4096 numbers, names and operators"),
      ("reward.x = min(" + many("1,", 30_000) + "1)", "more than 4096 numbers"),
      ("reward.x = " + many("[", 60_000), "'[' stands where a value belongs"),
      ("reward.x = " + many("a", 60_000), "there is no name 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'"),
      (many("a", 60_000) + " = 1", "pays nothing"),
      ("reward.x = " + many("9", 60_000), "is not a number that fits"),
      ("reward.x = \"" + many("a", 60_000) + "\"", "the text has 60000 bytes; the most are 256"),
      (many("\n", 60_000), "pays nothing"),
      (many("reward.x = 1\n", 64), "line 2, column 1: reward.x is assigned twice"),
      (many("reward.x = 1\n", 3000), "has 3000 lines that begin with 'reward.'; the most are 64"),
      ("reward.x = contains(event, \"\")", "takes a field of text"),
      // Sums of vectors, each of 147 numbers.
      ("reward.x = norm(image" + many(" + image * 2 - before(image)", 20) + ")", "accepted"),
      (
        (0..<100).map { "v\($0) = image * \($0 + 2).5 - before(image)\n" }.joined() + "reward.x = sum(v0"
          + (1..<100).map { " + v\($0)" }.joined() + ")", "operations on numbers"
      ),
    ]
    for (text, message) in cases {
      let (refused, time) = try timed { try refusal(text) }
      #expect(refused.contains(message), "\(refused.prefix(200))")
      #expect(refused.utf8.count < 500 && !refused.contains("\n"))
      #expect(time < .seconds(1))
    }
  }

  private func timed(_ work: () throws -> String) rethrows -> (String, Duration) {
    var result = ""
    let time = try ContinuousClock().measure { result = try work() }
    return (result, time)
  }
}
