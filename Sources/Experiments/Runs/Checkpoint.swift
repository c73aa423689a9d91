public import Groundwork
import ReinforcementLearning

/// A run's saved state at a step: `checkpoints/<step>/`.
///
/// Its bytes depend on the run and the step alone; no clock and no machine is in them. It is written under
/// another name and then renamed, so that one with a proper name is whole.
public struct Checkpoint: Sendable {
  /// Environment steps of training before it.
  public var step: Int
  /// What `TrainingSession.save` gave: entries under `agent.`, `reward.`, `collector.` and `session.`.
  public var state: SavedState
  /// The directory that it is in.
  public var path: String
  /// The file of its chunks and the size that it had when the checkpoint was written; nil for one without chunks.
  let chunks: (file: ChunkFile, bytes: Int)?

  /// The format's version: what a session saves, and under which names.
  static let version = 6

  /// Reads a checkpoint and checks it against its digest.
  ///
  /// - Parameter run: What tells the run that it must be of from others; nil for any.
  /// - Throws: `UserError` when a file is missing, cut off, altered or of another run.
  init(reading path: String, of run: String? = nil) throws(UserError) {
    self.path = path
    let document = try SealedDocument.read(
      path + "/checkpoint.json", kind: "a checkpoint", version: Checkpoint.version, as: .document)
    guard run == nil || document["run"]?.string == run else {
      throw UserError("'\(path)' is a checkpoint of another run", fix: "Put the run's own there, or remove it")
    }
    guard let step = document["step"]?.integer, let digest = document["state"]?.string else {
      throw UserError("'\(path)/checkpoint.json' names no step and no state", fix: "Use another checkpoint")
    }
    self.step = step
    state = try Checkpoint.arrays(Checkpoint.stateFile, in: path, digest: digest)
    if let digest = document["policy"]?.string {
      state = try PolicyFile.joined(
        try Checkpoint.arrays(PolicyFile.name, in: path, digest: digest), with: state,
        name: "\(path)/\(PolicyFile.name)")
    }
    guard let index = try Checkpoint.index(of: document, in: path) else {
      chunks = nil
      return
    }
    let file = try ChunkFile(index, in: Files.parent(of: path))
    chunks = (file, Int(try index.scalar("bytes", as: Int64.self)))
    try file.attach(index, to: &state)
  }

  /// Where the chunks of the checkpoint at that path are; nil for one that has none.
  private static func index(of document: JSON, in path: String) throws(UserError) -> SavedState? {
    guard let digest = document["chunks"]?.string else { return nil }
    return try arrays(ChunkFile.indexName, in: path, digest: digest)
  }

  /// The file of chunks that the checkpoint at that path names; nil for one that has none.
  fileprivate static func chunkFile(of path: String, in folder: String) throws(UserError) -> ChunkFile? {
    let document = try SealedDocument.read(
      path + "/checkpoint.json", kind: "a checkpoint", version: version, as: .document)
    return try index(of: document, in: path).map { index throws(UserError) in try ChunkFile(index, in: folder) }
  }

  /// What a run needs to go on but the policy.
  static let stateFile = "state.safetensors"

  /// A file's arrays, held against its digest before anything is made of them.
  private static func arrays(_ name: String, in path: String, digest: String) throws(UserError) -> SavedState {
    let file = "\(path)/\(name)"
    let bytes = try Files.read(file, as: .state)
    guard ByteDigest(bytes).description == digest else {
      throw UserError(
        "'\(file)' was cut off or altered after it was written", fix: "Remove '\(path)' to use the one before")
    }
    return try SavedState(safetensors: bytes, name: file)
  }

  /// Adds the checkpoint's path to the reason of an error that its contents cause.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as UserError {
      throw UserError("'\(path)' does not fit: \(error.reason)", fix: error.fix)
    }
  }
}

extension RunDirectory {
  /// The steps of the checkpoints that exist, rising.
  public var checkpointSteps: [Int] { Files.list(checkpoints).compactMap { Int($0) }.sorted() }

  /// The checkpoint of that step.
  ///
  /// - Throws: `UserError` when there is none of that step, or it is damaged.
  public func checkpoint(at step: Int) throws(UserError) -> Checkpoint {
    let checkpoint = try Checkpoint(reading: "\(checkpoints)/\(step)", of: try description().identity(at: step))
    guard checkpoint.step == step else {
      throw UserError(
        "'\(checkpoint.path)' holds the checkpoint of step \(checkpoint.step)", fix: "Give it its name again")
    }
    return checkpoint
  }

  /// The latest checkpoint; nil when there is none.
  ///
  /// - Throws: `UserError` when it is damaged; the one before is not taken in silence.
  public func latestCheckpoint() throws(UserError) -> Checkpoint? {
    let steps = checkpointSteps
    guard let last = steps.last else { return nil }
    do {
      return try checkpoint(at: last)
    } catch {
      let before = steps.dropLast().last
      throw UserError(
        error.reason,
        fix: "Remove '\(checkpoints)/\(last)' to go on from \(before.map { "step \($0)" } ?? "the beginning")")
    }
  }

