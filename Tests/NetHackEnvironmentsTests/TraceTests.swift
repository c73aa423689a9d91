#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork
  @testable import NetHackEnvironments
  import ReinforcementLearning
  import Testing

  @Suite("Games recorded by NLE", .needsGame, .serialized) struct NetHackTraceTests {
    /// A file beside these tests.
    private static func fixture(_ name: String) -> String {
      #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/" + name
    }

    @Test("every array of every recorded step comes out the same, to the last bit")
    func traces() throws {
      let report = try NetHackTrace.verifier.verify(try TraceFile(reading: Self.fixture("traces.jsonl.gz")))
      #expect(report.episodes.reduce(0) { $0 + $1.steps } == 2400)
      #expect(report.episodes.reduce(0) { $0 + $1.equalSteps } == 2400)
      #expect(report.episodes.compactMap(\.difference) == [])
    }

    @Test("every task of NLE and every level of MiniHack pays and shows what its own environment does")
    func tasks() throws {
      let report = try NetHackTaskTrace.verifier.verify(try TraceFile(reading: Self.fixture("tasks.jsonl.gz")))
      #expect(report.episodes.count == 90)
      #expect(report.episodes.filter { $0.difference != nil }.map { "\($0.task) \($0.name): \($0.difference!)" } == [])
    }

    @Test("a random player's games are long, deep and talkative as NLE's are", arguments: NetHackRandomPlayer.Keys.allCases)
    func randomPlayer(_ keys: NetHackRandomPlayer.Keys) throws {
      let rows = try NetHackRandomPlayer.play(keys, games: 20, seed: 4)
      #expect(rows.count > 10)
      for row in rows { #expect(abs(row.distance) < 4.5, "\(row.name): \(row.value), NLE's \(row.reference)") }
    }

    @Test("random keys in random characters: every continuation of a copy is identical, here and in another slot")
    func soak() throws {
      var probe = try NetHackProbe(seed: 3)
      defer { probe.close() }
      let soak = try probe.soak(keys: 4000) { _ in true }
      #expect(soak.snapshots > 0)
      #expect(soak.identical == soak.snapshots)
      #expect(soak.identicalElsewhere == soak.snapshots)
      #expect(soak.faults == 0)
    }
  }
#endif
