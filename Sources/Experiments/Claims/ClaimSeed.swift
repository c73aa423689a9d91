public import Groundwork
internal import ReinforcementLearning
internal import Synchronization

/// One seed of a claim's experiment: its number, the size, and a directory for what it trains.
public final class ClaimSeed: Sendable {
  /// Everything that the experiment draws follows from it.
  public let seed: UInt64
  /// The numbers that the experiment reads.
  public let size: Claim.Size
  /// The seed's own directory; an absolute path, so that what a training is told of another one's files holds wherever
  /// it goes on.
  public let path: String
  private let shouldStop: @Sendable () -> Bool
  private let report: @Sendable (_ training: String, _ step: Int, _ total: Int) -> Void
  private let remarks = Mutex<[String]>([])

  init(
    seed: UInt64, size: Claim.Size, path: String, shouldStop: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (_ training: String, _ step: Int, _ total: Int) -> Void
  ) {
    self.seed = seed
    self.size = size
    self.path = path
    self.shouldStop = shouldStop
    self.report = report
  }

  /// One of the size's numbers.
  ///
  /// - Precondition: The size has it.
  public subscript(name: String) -> Int {
    guard let value = size.values[name] else { preconditionFailure("the claim's size has no '\(name)'") }
    return value
  }

  /// A seed of its own for one of several parts of the experiment, from 0 to 2^53.
  public func seed(part: Int) -> UInt64 {
    RandomSource.mixed(seed, StreamPurpose.claimParts.rawValue, UInt64(bitPattern: Int64(part))) >> 11
  }

  /// What must be known to judge the seed's values, for example a run that did not end as the others.
  public func note(_ sentence: String) { remarks.withLock { $0.append(sentence) } }

  /// What was noted, in its order.
  var notes: [String] { remarks.withLock { $0 } }

  /// - Throws: `ClaimStopped` when the program was asked to stop. Called now and then by what computes for long.
  public func checkStop() throws {
    if shouldStop() { throw ClaimStopped() }
  }

  /// Trains a run to its end in a directory of the seed, or finds it finished there.
  ///
  /// - Parameters:
  ///   - name: The directory's name, the same one for every seed.
  ///   - plan: With the seed's own number or one made of it.
  /// - Throws: `ClaimStopped` when it was interrupted and saved, `UserError` when it failed or the directory holds
  ///   another run.
  public func train(_ name: String, _ plan: RunPlan) throws -> ClaimTraining {
    let path = directory(of: name)
    let hooks = RunHooks(shouldStop: shouldStop) { [report] event in
      switch event {
      case .started(let step, let total), .iteration(let step, let total, _, _): report(name, step, total)
      default: break
      }
    }
    let workers = Workers(count: 1)
    let run: TrainingRun
    if Files.exists(path + "/run.json") {
      let directory = try RunDirectory(opening: path)
      guard try directory.description().isSameRun(as: plan.description) else {
        throw UserError(
          "'\(path)' was trained with other settings than the claim's", fix: "Name another directory (--out)")
      }
      run = try TrainingRun(plan, resuming: directory, workers: workers, hooks: hooks)
    } else {
      run = try TrainingRun(plan, creating: path, workers: workers, hooks: hooks)
    }
    guard case .finished(let evaluation) = try run.run() else { throw ClaimStopped() }
    return ClaimTraining(directory: try RunDirectory(opening: path), evaluation: evaluation)
  }

  /// Where the training of that name is, or will be.
  public func directory(of training: String) -> String { "\(path)/\(training)" }
}

/// A finished training of a claim's experiment.
public struct ClaimTraining: Sendable {
  /// Where the training is kept: a run's directory.
  public let directory: RunDirectory
  /// The last one.
  public let evaluation: RunEvaluation

  /// The mean of a measure in the last evaluation.
  ///
  /// - Throws: `UserError` where the task has no such measure.
  public func mean(_ measure: String) throws(UserError) -> Double {
    guard let figure = evaluation[measure] else {
      throw UserError.unknown("measure", measure, among: evaluation.measures.map(\.measure.name))
    }
    return figure.mean
  }

  /// Steps of training until an episode first succeeded; nil where none did.
  public func firstSuccess() throws(UserError) -> Int? {
    let lines = try directory.finalMetrics()
    return lines.lazy.compactMap { $0[.episodeFirstSuccess] }.first.map { Int($0) }
  }

  /// Steps of training until an evaluation during it first had that much of a measure; nil where none had.
  public func firstStep(reaching threshold: Double, of measure: String) throws(UserError) -> Int? {
    let lines = try directory.finalMetrics()
    return lines.first { ($0[.evaluation(measure)] ?? -.infinity) >= threshold }?.step
  }

  /// The mean of a measure over the evaluations during training, the one before it left out; 0 where there was none.
  public func meanOfEvaluations(_ measure: String) throws(UserError) -> Double {
    let lines = try directory.finalMetrics()
    let means = lines.compactMap { $0.step > 0 ? $0[.evaluation(measure)] : nil }
    return means.reduce(0, +) / Double(max(1, means.count))
  }

  /// Steps of training.
  public func trainedSteps() throws(UserError) -> Int { try directory.finalMetrics().last?.step ?? 0 }
}

/// Thrown through an experiment that was asked to stop; what it trains is saved.
public struct ClaimStopped: Error {
  /// Thrown by what computes for long when it is asked to stop.
  public init() {}
}

extension RunDescription {
  /// Whether a run of the other description goes on as one of this one does.
  ///
  /// Where its demonstrations lie may have changed; what is in them may not, which their digest says.
  func isSameRun(as other: RunDescription) -> Bool {
    func withoutPath(_ description: RunDescription) -> RunDescription {
      var description = description
      if description.demonstrations != nil { description.agent.configuration["demonstrations"] = nil }
      return description
    }
    return withoutPath(self) == withoutPath(other)
  }
}
