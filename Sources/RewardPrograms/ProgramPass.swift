import ReinforcementLearning

/// A worker's passes over a piece of the transitions.
struct ProgramPass {
  private let program: CompiledProgram
  /// By field number; nil where the field is not read.
  private let places: [ObservationLayout.Place?]
  private let transitions: Transitions
  private let readsBefore: Bool
  private let readsAfter: Bool

  init(_ program: CompiledProgram, _ places: [ObservationLayout.Place?], _ transitions: Transitions) {
    self.program = program
    self.places = places
    self.transitions = transitions
    readsBefore = program.code.contains { $0.operation == .loadBefore || $0.operation == .containsBefore }
    readsAfter = program.code.contains { $0.operation == .loadAfter || $0.operation == .containsAfter }
  }

  /// Computes some transitions' components.
  ///
  /// - Returns: The number of the first component that is not finite; -1 where all are.
  func run(from first: Int, count: Int, into scores: RewardScores) -> Int {
    let rows = CompiledProgram.rows
    var fault = -1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, program.registers * rows)) { columns in
      withUnsafeTemporaryAllocation(of: UnsafeRawPointer.self, capacity: 2 * rows) { pointers in
        let columns = columns.baseAddress!
        let (before, after) = (pointers.baseAddress!, pointers.baseAddress! + rows)
        for instruction in program.code where instruction.operation == .constant {
          (columns + Int(instruction.target) * rows).initialize(repeating: instruction.constant, count: rows)
        }
        var start = first
        while start < first + count {
          let length = min(rows, first + count - start)
          for row in 0..<length {
            if readsBefore { (before + row).initialize(to: transitions.before(start + row)) }
            if readsAfter { (after + row).initialize(to: transitions.after(start + row)) }
          }
          for instruction in program.code where instruction.operation != .constant {
            perform(instruction, columns, before: before, after: after, start: start, count: length)
          }
          for (component, register) in program.results.enumerated() {
            let column = columns + register * rows
            let target = scores[component].baseAddress! + start
            // 0 while all are finite, NaN from the first on that is not; a weight can be what takes it there.
            let weight = Float(program.components[component].weight)
            var sum: Float = 0
            for row in 0..<length {
              target[row] = column[row]
              sum += column[row] * weight * 0
            }
            if sum != 0, fault < 0 { fault = component }
          }
          start += length
        }
      }
    }
    return fault
  }

  private func perform(
    _ instruction: Instruction, _ columns: UnsafeMutablePointer<Float>, before: UnsafePointer<UnsafeRawPointer>,
    after: UnsafePointer<UnsafeRawPointer>, start: Int, count: Int
  ) {
    let rows = CompiledProgram.rows
    let target = columns + Int(instruction.target) * rows
    switch instruction.operation {
    case .constant: break
    case .loadBefore: load(instruction, before, target, count)
    case .loadAfter: load(instruction, after, target, count)
    case .containsBefore: search(instruction, before, target, count)
    case .containsAfter: search(instruction, after, target, count)
    case .action:
      if program.isDiscrete {
        for row in 0..<count { target[row] = Float(transitions.discreteAction(start + row)) }
      } else {
        for row in 0..<count { target[row] = transitions.continuousAction(start + row)[Int(instruction.a)] }
      }
    case .reward: for row in 0..<count { target[row] = transitions.reward(start + row) }
    case .success: for row in 0..<count { target[row] = transitions.success(start + row) ? 1 : 0 }
    case .terminated: for row in 0..<count { target[row] = transitions.outcome(start + row) == .terminated ? 1 : 0 }
    case .truncated: for row in 0..<count { target[row] = transitions.outcome(start + row) == .truncated ? 1 : 0 }
    default:
      // Operands that an operation lacks are 0, the first column.
      Kernels.run(
        instruction.operation, columns + Int(instruction.a) * rows, columns + Int(instruction.b) * rows,
        columns + Int(instruction.c) * rows, to: target, count: count)
    }
  }

  private func place(_ instruction: Instruction) -> ObservationLayout.Place { places[Int(instruction.a)]! }

  /// Gathers one element of a field.
  private func load(
    _ instruction: Instruction, _ rows: UnsafePointer<UnsafeRawPointer>, _ target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    let place = place(instruction)
    let offset = place.offset + Int(instruction.b) * place.field.element.size
    switch place.field.element {
    case .uint8: for row in 0..<count { target[row] = Float(rows[row].load(fromByteOffset: offset, as: UInt8.self)) }
    case .int16: for row in 0..<count { target[row] = Float(rows[row].load(fromByteOffset: offset, as: Int16.self)) }
    case .int32: for row in 0..<count { target[row] = Float(rows[row].load(fromByteOffset: offset, as: Int32.self)) }
    case .float32: for row in 0..<count { target[row] = rows[row].load(fromByteOffset: offset, as: Float.self) }
    }
  }

  /// Looks for a text in a field, which ends at its first zero.
  private func search(
    _ instruction: Instruction, _ rows: UnsafePointer<UnsafeRawPointer>, _ target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    let place = place(instruction)
    let capacity = place.field.count
    program.texts[Int(instruction.b)].withUnsafeBufferPointer { text in
      for row in 0..<count {
        let bytes = (rows[row] + place.offset).assumingMemoryBound(to: UInt8.self)
        target[row] = contains(bytes, capacity, text) ? 1 : 0
      }
    }
  }

  private func contains(
    _ bytes: UnsafePointer<UInt8>, _ capacity: Int, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var start = 0
    while start + text.count <= capacity, bytes[start] != 0 {
      var length = 0
      while length < text.count, bytes[start + length] == text[length] { length += 1 }
      if length == text.count { return true }
      start += 1
    }
    return false
  }
}
