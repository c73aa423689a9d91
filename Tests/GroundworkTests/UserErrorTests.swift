import Groundwork
import Testing

@Suite("Errors") struct UserErrorTests {
  @Test("an error is one line: the reason, then the fix")
  func description() {
    #expect("\(UserError("3 slots do not fit", fix: "Use 4"))" == "3 slots do not fit. Use 4")
    #expect("\(UserError("3 slots do not fit"))" == "3 slots do not fit")
  }

  @Test("an unknown name is answered with the nearest that exists")
  func suggestion() {
    let ids = ["gridworld/Empty-8x8", "gridworld/DoorKey-8x8", "gridworld/DoorKey-5x5", "bandit/Bernoulli"]
    #expect(
      "\(UserError.unknown("environment", "gridworld/DorKey-8x8", among: ids, hint: "`forage list` shows all"))"
        == """
        there is no environment 'gridworld/DorKey-8x8'. Did you mean \
        'gridworld/DoorKey-8x8'? `forage list` shows all
        """
    )
    #expect(
      UserError.unknown("environment", "gridworld/DoorKey-6x6", among: ids).fix
        == "Did you mean 'gridworld/DoorKey-8x8' or 'gridworld/DoorKey-5x5'?")
  }

  @Test("what resembles nothing gets no suggestion, only the hint")
  func nothingNear() {
    #expect("\(UserError.unknown("agent", "zzzzzz", among: ["ppo", "dqn"]))" == "there is no agent 'zzzzzz'")
    #expect(
      "\(UserError.unknown("agent", "zzzzzz", among: [], hint: "See `forage list`"))"
        == "there is no agent 'zzzzzz'. See `forage list`")
  }

  @Test(
    "nearest counts case as equal and swapped neighbours as one edit",
    arguments: [
      ("PPO", ["ppo"]), ("pop", ["ppo"]), ("dqn2", ["dqn"]), ("", []), ("rainbow-dqn-long", ["rainbow-dqn"]),
      // Two letters of three are another word.
      ("foo", []),
    ])
  func nearest(name: String, expected: [String]) {
    #expect(UserError.nearest(to: name, among: ["ppo", "dqn", "rainbow-dqn"]) == expected)
  }

  @Test("a much nearer name hides one that is farther")
  func onlyTheBest() {
    #expect(
      UserError.nearest(to: "learningRate", among: ["learningRat", "leaningRates", "gaeLambda"]) == [
        "learningRat", "leaningRates",
      ])
    #expect(UserError.nearest(to: "discount", among: ["discount", "dicsunt"]) == ["discount"])
  }
}
