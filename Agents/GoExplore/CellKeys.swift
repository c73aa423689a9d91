import Drawing
import ReinforcementLearning

/// How states are told apart.
enum CellFunction: Sendable {
  /// By numbers of the observation.
  case fields(CellExpression)
  /// By the drawn frame, as small and as coarse as the representation says.
  case frame(FrameRepresentation, FrameSettings)

  /// Fields that must be observed.
  var fields: [String] {
    if case .fields(let expression) = self { expression.fields } else { [] }
  }

  /// Words of a key.
  var width: Int {
    switch self {
    case .fields(let expression): expression.count
    case .frame(let representation, _): representation.words
    }
  }
}

/// Writes the keys of an arena's snapshots; one thread's.
final class CellKeys {
  /// The key that was written last, `[width]` words.
  private(set) var key: UnsafeMutablePointer<Int32>
  /// Frames that were kept for the next search for a representation.
  var frames: [GreyImage] = []

  private var function: CellFunction
  private var width: Int
  private var kept: UnsafeMutablePointer<Int32>
  private let row: UnsafeMutableRawPointer
  private let layout: ObservationLayout
  private var reader: CellReader?
  private var camera: FrameCamera?

  init(_ function: CellFunction, _ arena: SnapshotArena) {
    self.function = function
    layout = arena.layout
    row = .allocate(byteCount: layout.rowBytes, alignment: 64)
    row.initializeMemory(as: UInt8.self, repeating: 0, count: layout.rowBytes)
    width = function.width
    key = .allocate(capacity: width)
    kept = .allocate(capacity: width)
    change(function)
  }

  deinit {
    row.deallocate()
    key.deallocate()
    kept.deallocate()
  }

  /// Another function; the fields that it reads must be among those of the first.
  func change(_ function: CellFunction) {
    self.function = function
    width = function.width
    key.deallocate()
    kept.deallocate()
    key = .allocate(capacity: width)
    kept = .allocate(capacity: width)
    key.initialize(repeating: 0, count: width)
    kept.initialize(repeating: 0, count: width)
    switch function {
    case .fields(let expression): reader = CellReader(expression, layout: layout)
    case .frame(let representation, let settings):
      if camera == nil { camera = FrameCamera(side: settings.side) }
      camera!.representation = representation
    }
  }

  /// Writes the key of a snapshot.
  @inline(__always) func write(_ arena: SnapshotArena, _ snapshot: Int) {
    if let reader {
      arena.observe(snapshot, into: row)
      reader.write(row, to: key)
    } else {
      camera!.write(arena, snapshot, to: key)
    }
  }

  /// Remembers the key that was written last.
  @inline(__always) func keep() { kept.update(from: key, count: width) }

  /// Whether the key that was written last is the remembered one.
  @inline(__always) func isKept() -> Bool {
    for word in 0..<width where key[word] != kept[word] { return false }
    return true
  }

  /// Now and then keeps the frame that was drawn last.
  @inline(__always) func collectFrame(_ random: inout RandomSource) {
    guard case .frame(_, let settings) = function else { return }
    if random.chance(settings.keepProbability) { frames.append(camera!.image) }
  }
}
