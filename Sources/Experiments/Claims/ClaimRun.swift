public import Groundwork
internal import Synchronization

/// Tests a claim in a directory: measures every seed, then makes figures and a verdict of what they measured.
///
///     claim.json      the claim, the size, the seeds
///     seeds/<n>/      a seed's trainings, each a run's directory, and measured.json once it is done
///     result.json     figures and verdict
///     report.html     the page
///
/// What is finished is not done again, so the same directory goes on after a kill and ends on the same bits. Its lock
/// keeps two programs from writing it.
public struct ClaimRun: Sendable {
  /// What is tested.
  public let claim: Claim
  /// Absolute.
  public let path: String
  /// What `claim.json` there says.
  public let description: ClaimDescription
  private let lock: DirectoryLock

  /// How one of the seeds stands.
  public enum Status: Sendable {
    case waiting
    /// `total` is 0 for what is not trained in steps.
    case running(training: String, step: Int, total: Int)
    case finished(ClaimSample)
    case failed(UserError)
    case stopped
  }

  /// A claim in its directory, which is made when it is missing.
  ///
  /// - Parameters:
  ///   - seeds: At least `Claim.fewestSeeds`, none twice.
  ///   - command: What a person types to go on with it.
  /// - Throws: `UserError` when the directory holds something else, another claim above all, is in use by another
  ///   program, or a file in it was altered.
  public init(
    _ claim: Claim, size: Claim.Size.Name, seeds: [UInt64], command: String, in path: String
  ) throws(UserError) {
    guard seeds.count >= Claim.fewestSeeds else {
      throw UserError(
        "\(seeds.count) seeds say too little of how much they differ",
        fix: "Use \(Claim.fewestSeeds) or more (--seeds \(Claim.fewestSeeds))")
    }
    let description = ClaimDescription(claim, size: size, seeds: seeds, command: command)
    let file = path + "/claim.json"
    if Files.exists(path), !Files.exists(file),
      !Files.isDirectory(path) || !Files.list(path).allSatisfy({ $0 == DirectoryLock.name || $0.hasSuffix(".tmp") })
    {
      throw UserError("'\(path)' already exists and holds no claim", fix: "Name another directory (--out)")
    }
    try Files.makeDirectory(path)
    self.claim = claim
    self.path = try Files.absolute(path)
    lock = try DirectoryLock(path)
    if Files.exists(file) {
      let other = try ClaimDescription(reading: file)
      if let difference = description.difference(to: other) {
        throw UserError("'\(path)' holds \(difference)", fix: "Name another directory (--out)")
      }
      self.description = other
    } else {
      try Files.writeAtomically(description.text, to: file)
      self.description = description
    }
  }

  /// Where a seed's files are.
  public func directory(of seed: UInt64) -> String { "\(path)/seeds/\(seed)" }

  /// Where a training of a seed is, whether it was begun or not.
  public func directory(of training: String, seed: UInt64) -> String { "\(directory(of: seed))/\(training)" }

  private func sample(of seed: UInt64) throws(UserError) -> ClaimSample? {
    let file = directory(of: seed) + "/measured.json"
    return Files.exists(file) ? try ClaimSample(reading: file, of: claim, size: description.size, seed: seed) : nil
  }

  /// Measures what is missing, several seeds at a time; what they measure does not depend on `jobs`.
  ///
  /// - Parameters:
  ///   - jobs: Seeds at a time, at least 1; each has one worker.
  ///   - report: Told how a seed stands; called from several threads, one at a time.
  /// - Returns: How each seed ended, in their order.
  public func carryOut(
    jobs: Int, shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Int, Status) -> Void
  ) -> [Status] {
    let seeds = description.seeds
    let statuses = Mutex<[Status]>(Array(repeating: .waiting, count: seeds.count))
    @Sendable func set(_ index: Int, _ status: Status) {
      statuses.withLock {
        $0[index] = status
        report(index, status)
      }
    }
    Workers(count: min(jobs, seeds.count)).perform(seeds.count) { index in
      do {
        let sample = try measure(seeds[index], shouldStop: shouldStop) { training, step, total in
          set(index, .running(training: training, step: step, total: total))
        }
        set(index, .finished(sample))
      } catch is ClaimStopped {
        set(index, .stopped)
      } catch let error as UserError {
        set(index, .failed(error))
      } catch {
        set(index, .failed(UserError("\(error)")))
      }
    }
    return statuses.withLock { $0 }
  }

  /// One seed: what it measured before, or what it measures now.
  private func measure(
    _ number: UInt64, shouldStop: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (_ training: String, _ step: Int, _ total: Int) -> Void
  ) throws -> ClaimSample {
    if let sample = try sample(of: number) { return sample }
    let directory = directory(of: number)
    try Files.makeDirectory(directory)
    let seed = ClaimSeed(
      seed: number, size: claim.size(description.size), path: directory, shouldStop: shouldStop, report: report)
    try seed.checkStop()
    report("", 0, 0)
    let values = try claim.experiment(seed)
    let sample = ClaimSample(claim, size: description.size, seed: number, values: values, notes: seed.notes)
    try sample.check(claim)
    try Files.writeAtomically(SealedDocument.text(of: sample), to: directory + "/measured.json")
    return sample
  }

  /// Figures and verdict of what the seeds measured; writes `result.json` where it is missing.
  ///
  /// - Throws: `UserError` when a seed is missing, a file was altered, or `result.json` says something else than
  ///   follows from the measurements.
  public func result() throws(UserError) -> ClaimResult {
    var samples: [ClaimSample] = []
    for seed in description.seeds {
      guard let sample = try sample(of: seed) else {
        throw UserError("seed \(seed) of '\(claim.id)' is not measured yet", fix: "Go on with `\(description.command)`")
      }
      samples.append(sample)
    }
    let result = ClaimResult(claim, description, samples)
    let file = path + "/result.json"
    guard Files.exists(file) else {
      try Files.writeAtomically(result.text, to: file)
      return result
    }
    // Texts are compared, since an undefined figure is not equal to itself.
    guard try ClaimResult(reading: file).text == result.text else {
      throw UserError(
        "'\(file)' does not follow from what the seeds measured: one of the files was replaced",
        fix: "Remove it; the same command writes it anew")
    }
    return result
  }
}
