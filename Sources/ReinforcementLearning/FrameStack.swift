import Groundwork

/// An environment that shows its last observations together, so that a policy without a memory sees what moves.
///
/// Each of the policy's fields has the last `frameStack` observations of the episode as its first axis, oldest first;
/// at an episode's start the first observation stands for those before it (Gymnasium's `FrameStackObservation` with the
/// padding "reset"). Signals, rewards, masks and everything else are the base's own.
///
/// A value like every environment: a copy keeps the observations that it was taken with. It is no environment of the
/// catalog: `EnvironmentListing` makes one of any listed environment where `frameStack` is above 1.
///
/// - Complexity: A step observes the base once, and writes `frameStack` observations; it allocates nothing but the copy
///   of `frameStack` observations that the first step of a copied value makes.
public struct FrameStack<Base: Sendable>: Sendable {
  @usableFromInline var base: Base
  @usableFromInline let layout: FrameLayout
  /// `[frameStack, frameBytes]`: the observations, as the base writes them.
  @usableFromInline var frames: [UInt8]
  /// Which of them is the present one; the one after it, round the end, is the oldest.
  @usableFromInline var newest = 0
}

/// Where the policy's fields of an environment lie in one of the observations that a `FrameStack` keeps.
public final class FrameLayout: @unchecked Sendable {
  /// A field of the policy.
  @usableFromInline struct Place: Sendable {
    /// Its number in the specification.
    @usableFromInline var index: Int
    /// Bytes from the start of an observation.
    @usableFromInline var offset: Int
    /// Bytes of one observation's.
    @usableFromInline var count: Int
  }

  /// How many observations are kept.
  @usableFromInline let count: Int
  /// Bytes of one, with room behind the last field as in every row.
  @usableFromInline let frameBytes: Int
  @usableFromInline let places: [Place]
  /// The numbers of the signals.
  @usableFromInline let signals: [Int]
  /// What the base writes into an observation that is kept: the policy's fields.
  @usableFromInline let bytes: UnsafeMutablePointer<ObservationLayout.Bytes>
  @usableFromInline let fieldCount: Int

  init(_ specification: Specification, count: Int) {
    let row = ObservationLayout(specification)
    self.count = count
    frameBytes = row.rowBytes
    places = row.places.map {
      Place(index: $0.index, offset: $0.offset, count: $0.field.count * $0.field.element.size)
    }
    signals = specification.fields.indices.filter { specification.fields[$0].role == .signal }
    fieldCount = specification.fields.count
    bytes = .allocate(capacity: max(1, fieldCount))
    for (index, place) in row.bytes.enumerated() { bytes.advanced(by: index).initialize(to: place) }
  }

  deinit { bytes.deallocate() }
}

extension FrameStack where Base: Environment {
  /// The base's configuration with one key more.
  public struct Configuration: Codable, Hashable, Sendable, CustomReflectable {
    /// The base's settings, which stand beside `frameStack` in documents, not under a key of their own.
    public var base: Base.Configuration
    /// How many observations the policy sees at once, the present one included; 1 for that one alone.
    public var frameStack: Int

    /// A configuration that shows the present observation alone, unless it is said otherwise.
    public init(base: Base.Configuration, frameStack: Int = 1) {
      self.base = base
      self.frameStack = frameStack
    }

    private enum CodingKeys: CodingKey { case frameStack }

    /// Reads the base's keys and `frameStack` from one object.
    ///
    /// - Throws: What decoding the base throws, and an error where `frameStack` is missing or no whole number.
    public init(from decoder: any Decoder) throws {
      base = try Base.Configuration(from: decoder)
      frameStack = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .frameStack)
    }

    /// Writes the base's keys and `frameStack` into one object.
    public func encode(to encoder: any Encoder) throws {
      try base.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(frameStack, forKey: .frameStack)
    }

    /// The base's settings, then its own: `Settings` reads keys and types off it.
    public var customMirror: Mirror {
      let settings = Mirror(reflecting: base).children.filter { $0.label != nil } + [("frameStack", frameStack)]
      return Mirror(self, children: settings)
    }
  }

  /// The base's plan and where its fields lie.
  public struct Plan: Sendable {
    let base: Base.Plan
    let layout: FrameLayout
  }

  /// The most observations that are shown at once.
  static var most: Int { 64 }
  /// The most bytes of the policy's fields together.
  static var mostBytes: Int { 1 << 20 }

  /// - Throws: `UserError` for a number of observations that is out of its range or makes too large a row.
  static func check(_ count: Int, frameBytes: Int) throws(UserError) {
    try Check("environment.frameStack", count, in: 1...most).enforce()
    guard count * frameBytes <= mostBytes else {
      throw UserError(
        "frameStack=\(count) makes rows of \(count * frameBytes) bytes; the most are \(mostBytes)",
        fix: "Use at most \(max(1, mostBytes / frameBytes)) (--set environment.frameStack=)")
    }
  }
}

