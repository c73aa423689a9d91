public import Groundwork

extension TransitionBuffer {
  /// Saves what is held, oldest step first.
  public func save(to state: inout SavedState) {
    state.set("appended", scalar: Int64(appended))
    let steps = (appended - held)..<appended
    // Rows and masks have a time more: what the newest step led to.
    let places = steps.flatMap { step in (0..<slots).map { place(step: step, slot: $0) } }
    let last = (0..<slots).map { place(step: appended, slot: $0) }
    let size = layout.rowBytes
    func bytes(_ places: [Int], _ row: (Int) -> UnsafeMutableRawPointer) -> [UInt8] {
      places.flatMap { Array(UnsafeRawBufferPointer(start: row($0), count: size)) }
    }
    state.set("rows", bytes(places + last, row), shape: [places.count + slots, size])
    state.set("rewards", places.map { rewards[$0] })
    state.set("outcomes", places.map { outcomes[$0] })
    state.set("successes", places.map { successes[$0] ? UInt8(1) : 0 })
    state.set("starts", (places + last).map { starts[$0] ? UInt8(1) : 0 })
    state.set("linked", places.map { isLinked($0) ? UInt8(1) : 0 })
    let ended = places.filter { !isLinked($0) }
    state.set("finalRows", bytes(ended, nextRow), shape: [ended.count, size])
    if specification.actions.isDiscrete {
      state.set("actions", places.map { actions.discrete[$0] })
    } else {
      let width = actions.width
      state.set("actions", places.flatMap { place in (0..<width).map { actions.continuous[place * width + $0] } })
    }
    if masks != nil { state.set("masks", (places + last).flatMap { mask($0)!.map { $0 ? UInt8(1) : 0 } }) }
    for (output, values) in zip(outputs, outputValues) {
      let numbers = places.flatMap { place in (0..<output.width).map { values[place * output.width + $0] } }
      state.set("output.\(output.name)", numbers)
    }
  }

  /// Puts the buffer where it stood; it must be of the same shape and hold nothing yet.
  ///
  /// - Throws: `UserError` when it was saved by a buffer of another shape.
  public func restore(from state: SavedState) throws(UserError) {
    precondition(appended == 0, "a buffer is restored before anything is appended")
    let steps = try state.scalar("appended", as: Int64.self)
    guard steps >= 0, steps < 1 << 48 else {
      throw UserError("the checkpoint's buffer cannot have held \(steps) steps")
    }
    let total = Int(steps)
    let first = total - min(total, capacity)
    let count = (total - first) * slots
    let size = layout.rowBytes
    let rows: [UInt8] = try state.get("rows", count: (count + slots) * size)
    let rewards: [Float] = try state.get("rewards", count: count)
    let outcomes: [UInt8] = try state.get("outcomes", count: count)
    let successes: [UInt8] = try state.get("successes", count: count)
    let starts: [UInt8] = try state.get("starts", count: count + slots)
    let linked: [UInt8] = try state.get("linked", count: count)
    let finals: [UInt8] = try state.get("finalRows", count: linked.count { $0 == 0 } * size)
    let masks: [UInt8] =
      masks == nil ? [] : try state.get("masks", count: (count + slots) * specification.actions.count)
    guard outcomes.allSatisfy({ Outcome(rawValue: $0) != nil }) else {
      throw UserError("the checkpoint's buffer has an outcome that does not exist", fix: "Use another checkpoint")
    }
    let width = actions.width
    let discrete: [Int32] = specification.actions.isDiscrete ? try state.get("actions", count: count) : []
    let continuous: [Float] = specification.actions.isDiscrete ? [] : try state.get("actions", count: count * width)
    var kept: [[Float]] = []
    for output in outputs { kept.append(try state.get("output.\(output.name)", count: count * output.width)) }
    var final = 0
    for number in 0..<(count + slots) {
      let place = place(step: first + number / slots, slot: number % slots)
      rows.withUnsafeBytes { row(place).copyMemory(from: $0.baseAddress! + number * size, byteCount: size) }
      self.starts[place] = starts[number] != 0
      for action in 0..<(masks.isEmpty ? 0 : specification.actions.count) {
        self.masks![place * specification.actions.count + action] =
          masks[number * specification.actions.count + action] != 0
      }
      guard number < count else { continue }
      self.rewards[place] = rewards[number]
      self.outcomes[place] = outcomes[number]
      self.successes[place] = successes[number] != 0
      if discrete.isEmpty {
        for element in 0..<width { actions.continuous[place * width + element] = continuous[number * width + element] }
      } else {
        actions.discrete[place] = discrete[number]
      }
      for (index, output) in outputs.enumerated() {
        for element in 0..<output.width {
          outputValues[index][place * output.width + element] = kept[index][number * output.width + element]
        }
      }
      if linked[number] == 0 {
        finals.withUnsafeBytes { setFinalRow($0.baseAddress! + final * size, at: place) }
        final += 1
      }
    }
    setAppended(total)
  }
}
