import Catalog
import Foundation
import Groundwork
import Testing

/// Runs on the real game, where it is: `scripts/nethack` installs it.
@Suite(
  .serialized,
  .enabled(if: !Catalog.absences.contains { $0.hasPrefix("nethack/") }, "needs the Python package nle: scripts/nethack"))
struct NetHackRunTests {
  private static let settings = [
    "nethack/Descend", "--agent", "go-explore", "--steps", "30k", "--seed", "3", "--workers", "1", "--set",
    "agent.cycles=1", "--set", "checkpointSeconds=0", "--set", "evaluations=0", "--set", "finalEpisodes=1",
  ]

  /// The steps of a run's checkpoints, rising.
  private func steps(_ run: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run + "/checkpoints")) ?? []
    return names.compactMap { Int($0) }.sorted()
  }

  @Test("a killed archive of games goes on from its file of states to the bits of one that was not killed")
  func kill() throws {
    let folder = TemporaryFolder()
    let library = ["--set", "library=" + (ProcessInfo.processInfo.environment["FORAGE_NETHACK"] ?? Self.environment)]
    let running = try Program.start(["train", "--out", folder.path("run")] + Self.settings + library)
    for _ in 0..<4000 where steps(folder.path("run")).count < 2 { usleep(5_000) }
    running.signal(SIGKILL)
    _ = running.wait()
    let chunks = folder.path("run/checkpoints/chunks.bin")
    let written = try #require(Files.size(of: chunks))
    #expect(written > 100_000)

    // A byte of a state that is altered is found before anything is explored; the fix is one that works.
    var bytes = try Files.read(chunks, as: .state)
    let copy = bytes
    bytes[1000] ^= 4
    try Files.writeAtomically(bytes, to: chunks)
    let refused = try Program.run(["train", "--resume", folder.path("run")])
    #expect(refused.status == 1)
    #expect(refused.errors.split(separator: "\n").last?.contains("chunks.bin' was cut off or altered") == true)
    #expect(refused.errors.contains("Remove it"))

    // With the file, and without it, in a copy of the run.
    try Files.writeAtomically(copy, to: chunks)
    try FileManager.default.copyItem(atPath: folder.path("run"), toPath: folder.path("stepped"))
    try Files.remove(folder.path("stepped/checkpoints/chunks.bin"))
    let whole = try Program.run(["train", "--out", folder.path("whole")] + Self.settings + library)
    #expect(whole.status == 0, "\(whole.errors)")
    let last = try #require(steps(folder.path("whole")).last)
    for run in ["run", "stepped"] {
      let resumed = try Program.run(["train", "--resume", folder.path(run)])
      #expect(resumed.status == 0, "\(resumed.errors)")
      for file in ["/checkpoints/\(last)/state.safetensors", "/best.json"] {
        #expect(folder.bytes("whole" + file) != nil && folder.bytes("whole" + file) == folder.bytes(run + file))
      }
    }
  }

  @Test("a program that compiles a level without end is stopped with ours, and leaves nothing behind")
  func compiling() throws {
    let folder = TemporaryFolder()
    let files = FileManager.default
    let library = ProcessInfo.processInfo.environment["FORAGE_NETHACK"] ?? Self.environment
    let nle = try #require(
      ["", "/nle"].map { library + $0 }.first { files.fileExists(atPath: $0 + "/libnethack.so") }
        ?? (try? files.contentsOfDirectory(atPath: library + "/lib"))?
        .map { "\(library)/lib/\($0)/site-packages/nle" }.first { files.fileExists(atPath: $0) })
    try files.createDirectory(atPath: folder.path("nle/nethackdir"), withIntermediateDirectories: true)
    try files.createDirectory(atPath: folder.path("temporary"), withIntermediateDirectories: true)
    try files.copyItem(atPath: nle + "/libnethack.so", toPath: folder.path("nle/libnethack.so"))
    try files.copyItem(atPath: nle + "/nethackdir/nhdat", toPath: folder.path("nle/nethackdir/nhdat"))
    try files.createDirectory(atPath: folder.path("minihack"), withIntermediateDirectories: true)
    try files.copyItem(atPath: nle + "/../minihack/lib", toPath: folder.path("minihack/lib"))
    // No record vouches for these.
    for tool in ["lev_comp", "dlb"] {
      try Files.writeAtomically("#!/bin/sh\nexec sleep 100\n", to: folder.path("nle/nethackdir/" + tool))
      chmod(folder.path("nle/nethackdir/" + tool), 0o755)
    }
    let settings = ["--steps", "1k", "--out", folder.path("run"), "--set", "library=" + folder.path("nle")]
    let running = try Program.start(
      ["train", "minihack/Room-5x5"] + settings, environment: ["TMPDIR": folder.path("temporary")])
    func compiles() -> Bool { !((try? files.contentsOfDirectory(atPath: folder.path("temporary"))) ?? []).isEmpty }
    for _ in 0..<2000 where !compiles() { usleep(5_000) }
    #expect(compiles())
    usleep(100_000)
    let start = Clock.seconds
    running.signal(SIGINT)
    #expect(running.wait().status == 130)
    #expect(Clock.seconds - start < 5)
    #expect(!compiles())
  }

  /// Where the repository has it.
  private static let environment =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/.venv-nethack"
}
