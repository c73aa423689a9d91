/// Directed episodes: the same records as `absorb` keeps, step by step, and starts that a director chooses.
extension EnvironmentBatch {
  /// Fills a rollout as a director says; returns the episodes that ended in it, in order of time, then slot.
  ///
  /// - Parameters:
  ///   - isFirst: Whether every slot starts its episode 0; else the episodes go on.
  ///   - act: Writes the actions of a time, as the policy has it.
  func collect(
    _ rollout: Rollout, directedBy director: some Director, isFirst: Bool, _ act: (_ time: Int) throws -> Void
  ) rethrows -> [EpisodeRecord] {
    let traces = traces(in: rollout)
    var ended: [EpisodeRecord] = []
    director.beginCollection()
    if isFirst {
      for slot in 0..<slots {
        histories[slot].removeAll(traces)
        start(slot, director, rollout, at: 0)
      }
    } else {
      rollout.carry()
    }
    for time in 0..<rollout.steps {
      director.prepare(rollout, at: time)
      try act(time)
      director.redirect(rollout, at: time)
      step(rollout, at: time)
      for slot in 0..<slots {
        if let record = advance(slot, director, rollout, at: time, traces) { ended.append(record) }
      }
    }
    return ended
  }

  /// Puts a slot at the start of its running episode.
  ///
  /// - Parameter seed: The episode's own, which a snapshot goes on with.
  func place(_ slot: Int, at start: EpisodeStart, seed: UInt64) {
    switch start {
    case .run: storage.start(slot: slot, episode: histories[slot].episode)
    case .seed(let seed):
      histories[slot].seed = seed
      storage.start(slot: slot, seed: seed)
    case .snapshot(let arena, let index):
      arena.store(index, to: slot, of: self)
      storage.reseed(slot: slot, seed)
    }
  }

  /// Starts a slot's next episode and shows it at that time.
  private func start(_ slot: Int, _ director: some Director, _ rollout: Rollout, at time: Int) {
    let episode = histories[slot].episode
    let start = director.start(slot: slot, episode: episode)
    place(slot, at: start, seed: storage.seed(ofEpisode: episode, slot: slot))
    storage.observe(slot: slot, rollout, at: time)
    director.begin(slot: slot, on: rollout, at: time)
    director.write(slot: slot, into: rollout.observation(time: time, slot: slot))
  }

  /// Adds one step to a slot's episode and lets the director judge it; the record of an episode that ended and was no
  /// practice.
  private func advance(
    _ slot: Int, _ director: some Director, _ rollout: Rollout, at time: Int, _ traces: [MeasureTrace]
  ) -> EpisodeRecord? {
    let place = time * slots + slot
    _ = histories[slot].add(
      rollout, slot: slot, from: time, to: time + 1, traces: traces, keepsActions: recording == .actions)
    let episode = RunningEpisode(
      number: histories[slot].episode, length: histories[slot].length,
      environmentReturn: histories[slot].environmentReturn, success: histories[slot].success)
    let verdict = director.judge(slot: slot, episode, on: rollout, at: time)
    let outcome = rollout.outcome(time: time, slot: slot)
    let isOver = outcome != .running || verdict == .isGivenUp
    var record: EpisodeRecord?
    // A row that a given-up episode led to makes way for the next one's first.
    if !isOver || outcome != .running {
      director.write(slot: slot, into: rollout.nextObservation(time: time, slot: slot))
    }
    if isOver {
      if case .snapshot = director.start(of: slot) {} else {
        record = self.record(slot, time: time, outcome: outcome == .running ? .truncated : outcome)
      }
      histories[slot].startEpisode(traces)
      start(slot, director, rollout, at: time + 1)
    }
    if let rules = rollout.sampleRules, rules.kinds.contains(.ends) {
      rules.isContinued[place] = verdict == .endsForTheValue && !isOver
    } else {
      precondition(verdict != .endsForTheValue, "a director that ends the value inside episodes declares it")
    }
    if verdict == .endsForTheValue || verdict == .isGivenUp && outcome == .running {
      rollout.outcomes[place] = Outcome.terminated.rawValue
    }
    return record
  }
}
