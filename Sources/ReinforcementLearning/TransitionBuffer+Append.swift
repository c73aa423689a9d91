#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension TransitionBuffer {
  /// Takes in rollouts of one collection, whose slots follow one another.
  ///
  /// A rollout that does not go on from what is held of its slots is taken in all the same: what the last step led to
  /// is then kept beside it. Rollouts whose rows hold more than the buffer's, signals that somebody else reads after
  /// the policy's fields, are taken in without it.
  ///
  /// - Parameters:
  ///   - fromStarts: Whether rollouts that do not go on from what is held begin with their episodes' starts.
  ///   - outputs: What the policy put out, `[steps, slots, width]` by rollout and output.
  public func append(_ rollouts: [Rollout], fromStarts: Bool = true, outputs given: [[[Float]]] = []) {
    precondition(rollouts.reduce(0) { $0 + $1.slots } == slots, "the rollouts have as many slots as the buffer")
    precondition(rollouts.allSatisfy { $0.steps == rollouts[0].steps }, "the rollouts of a collection are equally long")
    precondition(
      rollouts.allSatisfy { $0.layout.places.starts(with: layout.places) },
      "the rollouts' rows begin with the buffer's")
    precondition(given.count == (outputs.isEmpty ? 0 : rollouts.count), "outputs are given by rollout")
    var first = 0
    for (index, rollout) in rollouts.enumerated() {
      link(rollout, firstSlot: first, fromStarts: fromStarts)
      for time in 0..<rollout.steps {
        write(rollout, time: time, firstSlot: first)
        for (output, values) in outputs.indices.map({ ($0, given[index][$0]) }) {
          let width = outputs[output].width
          precondition(values.count == rollout.steps * rollout.slots * width, "an output has a width")
          let target = outputValues[output] + place(step: appended + time, slot: first) * width
          for element in 0..<(rollout.slots * width) {
            target[element] = values[time * rollout.slots * width + element]
          }
        }
      }
      first += rollout.slots
    }
    setAppended(appended + rollouts[0].steps)
  }

  /// Writes the rows at time 0, which are those that are held already where the rollout goes on from them.
  private func link(_ rollout: Rollout, firstSlot: Int, fromStarts: Bool) {
    for slot in 0..<rollout.slots {
      let place = place(step: appended, slot: firstSlot + slot)
      let source = UnsafeRawPointer(rollout.observation(time: 0, slot: slot))
      if appended == 0 {
        starts[place] = fromStarts
      } else {
        let before = self.place(step: appended - 1, slot: firstSlot + slot)
        let goesOn = memcmp(row(place), source, layout.fieldBytes) == 0
        if !goesOn && isLinked(before) { setFinalRow(row(place), at: before) }
        starts[place] = outcomes[before] != 0 || (!goesOn && fromStarts)
      }
      row(place).copyMemory(from: source, byteCount: layout.fieldBytes)
    }
    writeMasks(rollout, time: 0, firstSlot: firstSlot)
  }

  private func write(_ rollout: Rollout, time: Int, firstSlot: Int) {
    let width = actions.width
    for slot in 0..<rollout.slots {
      let from = time * rollout.slots + slot
      let place = place(step: appended + time, slot: firstSlot + slot)
      let next = following(place)
      free(next)
      if specification.actions.isDiscrete {
        actions.discrete[place] = rollout.actions.discrete[from]
      } else {
        (actions.continuous + place * width).update(from: rollout.actions.continuous + from * width, count: width)
      }
      rewards[place] = rollout.rewards[from]
      outcomes[place] = rollout.outcomes[from]
      successes[place] = rollout.successes[from]
      if outcomes[place] != 0 { setFinalRow(rollout.finalObservation(time: time, slot: slot), at: place) }
      starts[next] = outcomes[place] != 0
    }
    for slot in 0..<rollout.slots {
      row(place(step: appended + time + 1, slot: firstSlot + slot))
        .copyMemory(from: rollout.observation(time: time + 1, slot: slot), byteCount: layout.fieldBytes)
    }
    writeMasks(rollout, time: time + 1, firstSlot: firstSlot)
  }

  private func writeMasks(_ rollout: Rollout, time: Int, firstSlot: Int) {
    guard let masks else { return }
    let count = rollout.actionCount
    (masks + place(step: appended + time, slot: firstSlot) * count).update(
      from: rollout.masks + time * rollout.slots * count, count: rollout.slots * count)
  }
}
