import Groundwork
import ReinforcementLearning
import Synchronization
import Testing

@testable import Catalog
@testable import Experiments

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A claim's directory: gone on with after every kind of stop, and nothing in it that lies.
@Suite("Claims in their directories") struct ClaimTests {
  /// Explores a small level, then plays what was found: a chain of two trainings, in less than a second.
  static let tiny = Claim(
    "test/chain", source: "a test", statement: "What was found is found again.",
    scaled: .init(seeds: 5, summary: "A small level.", values: ["steps": 20_000, "episodes": 10]),
    full: .init(seeds: 5, summary: "The same.", values: ["steps": 20_000, "episodes": 10]),
    quantities: [
      ClaimQuantity("replayed", unit: "success", trials: "episodes"), ClaimQuantity("length", unit: "steps"),
    ],
    figures: [ClaimFigure("replayed", .mean(of: "replayed")), ClaimFigure("length", .mean(of: "length"))],
    criteria: [ClaimCriterion("replayed", .above(0.5))], shownTrainings: ["replayed"]
  ) { seed in
    let level = "gridworld/Empty-Random-6x6(layoutSeed=\(seed.seed))"
    for part in 0..<2 {
      _ = try seed.train(
        "explored/\(part)", in: level, by: "go-explore", steps: seed["steps"], seed: seed.seed(part: part),
        run: ["finalEpisodes": 1, "checkpointSeconds": 0])
    }
    let replayed = try seed.train(
      "replayed", in: level, by: "replay", steps: seed["steps"],
      run: ["finalEpisodes": .integer(seed["episodes"]), "checkpointSeconds": 0],
      demonstrations: seed.directory(of: "explored"))
    return ["replayed": try replayed.mean("success"), "length": try replayed.mean("length")]
  }

  static let seeds: [UInt64] = [1, 2, 3, 4, 5]

  func open(_ path: String, claim: Claim = tiny, seeds: [UInt64] = seeds) throws -> ClaimRun {
    try ClaimRun(claim, size: .scaled, seeds: seeds, command: "forage reproduce test/chain", in: path)
  }

  /// Measures all that is missing and concludes.
  func finish(_ path: String, jobs: Int = 2) throws -> ClaimResult {
    let run = try open(path)
    for status in run.carryOut(jobs: jobs, shouldStop: { false }, report: { _, _ in }) {
      guard case .finished = status else {
        Issue.record("\(status)")
        continue
      }
    }
    return try run.result()
  }

  /// The same, where the first seed that fails ends it.
  func conclude(_ path: String) throws {
    let run = try open(path)
    for status in run.carryOut(jobs: 1, shouldStop: { false }, report: { _, _ in }) {
      if case .failed(let error) = status { throw error }
    }
    _ = try run.result()
  }

  @Test("stopped again and again, moved to another place with commas and quotes in its name, it ends on the same bits")
  func resume() throws {
    try withTemporaryDirectory { folder in
      let whole = try finish(folder + "/whole")
      #expect(whole.verdict == .held && whole.measured["replayed"] == [1, 1, 1, 1, 1])
      var path = folder + "/stopped"
      var stops = 0
      // The program is asked to stop after every few iterations, and the directory is somewhere else when it goes on.
      while stops < 500 {
        let asked = Atomic<Int>(0)
        let statuses = try open(path).carryOut(
          jobs: 1, shouldStop: { asked.add(1, ordering: .relaxed).newValue > 4 }, report: { _, _ in })
        if statuses.allSatisfy({ if case .finished = $0 { true } else { false } }) { break }
        for status in statuses { if case .failed(let error) = status { Issue.record("\(error)") } }
        stops += 1
        let next = folder + "/it's at, \"place\" \(stops)"
        try Files.move(path, to: next)
        path = next
      }
      #expect((10..<500).contains(stops))
      #expect(try finish(path, jobs: 1) == whole)
      for file in ["result.json", "claim.json", "seeds/3/measured.json"] {
        #expect(try Files.read(folder + "/whole/" + file) == Files.read(path + "/" + file), "\(file)")
      }
    }
  }

