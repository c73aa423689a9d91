import Experiments
import Groundwork
import LanguageModels
import Testing

@testable import Catalog

@Suite("Seeds of designs that servers answer") struct DesignSeedTests {
  /// Answers by the seed alone, as servers do: the n-th program for seed n, behind a sentence where n is odd.
  private final class Seeded: StreamingLanguageModel {
    let name = "seeded"

    func complete(
      _ prompts: [String], _ sampling: Sampling, repetitions: [Int], whenAnswered: (Int, Completion) -> Void
    ) -> [Completion] {
      repetitions.map { repetition in
        let number = sampling.seed &+ UInt64(repetition)
        let program = "```\nreward.d = -\(number + 1) * distance\n```"
        // The prompt has the fence that begins a program.
        guard number % 2 == 1 else { return Completion(String(program.dropFirst(4))) }
        return Completion(sampling.stops.isEmpty ? "Sure!\n" + program : "Sure!")
      }
    }

    func score(_ prompt: String, options: [String]) -> [Double] { options.map { _ in 0 } }
  }

  @Test("a server that goes by seeds writes as many programs as there are candidates, also where it is asked again")
  func seeds() throws {
    let path = "/tmp/forage-design-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? Files.remove(path) }
    var design = DesignDescription(
      .resample, environment: "gridworld/Empty-5x5", agent: "ppo(slots=4,batches=1,steps=16)", model: "seeded")
    (design.candidates, design.iterations, design.steps) = (3, 3, 64)
    (design.evaluations, design.episodes) = (1, 1)
    let designer = DesignModel(Seeded(), isChat: false, seedStride: 1_000)
    let result = try #require(
      try RewardSearch(design, in: path, asking: designer).carryOut(jobs: 1, shouldStop: { false }, report: { _ in }))
    #expect(Set(result.attempts.map(\.program)).count == 9, "\(result.attempts.map(\.program))")
    #expect(result.attempts.allSatisfy { $0.sameAs == nil && $0.program?.hasPrefix("reward.d = -") == true })
    let server = try DesignModel("http(name=a,url=http://127.0.0.1:1/v1)", seed: 3)
    #expect(server.samplingSeed(2) - server.samplingSeed(1) >= 64, "the most candidates that a design can have")
  }
}
