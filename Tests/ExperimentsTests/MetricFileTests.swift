import Experiments
import Groundwork
import Testing

@Suite("metrics.jsonl") struct MetricFileTests {
  @Test("a line holds the step, the wall time and the values in their order")
  func text() throws {
    try withTemporaryDirectory { directory in
      var file = try MetricFile(path: directory + "/metrics.jsonl")
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
      var file = try MetricFile(path: directory + "/metrics.jsonl")
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
      var file = try MetricFile(path: path)
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

  @Test("every flip and cut of finished metrics or their digests is refused by name")
  func finished() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/metrics.jsonl"
      var file = try MetricFile(path: path)
      for step in [0, 128, 256] { try file.write(step: step, values: [("x", 1.5), ("y", 12345)], wallTime: 100) }
      try file.conclude()
      #expect(try MetricFile.readFinished(path).map(\.step) == [0, 128, 256])
      for damaged in [path, directory + "/metrics.check"] {
        let whole = try Files.read(damaged)
        var versions = (0..<whole.count).map { Array(whole[..<$0]) }
        for place in whole.indices {
          for bit in [0, 5] {
            var flipped = whole
            flipped[place] ^= 1 << bit
            versions.append(flipped)
          }
        }
        for version in versions {
          try Files.writeAtomically(version, to: damaged)
          let lines = try? MetricFile.readFinished(path)
          // A digest whose line feed is gone, or was doubled, says the same.
          #expect(lines == nil || damaged.hasSuffix(".check"), "\(String(decoding: version, as: UTF8.self))")
          if let lines { #expect(lines.map { $0["y"] } == [12345, 12345, 12345]) }
        }
        try Files.writeAtomically(whole, to: damaged)
      }
    }
  }

  @Test("a run does not go on when a line up to its checkpoint is missing or altered, whatever follows")
  func resumeDamaged() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/metrics.jsonl"
      var file = try MetricFile(path: path)
      for step in [10, 20, 30] { try file.write(step: step, values: [("x", Double(step))]) }
      let whole = try Files.readText(path)
      for (text, isRefused) in [
        (whole, false), (String(whole.dropLast(3)), false), (whole.replacing("30", with: "31"), false),
        (whole.replacing("20", with: "21"), true), (String(whole.prefix(30)), true), ("", true),
        (whole.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n", true),
      ] {
        try Files.writeAtomically(text, to: path)
        let check = try Files.read(directory + "/metrics.check")
        if isRefused {
          let refusal = #expect(throws: UserError.self) { try MetricFile(path: path, resumedStep: 20) }
          #expect(refusal?.reason.hasPrefix("'\(path)' and '\(directory)/metrics.check' do not belong together") == true)
          #expect(try Files.readText(path) == text, "nothing is written")
        } else {
          _ = try MetricFile(path: path, resumedStep: 20)
          #expect(try MetricFile.read(path).lines.map(\.step) == [10, 20])
        }
        try Files.writeAtomically(check, to: directory + "/metrics.check")
      }
    }
  }

  @Test("a resumed run drops the lines past its checkpoint, and a torn one, and goes on")
  func resume() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/metrics.jsonl"
      var first = try MetricFile(path: path)
      for step in [10, 20, 30] { try first.write(step: step, values: [("x", Double(step))]) }
      try Files.append(Array("{\"step\":4".utf8), to: path)
      var second = try MetricFile(path: path, resumedStep: 20)
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

  @Test("a resumed run makes the table of its metrics again, byte for byte, whatever became of the old one")
  func resume() throws {
    try withTemporaryDirectory { directory in
      let rows: [[(String, Double)]] = [
        [("a \"b\", c", 1), ("policy/entropy", 0.1)], [("z", -0.0), ("a \"b\", c", .nan)],
        [("b", .leastNonzeroMagnitude)],
      ]
      for length in 0...rows.count {
        let (log, path) = (directory + "/metrics.jsonl", directory + "/progress.csv")
        var file = try MetricFile(path: log)
        var table = try ProgressTable(path: path)
        for (step, values) in rows.prefix(length).enumerated() {
          try file.write(step: step, values: values, wallTime: 3.5)
          try table.write(step: step, values: values)
        }
        let whole = try Files.read(path)
        try Files.writeAtomically("damaged", to: path)
        var again = try ProgressTable(path: path, lines: MetricFile.read(log).lines)
        #expect(try Files.read(path) == whole, "\(length) rows")
        #expect(again.columns == table.columns)
        try again.write(step: 9, values: [("new", 7)])
      }
      #expect(
        try Files.readText(directory + "/progress.csv").hasPrefix(
          "time/total_timesteps,\"a \"\"b\"\", c\",train/entropy_loss,z,b,new\n0,1.0,-0.1,,,\n1,nan,,-0.0,,\n"))
    }
  }
}