  @Test("a finished claim is concluded from what its seeds measured, without their trainings")
  func finished() throws {
    try withTemporaryDirectory { folder in
      let first = try finish(folder + "/claim")
      for seed in Self.seeds {
        for training in ["explored", "replayed"] { try Files.remove("\(folder)/claim/seeds/\(seed)/\(training)") }
      }
      let bytes = try Files.read(folder + "/claim/result.json")
      #expect(try finish(folder + "/claim") == first)
      try Files.remove(folder + "/claim/result.json")
      #expect(try finish(folder + "/claim") == first)
      #expect(try Files.read(folder + "/claim/result.json") == bytes)
      // The page is written all the same.
      let run = try open(folder + "/claim")
      let page = try Files.readText(run.writeReport(first))
      #expect(page.contains("<h1>test/chain <span class=\"verdict vheld\">held</span></h1>"))
    }
  }

  /// The error of a body, as it is printed.
  func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing is refused"
    } catch {
      return "\(error)"
    }
  }

  @Test("a directory of something else, or of the claim with other seeds, is refused by what it holds")
  func otherDirectories() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/claim"
      _ = try open(path)
      let fix = "Name another directory (--out)"
      #expect(refusal { _ = try open(path, seeds: [2, 3, 4, 5, 6]) } == "'\(path)' holds seeds 1 to 5. \(fix)")
      #expect(
        refusal { _ = try open(path, claim: Claims.cellSelection) } == "'\(path)' holds the claim 'test/chain'. \(fix)")
      let reworded = Claim(
        "test/chain", source: "a test", statement: "What was found is found more often than not.",
        scaled: Self.tiny.scaled, full: Self.tiny.full, quantities: Self.tiny.quantities, figures: Self.tiny.figures,
        criteria: Self.tiny.criteria, experiment: Self.tiny.experiment)
      #expect(
        refusal { _ = try open(path, claim: reworded) } == "'\(path)' holds an earlier wording of the claim. \(fix)")
      try Files.makeDirectory(folder + "/other")
      try Files.writeAtomically("hello", to: folder + "/other/letter.txt")
      #expect(
        refusal { _ = try open(folder + "/other") } == "'\(folder)/other' already exists and holds no claim. \(fix)")
      #expect(
        refusal { _ = try open(folder + "/other/letter.txt") }
          == "'\(folder)/other/letter.txt' already exists and holds no claim. \(fix)")
      #expect(
        refusal { _ = try open(folder + "/few", seeds: [1, 2, 3, 4]) }
          == "4 seeds say too little of how much they differ. Use 5 or more (--seeds 5)")
    }
  }

  @Test("two programs never write one directory")
  func lock() throws {
    try withTemporaryDirectory { folder in
      let first = try open(folder + "/claim")
      #expect(refusal { _ = try open(folder + "/claim") }.contains("is in use by another process"))
      _ = first.path
    }
  }

  @Test("damage to any file of a finished claim is noticed and named", arguments: [
    "claim.json", "result.json", "seeds/4/measured.json",
  ])
  func damage(_ file: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/claim"
      _ = try finish(path)
      let bytes = try Files.read("\(path)/\(file)")
      // Every digit of the file in turn, so that the document stays one.
      var tried = 0
      let digits = UInt8(ascii: "0")...UInt8(ascii: "8")
      for place in bytes.indices where digits.contains(bytes[place]) {
        var damaged = bytes
        damaged[place] += 1
        try Files.writeAtomically(damaged, to: "\(path)/\(file)")
        let error = refusal { try conclude(path) }
        #expect(error.contains(file), "byte \(place): \(error)")
        tried += 1
      }
      #expect(tried > 10)
      try Files.writeAtomically(Array(bytes.dropLast(20)), to: "\(path)/\(file)")
      #expect(refusal { try conclude(path) }.contains(file))
      try Files.writeAtomically(bytes, to: "\(path)/\(file)")
      _ = try finish(path)
    }
  }

  @Test("another seed's measurement, and a result that does not follow from the measurements, are named")
  func exchanged() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/claim"
      _ = try finish(path)
      let own = try Files.read(path + "/seeds/1/measured.json")
      try Files.writeAtomically(try Files.read(path + "/seeds/2/measured.json"), to: path + "/seeds/1/measured.json")
      #expect(
        refusal { _ = try open(path).result() }.contains("measured.json' is seed 2 of 'test/chain', not seed 1 of"))
      // Of the same seed, but of another size, or of a claim that declared something else.
      for (key, value, line) in [("size", "full", "the claim's full size"), ("definition", "0", "an earlier wording")] {
        var other = try JSON(parsing: own, name: "measured.json")
        other[key] = .string(value)
        other["digest"] = nil
        try Files.writeAtomically(SealedDocument.text(of: other), to: path + "/seeds/1/measured.json")
        #expect(refusal { _ = try open(path).result() }.contains("measured.json' is of \(line)"))
      }
      var document = try JSON(parsing: own, name: "measured.json")
      document["values"] = ["replayed": 0, "length": 3]
      document["digest"] = nil
      try Files.writeAtomically(SealedDocument.text(of: document), to: path + "/seeds/1/measured.json")
      let lie = refusal { _ = try open(path).result() }
      #expect(lie.contains("result.json' does not follow from what the seeds measured"))
    }
  }

  @Test("a seed that fails is told with its reason, and the others are measured")
  func failure() throws {
    try withTemporaryDirectory { folder in
      let failing = Claim(
        "test/failing", source: "a test", statement: "All goes well.",
        scaled: .init(seeds: 5, summary: "Numbers.", values: [:]),
        full: .init(seeds: 5, summary: "Numbers.", values: [:]),
        quantities: [ClaimQuantity("number", unit: "numbers")], figures: [ClaimFigure("number", .mean(of: "number"))],
        criteria: [ClaimCriterion("number", .above(0))]
      ) { seed in ["number": seed.seed == 2 ? .nan : 1] }
      let run = try open(folder + "/claim", claim: failing)
      let statuses = run.carryOut(jobs: 2, shouldStop: { false }, report: { _, _ in })
      for (seed, status) in zip(Self.seeds, statuses) {
        switch status {
        case .failed(let error):
          #expect(seed == 2 && error.reason == "number of seed 2 of 'test/failing' cannot be nan")
        case .finished(let sample): #expect(seed != 2 && sample.values == ["number": 1])
        default: Issue.record("\(status)")
        }
      }
      #expect(refusal { _ = try run.result() }.hasPrefix("seed 2 of 'test/failing' is not measured yet. Go on with `"))
    }
  }

  @Test("every claim of the catalog is found by its id, has sizes with seeds enough, and says what it reads")
  func catalog() throws {
    #expect(Set(Catalog.claims.map(\.id)).count == Catalog.claims.count)
    for claim in Catalog.claims {
      #expect(try Catalog.claim(claim.id.uppercased()).id == claim.id)
      for size in [claim.scaled, claim.full] {
        #expect(size.seeds >= Claim.fewestSeeds && size.values.values.allSatisfy { $0 > 0 })
        #expect(claim.quantities.allSatisfy { quantity in quantity.trials.map { size.values[$0] != nil } ?? true })
      }
      #expect([claim.statement, claim.scaled.summary, claim.full.summary].allSatisfy { $0.hasSuffix(".") })
    }
    #expect(
      refusal { _ = try Catalog.claim("go-explore/cel-selection") }
        == "there is no claim 'go-explore/cel-selection'. Did you mean 'go-explore/cell-selection'? "
        + "`forage reproduce --list` shows all")
  }
}

/// Runs a body with a new directory, which is removed afterwards.
private func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let template = Array("/tmp/forage-test-XXXXXX".utf8CString)
  let path = template.withUnsafeBufferPointer { original in
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: original.count)
    defer { copy.deallocate() }
    _ = copy.initialize(from: original)
    return mkdtemp(copy.baseAddress!).map { String(cString: $0) }
  }
  let directory = try #require(path)
  defer { try? Files.remove(directory) }
  try body(directory)
}
