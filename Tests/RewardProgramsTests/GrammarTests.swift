import Catalog
import Groundwork
import ReinforcementLearning
import RewardPrograms
import Testing

@Suite("Reward programs: the grammar for models") struct GrammarTests {
  @Test(
    "every text that the grammar writes parses, and all that it names exists",
    arguments: ["gridworld/DoorKey-8x8", "control/Pendulum", "control/Acrobot", "domain/Snake", "board/TicTacToe"])
  func drawn(id: String) throws {
    let specification = try Catalog.recipe(id).specification
    let grammar = GrammarSampler(ProgramGrammar.gbnf(for: specification))
    #expect(grammar.isClosed)
    var random = RandomSource(seed: 11)
    var (bound, texts) = (0, Set<String>())
    // What no grammar sees: numbers and programs that grow too large.
    let reasons = ["not a finite number", "more than"]
    for _ in 0..<2000 {
      let text = grammar.draw(random: &random)
      texts.insert(text)
      let refused = refusal(try RewardProgram(parsing: text), specification)
      if refused.isEmpty { bound += 1 }
      #expect(refused.isEmpty || reasons.contains { refused.contains($0) }, "\(refused) in \(text)")
    }
    #expect(texts.count > 1900 && bound > 1900, "\(bound) of \(texts.count)")
  }

  /// Why a program that parses means nothing; empty where it does.
  private func refusal(_ program: RewardProgram, _ specification: Specification) -> String {
    do {
      _ = try CompiledProgram(program, for: specification)
      return ""
    } catch {
      return error.reason
    }
  }

  @Test("an action, a text and a vector are in the grammar of an environment that has them")
  func names() throws {
    let room = ProgramGrammar.gbnf(for: try Catalog.recipe("gridworld/DoorKey-8x8").specification)
    #expect(room.contains("\"pickUp\"") && room.contains("textfield ::= \"mission\" | \"event\""))
    #expect(room.contains("\"position[\" [0-1] \"]\"") && !room.contains("image["))
    let pendulum = ProgramGrammar.gbnf(for: try Catalog.recipe("control/Pendulum").specification)
    #expect(pendulum.contains("\"action[\" [0-0] \"]\"") && !pendulum.contains("textfield"))
  }
}