extension FrameStack: _CompiledLoops, Environment where Base: Environment {
  /// The base's own.
  public typealias Action = Base.Action

  /// The base's plan, and where its fields lie.
  ///
  /// - Throws: `UserError` as the base does, for a number of observations outside of 1...64, or for rows of more than 1
  ///   MiB.
  public static func plan(_ configuration: Configuration) throws -> Plan {
    let plan = try Base.plan(configuration.base)
    let specification = Base.specification(of: plan)
    try check(configuration.frameStack, frameBytes: ObservationLayout(specification).policyBytes)
    return Plan(base: plan, layout: FrameLayout(specification, count: configuration.frameStack))
  }

  /// The base's, but that each of the policy's fields has `frameStack` as its first axis.
  public static func specification(of plan: Plan) -> Specification {
    var specification = Base.specification(of: plan.base)
    specification.fields = specification.fields.map { $0.role == .policy ? $0.stacked(plan.layout.count) : $0 }
    return specification
  }

  /// A base that must be reset, and room for its observations.
  public init(plan: Plan) {
    self.init(
      base: Base(plan: plan.base), layout: plan.layout,
      frames: [UInt8](repeating: 0, count: plan.layout.count * plan.layout.frameBytes))
  }

  /// Resets the base; its first observation stands for all.
  @inlinable public mutating func reset(seed: UInt64) {
    base.reset(seed: seed)
    restart()
  }

  /// Makes the present observation the first of all.
  @inlinable mutating func restart() {
    newest = 0
    FrameStack.keep(&base, as: 0, of: &frames, layout)
    let layout = layout
    frames.withUnsafeMutableBytes { bytes in
      for frame in 1..<max(1, layout.count) {
        (bytes.baseAddress! + frame &* layout.frameBytes).copyMemory(
          from: bytes.baseAddress!, byteCount: layout.frameBytes)
      }
    }
  }

  /// As the base; nothing that was observed changes.
  public mutating func reseed(_ seed: UInt64) { base.reseed(seed) }

  /// Steps the base and keeps what it shows in place of the oldest observation.
  @inlinable public mutating func step(_ action: Base.Action) -> Transition {
    let transition = base.step(action)
    newest = newest &+ 1 == layout.count ? 0 : newest &+ 1
    FrameStack.keep(&base, as: newest, of: &frames, layout)
    return transition
  }

  /// Writes the present observation over one that is kept.
  ///
  /// Not inlined and `inout` for the reason of `Slot.observe`: the base is observed in place.
  @inline(never) @inlinable static func keep(
    _ base: inout Base, as frame: Int, of frames: inout [UInt8], _ layout: FrameLayout
  ) {
    frames.withUnsafeMutableBytes { bytes in
      var row = ObservationRow(base: bytes.baseAddress! + frame &* layout.frameBytes, fields: layout.bytes)
      base.observe(into: &row)
    }
  }

  /// Writes the observations that are kept, oldest first, and the base's signals where any are wanted.
  @inlinable public func observe(into row: inout ObservationRow) {
    if layout.signals.contains(where: { row.wants($0) }) { observeSignals(into: row) }
    frames.withUnsafeBytes { bytes in
      for place in layout.places {
        guard var target = row.unsafeStart(of: place.index) else { continue }
        var frame = newest
        for _ in 0..<layout.count {
          frame = frame &+ 1 == layout.count ? 0 : frame &+ 1
          target.copyMemory(
            from: bytes.baseAddress! + (frame &* layout.frameBytes &+ place.offset), byteCount: place.count)
          target += place.count
        }
      }
    }
  }

  /// Lets the base write its signals and nothing else.
  @inlinable func observeSignals(into row: ObservationRow) {
    withUnsafeTemporaryAllocation(of: ObservationLayout.Bytes.self, capacity: layout.fieldCount) { fields in
      for index in 0..<layout.fieldCount { fields.initializeElement(at: index, to: row.fields[index]) }
      for place in layout.places { fields[place.index].offset = -1 }
      var signals = ObservationRow(base: row.base, fields: fields.baseAddress!)
      base.observe(into: &signals)
    }
  }

  /// The base's.
  @inlinable public func legalActions(into mask: inout MutableSpan<Bool>) { base.legalActions(into: &mask) }

  /// The base's.
  public func timeLimit(default limit: Int) -> Int { base.timeLimit(default: limit) }
}
