import Groundwork
import Testing

@testable import Experiments

/// What becomes of the files of chunks over many checkpoints of a run.
@Suite struct ChunkCompactionTests {
  /// A run's directory, as far as checkpoints look into it, and ten chunks of 60 KB of which each generation is new.
  private struct Archive {
    let directory: RunDirectory
    var chunks: [SavedChunk]

    init(in path: String) throws {
      let description: JSON = [
        "version": .integer(RunDescription.version), "forage": "", "granted": [],
        "environment": ["id": "environment", "configuration": [:]], "agent": ["id": "agent", "configuration": [:]],
        "reward": ["text": "environment", "terms": []], "run": JSON(encoding: RunSettings()),
      ]
      try Files.writeAtomically(SealedDocument.text(of: description), to: path + "/run.json")
      try Files.makeDirectory(path + "/checkpoints")
      directory = try RunDirectory(opening: path)
      chunks = (0..<10).map { Self.chunk(generation: 0, $0) }
    }

    static func chunk(generation: Int, _ number: Int) -> SavedChunk {
      SavedChunk((0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* (number + 1) &+ generation &* 31) })
    }

    /// A checkpoint of the chunks as they are.
    func write(step: Int) throws {
      var state = SavedState()
      state.set("agent.seen", scalar: Int64(step))
      state.set(chunks: "agent.states", chunks)
      try directory.writeCheckpoint(state, step: step, kept: 1)
    }

    /// The first byte of each chunk that a checkpoint has, read as a later program reads them.
    func firstBytes(step: Int) throws -> [UInt8] {
      let chunks = try directory.checkpoint(at: step).state.chunks["agent.states"] ?? []
      return try chunks.map { try $0.contents()[0] }
    }

    var files: [String] { Files.list(directory.checkpoints).filter { $0.hasPrefix("chunks") }.sorted() }

    var bytes: Int { files.reduce(0) { $0 + Files.size(of: directory.checkpoints + "/" + $1)! } }

    /// All chunks replaced and written, generation after generation.
    mutating func age(_ generations: ClosedRange<Int>) throws {
      for generation in generations {
        chunks = (0..<10).map { Self.chunk(generation: generation, $0) }
        try write(step: generation)
      }
    }
  }

  private static func firstBytes(generation: Int) -> [UInt8] {
    Array(repeating: UInt8(truncatingIfNeeded: generation &* 31), count: 10)
  }

  @Test("what no checkpoint needs any more is given back, and each that is kept finds all of its own")
  func bound() throws {
    try withTemporaryDirectory { path in
      var archive = try Archive(in: path)
      var most = 0
      for generation in 1...24 {
        try archive.age(generation...generation)
        most = max(most, archive.bytes)
        for step in archive.directory.checkpointSteps {
          #expect(try archive.firstBytes(step: step) == Self.firstBytes(generation: step))
        }
      }
      // Two files, each at most twice what a checkpoint needs; all that was ever written is 14 MB.
      #expect(most <= 4 * 600_000)
      #expect(archive.files.count <= 2 && !archive.files.contains("chunks.bin"))
    }
  }

  @Test("chunks that stay are not written again")
  func steady() throws {
    try withTemporaryDirectory { path in
      var archive = try Archive(in: path)
      for step in 1...30 {
        archive.chunks[step % 10] = Archive.chunk(generation: step, step % 10)
        try archive.write(step: step)
        #expect(archive.bytes <= 2 * 2 * 600_000)
      }
      // One file after another takes ten chunks and grows by one a checkpoint up to twenty.
      #expect(archive.files == ["chunks-2.bin"] || archive.files == ["chunks-2.bin", "chunks-3.bin"])
    }
  }

  @Test("a kill while the next file is begun loses nothing, nor does going on from the checkpoint before the last")
  func kill() throws {
    try withTemporaryDirectory { path in
      var archive = try Archive(in: path)
      try archive.age(1...3)
      #expect(archive.files == ["chunks.bin", "chunks-1.bin"].sorted(), "the last checkpoint begins the second file")
      // As it is after a kill: a part of the third file, and no checkpoint that names it.
      try Files.writeAtomically([UInt8](repeating: 7, count: 1000), to: archive.directory.checkpoints + "/chunks-2.bin")
      try archive.directory.removeLeftovers(after: try archive.directory.latestCheckpoint())
      #expect(archive.files == ["chunks.bin", "chunks-1.bin"].sorted())
      for step in 2...3 { #expect(try archive.firstBytes(step: step) == Self.firstBytes(generation: step)) }
      // The latest checkpoint is given up: its file goes, that of the one before is whole.
      try Files.remove(archive.directory.checkpoints + "/3")
      try archive.directory.removeLeftovers(after: try archive.directory.latestCheckpoint())
      #expect(archive.files == ["chunks.bin"])
      #expect(try archive.firstBytes(step: 2) == Self.firstBytes(generation: 2))
      // And the run goes on from there, with chunks that it has read.
      archive.chunks = try archive.directory.checkpoint(at: 2).state.chunks["agent.states"]!.map { try $0.loaded() }
      archive.chunks[3] = Archive.chunk(generation: 9, 3)
      try archive.write(step: 3)
      var expected = Self.firstBytes(generation: 2)
      expected[3] = Self.firstBytes(generation: 9)[3]
      #expect(try archive.firstBytes(step: 3) == expected)
      // From the beginning: nothing of it stays.
      try archive.directory.removeLeftovers(after: nil)
      #expect(archive.bytes == 0)
    }
  }

  @Test("no file goes as long as a checkpoint is damaged, which may need it")
  func damaged() throws {
    try withTemporaryDirectory { path in
      var archive = try Archive(in: path)
      try archive.age(1...3)
      try Files.writeAtomically("{}", to: archive.directory.checkpoints + "/3/checkpoint.json")
      try archive.age(4...4)
      #expect(archive.files.contains("chunks.bin") && archive.files.contains("chunks-1.bin"))
      #expect(try archive.firstBytes(step: 4) == Self.firstBytes(generation: 4))
    }
  }
}
