import Experiments
import Groundwork
import Testing

@Suite("metrics.jsonl") struct MetricFileTests {
  @Test("a line holds the step, the wall time and the values in their order")
  func text() throws {
    try withTemporaryDirectory { directory in
      let file = try MetricFile(path: directory + "/metrics.jsonl")
      try file.write(step: 128, values: [("policy/loss", -0.25), ("episode/return", 1)], wallTime: 2.5)
      try file.write(step: 256, values: [("odd \"name\"", 1e-7), ("a", .nan), ("b", -.infinity)])
      #expect(
        try Files.readText(file.path) == """
          {"step":128,"wall":2.5,"policy/loss":-0.25,"episode/return":1}
          {"step":256,"odd \\"name\\"":1e-07,"a":"NaN","b":"-Infinity"}

          """)
      let contents = try MetricFile.read(file.path)
      #expect(contents.warning == nil)
      #expect(contents.lines.map(\.step) == [128, 256])
      #expect(contents.lines[0]["policy/loss"] == -0.25 && contents.lines[0].wallTime == 2.5)
      #expect(contents.lines[1]["a"]!.isNaN && contents.lines[1]["b"] == -.infinity)
      #expect(contents.lines[1]["odd \"name\""] == 1e-7 && contents.lines[1].wallTime == nil)
    }
  }

  @Test("every double comes back as the same bits")
  func roundTrip() throws {
    try withTemporaryDirectory { directory in
      let file = try MetricFile(path: directory + "/metrics.jsonl")
      let values = [
        0.1 + 0.2, 1.0 / 3, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 123456789012345680, 1e15, 2.5e-5,
      ]
      for (step, value) in values.enumerated() { try file.write(step: step, values: [("x", value)]) }
      let read = try MetricFile.read(file.path).lines.map { $0["x"]!.bitPattern }
      #expect(read == values.map(\.bitPattern))
    }
  }

  @Test("a file cut off anywhere loses only its last line, and says so")
  func torn() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/metrics.jsonl"
      let file = try MetricFile(path: path)
      for step in [10, 20, 30] { try file.write(step: step, values: [("x", 1.5), ("y", 12345)], wallTime: 100) }
      let whole = try Files.read(path)
      let lineLength = whole.count / 3
      for length in 0..<whole.count {
        try Files.writeAtomically(Array(whole[..<length]), to: path)
        let contents = try MetricFile.read(path)
        #expect(contents.lines.map(\.step) == [10, 20, 30].prefix(length / lineLength).map { $0 })
        #expect((contents.warning == nil) == (length % lineLength == 0))
      }
    }
  }

  @Test("damage before the last line is refused with the line's number")
  func damaged() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/metrics.jsonl"
      try Files.writeAtomically("{\"step\":1}\n{\"step\":\n{\"step\":3}\n", to: path)
      #expect {
        try MetricFile.read(path)
      } throws: {
        "\($0)" == "line 2 of '\(path)' is not a line of metrics. Remove the line, or the file to start anew"
      }
    }
  }

  @Test("a resumed run drops the lines past its checkpoint, and a torn one, and goes on")
  func resume() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/metrics.jsonl"
      let first = try MetricFile(path: path)
      for step in [10, 20, 30] { try first.write(step: step, values: [("x", Double(step))]) }
      try Files.append(Array("{\"step\":4".utf8), to: path)
      let second = try MetricFile(path: path, resumedStep: 20)
      try second.write(step: 30, values: [("x", -1)])
      #expect(
        try Files.readText(path) == "{\"step\":10,\"x\":10}\n{\"step\":20,\"x\":20}\n{\"step\":30,\"x\":-1}\n")
      _ = try MetricFile(path: path)
      #expect(try Files.read(path).isEmpty, "a new run replaces the file")
    }
  }
}

@Suite("progress.csv") struct ProgressTableTests {
  @Test("columns have Stable-Baselines3's names and grow when a metric appears")
  func columns() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/progress.csv"
      var table = try ProgressTable(path: path)
      try table.write(step: 100, values: [("episode/return", 0.5), ("policy/entropy", 1.25)])
      try table.write(step: 200, values: [("reward/a,b", 2), ("policy/entropy", 1)])
      try table.write(step: 300, values: [("episode/return", .nan)])
      #expect(
        try Files.readText(path) == """
          time/total_timesteps,rollout/ep_rew_mean,train/entropy_loss,"reward/a,b"
          100,0.5,-1.25,
          200,,-1.0,2.0
          300,nan,,

          """)
    }
  }

  @Test("a resumed run drops the rows past its checkpoint and keeps the header")
  func resume() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/progress.csv"
      var table = try ProgressTable(path: path)
      for step in [1, 2, 3] { try table.write(step: step, values: [("a \"b\", c", Double(step))]) }
      try Files.append(Array("4,9".utf8), to: path)
      var resumed = try ProgressTable(path: path, resumedStep: 2)
      try resumed.write(step: 3, values: [("a \"b\", c", 7)])
      #expect(try Files.readText(path) == "time/total_timesteps,\"a \"\"b\"\", c\"\n1,1.0\n2,2.0\n3,7.0\n")
    }
  }
}
