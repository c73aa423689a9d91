import Environments
import GridworldEnvironments
import Foundation
import Testing

/// The recordings of minigrid 3.2.0 in `Fixtures/minigrid-3.2.0.jsonl.gz`: four episodes of each of 172 levels.
enum GridworldRecordings {
  /// The lines by level id.
  static let lines: [String: [String]] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/minigrid-3.2.0.jsonl.gz")
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", file.path()]
    process.standardOutput = pipe
    do { try process.run() } catch { return [:] }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return Dictionary(grouping: text.split(separator: "\n").map(String.init)) { line in
      line.firstMatch(of: /"id": ?"([^"]+)"/).map { String($0.1) } ?? ""
    }
  }()
}

@Suite("Gridworld plays as MiniGrid does")
struct GridworldTraceTests {
  @Test(
    "layout, mission, limit, every image, reward and flag are those of minigrid 3.2.0",
    arguments: Gridworld.levels.map(\.id))
  func recording(_ id: String) throws {
    let level = try #require(Gridworld.level(named: id))
    for alias in level.aliases {
      let lines = try #require(GridworldRecordings.lines[alias], "no recording of \(alias)")
      #expect(lines.count == 4)
      for line in lines { #expect(try GridworldTrace.verify(line: line.utf8).difference == nil) }
    }
  }

  @Test("a recording with another reward, image or flag is found out, with its step")
  func difference() throws {
    let line = try #require(GridworldRecordings.lines["MiniGrid-DoorKey-5x5-v0"]?.first)
    var trace = try JSONDecoder().decode(GridworldTrace.self, from: Data(line.utf8))
    trace.rewards[7] = 0.5
    #expect(try trace.verify().difference?.hasPrefix("after step 7 ") == true)
    trace = try JSONDecoder().decode(GridworldTrace.self, from: Data(line.utf8))
    trace.images[4] = String(trace.images[4].reversed())
    #expect(try trace.verify().difference?.contains("after step 3 ") == true)
    trace = try JSONDecoder().decode(GridworldTrace.self, from: Data(line.utf8))
    trace.seed += 1
    #expect(try trace.verify().difference?.hasPrefix("at the reset, ") == true)
  }

  @Test("a line that is cut off or names no level is refused")
  func refused() throws {
    #expect(throws: (any Error).self) { try GridworldTrace.verify(line: "{\"id\": \"MiniGrid-DoorKey".utf8) }
    let line = try #require(GridworldRecordings.lines["MiniGrid-DoorKey-5x5-v0"]?.first)
    let other = line.replacingOccurrences(of: "DoorKey-5x5", with: "DoorKy-5x5")
    #expect(throws: (any Error).self) { try GridworldTrace.verify(line: other.utf8) }
  }
}
