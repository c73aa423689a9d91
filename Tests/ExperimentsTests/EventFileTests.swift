@testable import Experiments
import Groundwork
import ReinforcementLearning
import Testing

@Suite("TensorBoard event files") struct EventFileTests {
  @Test("CRC-32C gives the published check values")
  func checksums() {
    // RFC 3720, appendix B.4, and the usual check value of "123456789".
    #expect(Checksum.crc32c(Array("123456789".utf8)) == 0xE306_9283)
    #expect(Checksum.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(Checksum.crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(Checksum.crc32c(0..<32) == 0x46DD_794E)
    #expect(Checksum.crc32c((0..<32).reversed()) == 0x113F_DB5C)
    #expect(Checksum.crc32c([]) == 0)
  }

  @Test("the first record and a scalar's are the bytes that tensorboard's own writer makes")
  func bytes() {
    // Event(wall_time=1.5, file_version='brain.Event:2').SerializeToString() framed by
    // tensorboard.summary.writer.record_writer.RecordWriter; likewise with a scalar at step 300.
    #expect(
      hex(EventEncoding.record(EventEncoding.fileVersion(wallTime: 1.5)))
        == "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c")
    let scalars = EventEncoding.scalars([("a/b", 0.25), ("c", -1)], step: 300, wallTime: 1.5)
    #expect(
      hex(EventEncoding.record(scalars))
        == "2400000000000000422b804d09000000000000f83f10ac022a160a0a0a03612f62150000803e0a080a016315000080bf139dbadb")
    #expect(
      hex(EventEncoding.text("|x|", tag: "t", step: 0, wallTime: 2))
        == "0900000000000000402a1e0a1c0a0174420d080712041202080142037c787c4a080a060a0474657874")
    #expect(hex(EventEncoding.restart(step: 200, wallTime: 2)) == "09000000000000004010c8013a020801")
  }

  @Test("varints use seven bits a byte, and negative steps take ten bytes")
  func varints() {
    var buffer = ProtocolBuffer()
    buffer.field(2, varint: 127)
    buffer.field(2, varint: 128)
    buffer.field(2, varint: UInt64.max)
    #expect(hex(buffer.bytes) == "107f10800110ffffffffffffffffff01")
  }

  @Test("a metric with aliases appears under both names, and one without under its own")
  func aliases() {
    func tags(_ name: String) -> [String] { MetricNames.eventTags(of: name, value: 2).map { "\($0.tag)=\($0.value)" } }
    #expect(tags("episode/return") == ["rollout/ep_rew_mean=2.0", "charts/episodic_return=2.0"])
    #expect(tags("policy/entropy") == ["train/entropy_loss=-2.0", "losses/entropy=2.0"])
    #expect(tags("evaluation/success") == ["eval/success_rate=2.0"])
    #expect(tags("policy/oldApproximateKL") == ["losses/old_approx_kl=2.0"])
    #expect(tags("reward/potential") == ["reward/potential=2.0"])
  }

  @Test("no two metrics share a name, and every alias leads somewhere")
  func aliasTable() {
    for names in [
      MetricNames.aliases.map(\.name.text), MetricNames.aliases.compactMap(\.stableBaselines),
      MetricNames.aliases.compactMap(\.cleanRL),
    ] { #expect(Set(names).count == names.count) }
    #expect(MetricNames.aliases.allSatisfy { $0.stableBaselines != nil || $0.cleanRL != nil })
  }

  @Test("a log writes all three files, and a resumed one a second event file that purges the first's tail")
  func log() throws {
    try withTemporaryDirectory { directory in
      var log = try MetricLog(directory: directory, startTime: 1_700_000_000.25)
      try log.write(hyperparameters: [("a|b", "1\n2")], wallTime: 1_700_000_000.25)
      try log.write(step: 10, values: [("episode/return", 1)], wallTime: 1_700_000_001)
      try log.write(step: 20, values: [("episode/return", 2)], wallTime: 1_700_000_002)
      var resumed = try MetricLog(directory: directory, startTime: 1_700_000_000.5, resumedStep: 10)
      try resumed.write(step: 20, values: [("episode/return", 3)], wallTime: 1_700_000_003)
      #expect(
        Files.list(directory) == [
          "events.out.tfevents.1700000000.forage.0", "events.out.tfevents.1700000000.forage.1", "metrics.check",
          "metrics.jsonl", "progress.csv",
        ])
      let restart = EventEncoding.record(EventEncoding.restart(step: 11, wallTime: 1_700_000_000.5))
      let bytes = try Files.read(resumed.events.path)
      let versionLength = EventEncoding.record(EventEncoding.fileVersion(wallTime: 0)).count
      #expect(Array(bytes[versionLength..<(versionLength + restart.count)]) == restart)
      #expect(try MetricFile.read(directory + "/metrics.jsonl").lines.map { $0["episode/return"] } == [1, 3])
    }
  }

  @Test("hyper-parameters become a markdown table in which a bar or a line feed breaks nothing")
  func markdown() {
    #expect(EventFile.markdownTable([("a|b", "1\n2"), ("c", "")]) == "|param|value|\n|-|-|\n|a\\|b|1 2|\n|c||")
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
