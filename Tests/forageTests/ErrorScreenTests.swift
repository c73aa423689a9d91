import Foundation
import Testing

/// What a mistake on the command line looks like: one line with the reason and the fix, and a status that is not 0.
@Suite struct ErrorScreenTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var arguments: String
    var status: Int32
    var line: String
    var testDescription: String { "forage " + arguments }
  }

  static let cases: [Case] = [
    Case(
      arguments: "train gridworld/DoorKey-8x8(level.sise=6)", status: 1,
      line: "forage: there is no setting 'environment.level.sise'. Did you mean 'environment.level.side'? "
        + "Those of 'gridworld/DoorKey-8x8' are family, side"),
    Case(
      arguments: "train gridworld/DoorKey-8x8(level.side=6 --agent ppo", status: 1,
      line: "forage: 'gridworld/DoorKey-8x8(level.side=6' does not end with a ')'. Write for example "
        + "'gridworld/DoorKey-8x8(level.side=6)'"),
    Case(
      arguments: "train control/CartPole --reward environment+count(off=cell)", status: 1,
      line:
        "forage: there is no setting 'count.off'. Did you mean 'count.of'? Those of the reward 'count' are of, episodic"
    ),
    Case(
      arguments: "compare --env gridworld/Empty-5x5 --env gridworld/Empty-5x5 --agent random --out x", status: 1,
      line: "forage: the environment 'gridworld/Empty-5x5' is named twice. Leave one of them out"),
    Case(
      arguments: "compare --env gridworld/Empty-5x5 --agent random --agent random --out x", status: 1,
      line: "forage: the arm 'random: environment' is named twice. Leave one of them out"),
    Case(
      arguments: "evaluate runs/x --episodes 1k", status: 1,
      line: "forage: --episodes cannot be '1k'. Use a whole number in digits, for example 100. `forage --help` and "
        + "`forage COMMAND --help` show what there is"),
    Case(
      arguments: "evaluate runs/x --seed 99999999999999999999", status: 1,
      line: "forage: --seed cannot be 99999999999999999999. The greatest number there is 18446744073709551615. "
        + "`forage --help` and `forage COMMAND --help` show what there is"),
    Case(
      arguments: "bench control/CartPole --seconds x", status: 1,
      line: "forage: --seconds cannot be 'x'. Use a number, for example 0.5. `forage --help` and "
        + "`forage COMMAND --help` show what there is"),
    Case(
      arguments: "verify /tmp", status: 1,
      line: "forage: '/tmp' is a directory. Name its files, for example /tmp/*.json"),
    Case(
      arguments: "trian control/CartPole", status: 1,
      line: "forage: there is no command 'trian'. Did you mean 'train'? `forage --help` shows all"),
    Case(
      arguments: "train control/CartPol", status: 1,
      line: "forage: there is no environment 'control/CartPol'. Did you mean 'control/CartPole'? "
        + "`forage list environments` shows all"),
    Case(
      arguments: "train MiniGrid-DoorKey-9x9-v0 --out /nowhere", status: 1,
      line: "forage: there is no environment 'MiniGrid-DoorKey-9x9-v0'. Did you mean 'MiniGrid-DoorKey-5x5-v0' or "
        + "'MiniGrid-DoorKey-6x6-v0'? `forage list environments` shows all"),
    Case(
      arguments: "train control/CartPole --agent pop", status: 1,
      line: "forage: there is no agent 'pop'. Did you mean 'ppo'? `forage list agents` shows all"),
    Case(
      arguments: "train control/CartPole --reward environment+0.1*cuont", status: 1,
      line: "forage: there is no reward 'cuont'. Did you mean 'count'? `forage list rewards` shows all"),
    Case(
      arguments: "train control/CartPole --agent random --set agent.slotss=4", status: 1,
      line: "forage: there is no setting 'agent.slotss'. Did you mean 'agent.slots'? "
        + "Those of agent 'random' are slots, batches, steps"),
    Case(
      arguments: "train control/CartPole --set learningRat=1", status: 1,
      line: "forage: there is no setting 'learningRat'. Did you mean 'learningRate'?"),
    Case(
      arguments: "train control/CartPole --agent random --set agent.slots=2.5", status: 1,
      line: "forage: agent.slots of agent 'random' cannot be 2.5. It is a whole number"),
    Case(
      arguments: "train control/CartPole --set evaluationChoice=moode", status: 1,
      line: "forage: evaluationChoice of the run cannot be \"moode\". Did you mean 'mode'? It is one of sample, mode"),
    Case(
      arguments: "train control/CartPole --agent random --set steps=5", status: 1,
      line: "forage: 'steps' is a setting of the agent and the run. Write agent.steps or run.steps"),
    Case(
      arguments: "train control/CartPole --agent random --set batches=3 --out DIR", status: 1,
      line: "forage: 16 slots cannot be shared out to 3 batches. Use a number that divides them "
        + "(--set agent.batches=)"
    ),
    Case(
      arguments: "train control/CartPole --set agent.epochs=3 --set epochs=4", status: 1,
      line: "forage: epochs is set twice, to 3 and to 4. Leave one of the two --set out"),
    Case(
      arguments: "train control/CartPole --steps 2k --set run.steps=3k", status: 1,
      line: "forage: run.steps is set beside --steps. Leave one of the two out"),
    Case(
      arguments: "train control/CartPole --reward environment --reward count", status: 1,
      line: "forage: --reward is given twice. Leave one of the two out; `forage compare` takes several"),
    Case(
      arguments: "compare --env control/CartPole --set seed=7 --out DIR", status: 1,
      line: "forage: seed is set beside a comparison's own seeds (--first-seed, --seeds). Leave one of the two out"),
    Case(
      arguments: "evaluate nothing --episodes 3 --episodes=4", status: 1,
      line: "forage: --episodes is given twice. Leave one of the two out"),
    Case(
      arguments: "train control/CartPole --config nothing.yaml", status: 1,
      line: "forage: cannot read 'nothing.yaml': no such file or directory. Check the path"),
    Case(
      arguments: "train control/CartPole --out /dev/null", status: 1,
      line: "forage: '/dev/null' is a file. Name another directory (--out)"),
    Case(
      arguments: "train control/CartPole --out /proc/run", status: 1,
      line: "forage: cannot make the directory '/proc/run': no such file or directory. Check the path"),
    Case(
      arguments: "train control/CartPole --steps many", status: 1,
      line: "forage: the value 'many' is invalid for '--steps <steps>': 'many' is no number of steps. Write a whole "
        + "number from 1 to 10^15, such as 200000, 1_000_000, 1e6, 200k or 0.5M. `forage --help` and `forage COMMAND "
        + "--help` show what there is"),
    Case(
      arguments: "train control/CartPole --set run.steps=many --out DIR", status: 1,
      line: "forage: 'many' is no number of steps. Write a whole number from 1 to 10^15, such as 200000, 1_000_000, "
        + "1e6, 200k or 0.5M (--set run.steps=)"),
    Case(
      arguments: "train control/CartPole --steps -5", status: 1,
      line: "forage: the value '-5' is invalid for '--steps <steps>': '-5' is no number of steps. Write a whole "
        + "number from 1 to 10^15, such as 200000, 1_000_000, 1e6, 200k or 0.5M. `forage --help` and `forage COMMAND "
        + "--help` show what there is"),
    Case(
      arguments: "compare --env control/CartPole --first-seed -3 --out DIR", status: 1,
      line: "forage: --first-seed cannot be -3. Use a whole number from 0. `forage --help` and `forage COMMAND --help` "
        + "show what there is"),
    Case(
      arguments: "compare --env control/CartPole --jobs -1 --out DIR", status: 1,
      line: "forage: --jobs must lie in 0...256, not -1. `forage --help` and `forage COMMAND --help` show what there "
        + "is"),
    Case(
      arguments: "train control/CartPole --set reward.x=-1 --out DIR", status: 1,
      line: "forage: 'reward.x' is no setting that --set takes: those of a reward design stand in its text. Write for "
        + "example --reward 'environment+0.01*count(of=cell)'"),
    Case(
      arguments: "train control/CartPole --set agent.hiddenLayers=[64,-1] --out DIR", status: 1,
      line: "forage: an element of agent.hiddenLayers cannot be -1. Use a whole number from 1 to 65536 "
        + "(--set agent.hiddenLayers=[64,64])"),
    Case(
      arguments: "train control/CartPole --set agent.hiddenLayers=[64,2.5] --out DIR", status: 1,
      line: "forage: agent.hiddenLayers of agent 'ppo' cannot be [64,2.5]. It is a list of whole numbers such as "
        + "[64, 64]"),
    Case(
      arguments: "train control/CartPole --set agent.minibatches=7 --set agent.slots=8 --set agent.steps=32 --out DIR",
      status: 1,
      line: "forage: a rollout of 256 = 32 steps x 8 slots cannot be split into 7 minibatches: remainder 4. Use 1, 2, "
        + "4, 8, 16, 32 or 64 (--set agent.minibatches=)"),
    Case(
      arguments: "train control/CartPole --sed 3", status: 1,
      line: "forage: unknown option '--sed'. Did you mean '--seed'? `forage --help` and `forage COMMAND --help` "
        + "show what there is"),
    Case(
      arguments: "train control/CartPole --bogus", status: 1,
      line: "forage: unknown option '--bogus'. `forage --help` and `forage COMMAND --help` show what there is"),
    Case(
      arguments: "foo", status: 1,
      line: "forage: there is no command 'foo'. `forage --help` shows all"),
    Case(
      arguments: "train --resume nowhere", status: 1,
      line: "forage: there is no directory 'nowhere'. Check the path; `forage train` makes runs"),
    Case(
      arguments: "evaluate .", status: 1,
      line: "forage: '.' holds no run: it has no run.json. Name the directory that `forage train --out` made"),
    Case(
      arguments: "compare --env control/CartPole", status: 1,
      line: "forage: no directory is named for the comparison. Add for example --out runs/doors"),
    Case(
      arguments: "report nowhere", status: 1,
      line: "forage: 'nowhere' holds no comparison: it has no comparison.json. Name the directory that "
        + "`forage compare --out` made"),
    Case(
      arguments: "compare --env control/CartPole --agent ppo(epochs=2 --out DIR", status: 1,
      line: """
      forage: 'ppo(epochs=2' does not end with a ')'. Write for example --agent \
      'go-explore(selection=uniform)'
      """),
    Case(
      arguments: "compare --env control/CartPole --agent random(slotss=2) --out DIR", status: 1,
      line: "forage: there is no setting 'agent.slotss'. Did you mean 'agent.slots'? "
        + "Those of agent 'random' are slots, batches, steps"),
    Case(
      arguments: "watch control/CartPole --archive", status: 1,
      line:
        """
        forage: 'control/CartPole' is no run, and only runs have archives. Name a run's directory, for example \
        runs/first
        """
    ),
    Case(
      arguments: "watch control/CartPole --archive --list", status: 1,
      line:
        """
        forage: --archive and --list cannot be had at a time. `forage --help` and `forage COMMAND --help` show \
        what there is
        """
    ),
    Case(
      arguments: "train board/TicTacToe --set opponent=none --out DIR", status: 1,
      line: "forage: agent 'ppo' requires one player, and in 'board/TicTacToe' as it is set two take turns. "
        + "Let the environment play the other: --set environment.opponent=random"),
    Case(
      arguments: "match control/CartPole mcts mcts", status: 1,
      line: """
      forage: 'control/CartPole' is not a game of two players who take turns. Use \
      for example board/ConnectFour
      """),
    Case(
      arguments: "match board/TicTacToe mcts mtcs", status: 1,
      line: "forage: there is no run or agent 'mtcs'. Did you mean 'mcts' or 'moss'? "
        + "`forage list agents` shows all agents"),
    Case(
      arguments: "match board/TicTacToe mcts runs/nowhere", status: 1,
      line: "forage: there is no run 'runs/nowhere'. Check the path; `forage train` makes runs"),
    Case(
      arguments: "match board/TicTacToe mcts random(slotss=3)", status: 1,
      line: "forage: there is no setting 'agent.slotss'. Did you mean 'agent.slots'? "
        + "Those of agent 'random' are slots, batches, steps"),
    Case(
      arguments: "match board/TicTacToe mcts mcts --games 7", status: 1,
      line: "forage: --games must be an even number in 2...1000000, not 7. `forage --help` and `forage COMMAND --help` "
        + "show what there is"),
    Case(
      arguments: "watch control/CartPole", status: 1,
      line: "forage: there is no display to open a window on: DISPLAY and WAYLAND_DISPLAY are not set. Use "
        + "--terminal; `forage watch` also draws without a display (--record FILE.png, .gif or .mp4)"),
    Case(
      arguments: "bench --training poo", status: 1,
      line: "forage: there is no training benchmark 'poo'. Did you mean 'ppo'? There is one for ppo and sac and "
        + "go-explore and ucb1 and thompson"),
  ]

  @Test("a mistake gives one line with its reason and its fix", arguments: cases)
  func oneLine(_ mistake: Case) throws {
    let folder = TemporaryFolder()
    let arguments = mistake.arguments.replacingOccurrences(of: "DIR", with: folder.path("run"))
    let result = try Program.run(arguments.split(separator: " ").map(String.init), in: folder.url)
    #expect(result.status == mistake.status)
    #expect(result.output == "")
    // A run announces itself before its agent looks at its configuration.
    let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("forage: ") }
    #expect(lines == [Substring(mistake.line)])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty, "nothing stays behind")
  }

  @Test("a YAML file that cannot be read is named with the line")
  func brokenYAML() throws {
    let folder = TemporaryFolder()
    try "agent: {id: random\nsteps: [1\n".write(toFile: folder.path("a.yaml"), atomically: true, encoding: .utf8)
    let result = try Program.run(["train", "control/CartPole", "--config", "a.yaml"], in: folder.url)
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("forage: 'a.yaml' is not valid YAML: "))
    #expect(result.errors.contains("line "))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test("a directory that holds something is refused and left alone")
  func existingDirectory() throws {
    let folder = TemporaryFolder()
    try "mine".write(toFile: folder.path("notes.txt"), atomically: true, encoding: .utf8)
    let result = try Program.run(["train", "control/CartPole", "--out", "."], in: folder.url)
    #expect(result.status == 1)
    #expect(
      result.errors == "forage: the directory '.' already exists and is not empty. Name another one (--out)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["notes.txt"])
  }
}