  /// The checkpoint that a command asks for: that of a step, or the latest.
  ///
  /// - Throws: `UserError` when there is none, or it is damaged.
  public func checkpoint(step: Int?) throws(UserError) -> Checkpoint {
    guard let step else {
      guard let latest = try latestCheckpoint() else {
        throw UserError("'\(path)' has no checkpoint yet", fix: "Train it further with `forage train --resume \(path)`")
      }
      return latest
    }
    guard checkpointSteps.contains(step) else {
      throw UserError(
        "'\(path)' has no checkpoint of step \(step)",
        fix: "It has \(checkpointSteps.map(String.init).joined(separator: ", "))")
    }
    return try checkpoint(at: step)
  }

  /// Writes a checkpoint, then removes the oldest ones beyond `kept` before it.
  func writeCheckpoint(_ state: SavedState, step: Int, kept: Int) throws(UserError) {
    try write(state, step: step, as: String(step))
    for old in checkpointSteps.filter({ $0 < step }).dropLast(kept) { try Files.remove("\(checkpoints)/\(old)") }
    try removeUnusedChunks()
  }

  /// Removes the files of chunks that no checkpoint names any more.
  private func removeUnusedChunks() throws(UserError) {
    guard ChunkFile.numbers(in: checkpoints).count > 1 else { return }
    var named: Set<Int> = []
    do {
      for step in checkpointSteps {
        let file = try Checkpoint.chunkFile(of: "\(checkpoints)/\(step)", in: checkpoints)
        if let file { named.insert(file.number) }
      }
    } catch {
      // A damaged checkpoint does not say which file it needs: all stay.
      return
    }
    try ChunkFile.removeAll(in: checkpoints, but: named)
  }

  /// Writes the state in which a run failed, for inspection; no run goes on from it.
  func writeFailure(_ state: SavedState, step: Int) throws(UserError) -> String {
    try write(state, step: step, as: "failed-\(step)")
    return "\(checkpoints)/failed-\(step)"
  }

  /// The files of arrays of a checkpoint that is there.
  func checkpointFiles(step: Int) -> [String] {
    let own = [Checkpoint.stateFile, PolicyFile.name, ChunkFile.indexName].map { "\(checkpoints)/\(step)/\($0)" }
    let shared = try? Checkpoint.chunkFile(of: "\(checkpoints)/\(step)", in: checkpoints)
    return (own + (shared.map { [$0.path] } ?? [])).filter { Files.exists($0) }
  }

  private func write(_ state: SavedState, step: Int, as name: String) throws(UserError) {
    let target = "\(checkpoints)/\(name)"
    let temporary = "\(checkpoints)/\(name).tmp"
    // A run's state at a step never differs, so one that is there need not be written again.
    if Files.exists(target) { return }
    // A folder that was removed is not made again without what it held.
    guard Files.isDirectory(checkpoints) else {
      throw UserError("cannot write '\(target)': '\(checkpoints)' is no longer there", fix: "Begin the run anew")
    }
    try Files.remove(temporary)
    try Files.makeDirectory(temporary)
    do {
      let (policy, rest) = PolicyFile.parted(state)
      func write(_ arrays: SavedState, _ name: String) throws(UserError) -> JSON {
        let bytes = arrays.safetensors()
        try Files.writeAtomically(bytes, to: "\(temporary)/\(name)")
        return .string(ByteDigest(bytes).description)
      }
      var document: JSON = [
        "version": .integer(Checkpoint.version), "run": .string(try description().identity(at: step)),
        "step": .integer(step), "arrays": .integer(state.names.count),
      ]
      document["state"] = try write(rest, Checkpoint.stateFile)
      if let policy { document["policy"] = try write(policy, PolicyFile.name) }
      if !state.chunks.isEmpty {
        document["chunks"] = try write(try ChunkFile(latestIn: checkpoints).add(state.chunks), ChunkFile.indexName)
      }
      try Files.writeAtomically(SealedDocument.text(of: document), to: temporary + "/checkpoint.json")
      try Files.move(temporary, to: target)
    } catch {
      try? Files.remove(temporary)
      throw error
    }
  }

  /// Removes what a kill left half written, and checkpoints, chunks and replays of steps after a checkpoint's.
  ///
  /// - Parameter checkpoint: The one from which the run goes on; nil from the beginning.
  func removeLeftovers(after checkpoint: Checkpoint?) throws(UserError) {
    let step = checkpoint?.step ?? 0
    let chunks = checkpoint?.chunks ?? (ChunkFile(in: checkpoints), 0)
    try chunks.file.cut(to: chunks.bytes)
    for name in Files.list(checkpoints) where name.hasSuffix(".tmp") || (Int(name).map { $0 > step } ?? false) {
      try Files.remove("\(checkpoints)/\(name)")
    }
    for folder in [path, replays] {
      for name in Files.list(folder) where name.hasSuffix(".tmp") { try Files.remove("\(folder)/\(name)") }
    }
  }
}
