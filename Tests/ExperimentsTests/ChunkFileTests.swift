import Foundation
import Groundwork
import Testing

@testable import Experiments

/// The file that checkpoints share.
@Suite struct ChunkFileTests {
  private let folder: String
  private let file: ChunkFile

  init() throws {
    folder = "/tmp/forage-chunks-\(UInt64.random(in: 0..<UInt64.max))"
    try Files.makeDirectory(folder)
    file = ChunkFile(in: folder)
  }

  private var path: String { folder + "/chunks.bin" }

  private static func chunk(_ number: Int) -> SavedChunk {
    SavedChunk((0..<100 + number).map { UInt8(truncatingIfNeeded: $0 * number) })
  }

  /// What an index says, read as a later program reads it.
  private func read(_ index: SavedState) throws -> [SavedChunk] {
    var state = SavedState()
    try file.attach(index, to: &state)
    return state.chunks["agent.states"] ?? []
  }

  @Test("a checkpoint adds what is new, and each finds all of its own")
  func growth() throws {
    defer { try? Files.remove(folder) }
    let chunks = (1...5).map(Self.chunk)
    let first = try file.add(["agent.states": Array(chunks[..<3])])
    let size = try #require(Files.size(of: path))
    #expect(size == 101 + 102 + 103)
    let second = try file.add(["agent.states": [chunks[4], chunks[1], chunks[3]]])
    #expect(Files.size(of: path) == size + 105 + 104)
    #expect(try read(first).map { try $0.contents() } == chunks[..<3].map { try $0.contents() })
    #expect(try read(second).map { try $0.contents() } == [4, 1, 3].map { try chunks[$0].contents() })
    // A program that read them knows that they are there.
    _ = try file.add(["agent.states": try read(second).map { try $0.loaded() }])
    #expect(Files.size(of: path) == size + 105 + 104)
    // A kill after the first checkpoint: what came later is cut off, and nothing of the first is lost.
    try file.cut(to: Int(try first.scalar("bytes", as: Int64.self)))
    #expect(Files.size(of: path) == size)
    #expect(try read(first).map { try $0.contents() } == chunks[..<3].map { try $0.contents() })
    #expect(throws: UserError.self) { try read(second)[0].contents() }
  }

  @Test("an altered file is named with the fix, and one that was removed is no error")
  func damage() throws {
    defer { try? Files.remove(folder) }
    let index = try file.add(["agent.states": (1...3).map(Self.chunk)])
    var bytes = try Files.read(path)
    bytes[150] ^= 1
    try Files.writeAtomically(bytes, to: path)
    let read = try read(index)
    #expect(try read[0].contents() == Self.chunk(1).contents())
    let error = try #require(throws: UserError.self) { try read[1].contents() }
    #expect(error.description.contains("'\(path)' was cut off or altered"))
    #expect(error.fix.contains("Remove it"))
    try Files.remove(path)
    #expect(try self.read(index).isEmpty)
  }

  @Test("a link in the file's place is not followed")
  func links() throws {
    defer { try? Files.remove(folder) }
    try Files.writeAtomically("mine", to: folder + "/other")
    let target = folder + "/other"
    #expect(target.withCString { to in path.withCString { symlink(to, $0) } } == 0)
    #expect(throws: UserError.self) { try file.add(["agent.states": [Self.chunk(1)]]) }
    #expect(try Files.readText(target) == "mine")
  }
}
