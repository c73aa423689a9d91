import Catalog
import Experiments
import Foundation
import Groundwork
import Testing

/// `forage reproduce` as a person runs it.
@Suite(.serialized) struct ReproduceTests {
  private static let claim = "go-explore/cell-selection"

  @Test("killed, it goes on from another directory and ends on the bits of one that was not; once done it is done")
  func kill() throws {
    let (killed, whole) = (TemporaryFolder(), TemporaryFolder())
    let seeds = ["--seeds", "20", "--first-seed", "11"]
    let command = ["reproduce", Self.claim] + seeds + ["--jobs", "1", "--out", "a, 'b'/\"c\""]
    var kills = 0
    for wait in [100_000, 300_000, 600_000] as [UInt32] {
      let running = try Program.start(command, in: killed.url)
      usleep(wait)
      running.signal(SIGKILL)
      if running.wait().status == SIGKILL { kills += 1 }
    }
    #expect(kills > 0)
    let folder = killed.path("a, 'b'/\"c\"")
    #expect(killed.bytes("a, 'b'/\"c\"/claim.json") != nil)
    #expect(killed.bytes("a, 'b'/\"c\"/result.json") == nil, "it was over before it was killed")
    // On from another working directory, with two seeds at a time.
    let resumed = try Program.run(
      ["reproduce", Self.claim] + seeds + ["--jobs", "2", "--out", folder], in: whole.url)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let first = try Program.run(command, in: whole.url)
    #expect(first.status == 0)
    for file in ["claim.json", "result.json", "report.html"] {
      let bytes = whole.bytes("a, 'b'/\"c\"/" + file)
      #expect(bytes != nil && bytes == killed.bytes("a, 'b'/\"c\"/" + file), "\(file)")
    }
    // Finished: the same words, and nothing is trained, since there is nothing left to train from.
    for seed in 11...30 {
      for arm in ["weights", "uniform"] {
        try FileManager.default.removeItem(atPath: whole.path("a, 'b'/\"c\"/seeds/\(seed)/\(arm)"))
      }
    }
    let again = try Program.run(command, in: whole.url)
    #expect(again.status == 0 && again.output == first.output)
    #expect(first.output.hasPrefix("go-explore/cell-selection: "))
    #expect(first.output.hasSuffix("report: a, 'b'/\"c\"/report.html\n"))
    // One document, the bytes of the result, and nothing else.
    let document = try Program.run(command + ["--json"], in: whole.url)
    #expect(document.output.utf8.elementsEqual(try #require(whole.bytes("a, 'b'/\"c\"/result.json"))))
    let json = try JSON(parsing: document.output, name: "output")
    #expect(json["claim"] == "go-explore/cell-selection" && json["seeds"] == .array((11...30).map { .integer($0) }))
    let quoted = "'a, '\\''b'\\''/\"c\"'"
    #expect(
      json["command"]?.string
        == "forage reproduce go-explore/cell-selection --seeds 20 --first-seed 11 --out \(quoted)")
    // Another claim has no business there.
    let other = try Program.run(["reproduce", "gumbel/improvement", "--out", folder])
    #expect(other.status == 1 && other.output == "")
    let reason = "'\(folder)' holds the claim 'go-explore/cell-selection'"
    #expect(other.errors == "forage: \(reason). Name another directory (--out)\n")
  }

  @Test("SIGINT saves and says how to go on")
  func interrupt() throws {
    let folder = TemporaryFolder()
    let running = try Program.start(
      ["reproduce", Self.claim, "--full", "--jobs", "1", "--out", "the claim"], in: folder.url)
    for _ in 0..<2000 where folder.bytes("the claim/seeds/1/weights/run.json") == nil { usleep(5_000) }
    running.signal(SIGINT)
    let result = running.wait()
    #expect(result.status == 130 && result.output == "")
    let last = String(try #require(result.errors.split(separator: "\n").last))
    let command = "forage reproduce go-explore/cell-selection --full --out 'the claim'"
    #expect(last == "stopped, everything so far is saved; go on with `\(command)`")
  }

  @Test("the claims are listed, as text and as one document")
  func list() throws {
    let text = try Program.run(["reproduce", "--list"])
    #expect(text.status == 0 && text.errors == "")
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Screens/claims.txt")
    if ProcessInfo.processInfo.environment["FORAGE_RECORD"] != nil {
      try text.output.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(text.output == (try String(contentsOf: file, encoding: .utf8)))
    let document = try JSON(parsing: try Program.run(["reproduce", "--list", "--json"]).output, name: "output")
    let claims = try #require(document["claims"]?.array)
    #expect(claims.compactMap { $0["id"]?.string } == Catalog.claims.map(\.id))
    for claim in claims {
      #expect(claim["criteria"]?.array?.isEmpty == false && claim["scaled"]?["seeds"]?.integer ?? 0 >= 5)
    }
  }

  @Test(
    "mistakes are one line with the reason and the fix",
    arguments: [
      (
        "go-explore/cel-selection", 1,
        "there is no claim 'go-explore/cel-selection'. Did you mean 'go-explore/cell-selection'? "
          + "`forage reproduce --list` shows all"
      ),
      (
        "go-explore/cell-selection --seeds 4", 64,
        "--seeds must lie in 5...1000, not 4: fewer say too little of how much they differ. `forage --help` and "
          + "`forage COMMAND --help` show what there is"
      ),
      (
        "", 64,
        "no claim is named; `forage reproduce --list` shows all. `forage --help` and `forage COMMAND --help` show what "
          + "there is"
      ),
      (
        "go-explore/cell-selection --out /dev/null", 1,
        "'/dev/null' already exists and holds no claim. Name another directory (--out)"
      ),
      (
        "go-explore/cell-selection --first-seed 18446744073709551615", 64,
        "--first-seed must lie in 0...2^52, not 18446744073709551615. `forage --help` and `forage COMMAND --help` show "
          + "what there is"
      ),
    ] as [(String, Int32, String)])
  func mistakes(_ arguments: String, _ status: Int32, _ line: String) throws {
    let folder = TemporaryFolder()
    let result = try Program.run(["reproduce"] + arguments.split(separator: " ").map(String.init), in: folder.url)
    #expect(result.status == status && result.output == "")
    #expect(result.errors == "forage: \(line)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }
}
