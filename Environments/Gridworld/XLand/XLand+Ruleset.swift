extension XLand {
  /// What changes the world besides the agent: XLand-MiniGrid's eleven production rules.
  ///
  /// A rule is tried after one kind of action only: `agentHold` after `pickUp`, `agentNear` after `forward`, `tileNear`
  /// after `putDown`, `agentNear` with a side after either of the latter two. `a` and `b` become `product`; floor as a
  /// product is disappearance.
  public struct Rule: Hashable, Sendable {
    /// When a rule is tried and what it looks at; a side narrows it to one of four neighbours.
    public enum Kind: Hashable, Sendable {
      /// `a` in the agent's hands becomes the product.
      case agentHold
      /// `a` beside the agent, on any side or on that side, becomes the product.
      case agentNear(Side?)
      /// `b` lies beside `a`, on any side or on that side of it, where the agent put down: the neighbour of the cell
      /// where it was put becomes the product and that cell floor.
      case tileNear(Side?)

      /// XLand-MiniGrid's number.
      var code: UInt8 {
        switch self {
        case .agentHold: 1
        case .agentNear(let side): side.map { 8 + $0.rawValue } ?? 2
        case .tileNear(let side): side.map { 4 + $0.rawValue } ?? 3
        }
      }

      /// Nil for a number that is none of the eleven.
      init?(code: UInt8) {
        switch code {
        case 1: self = .agentHold
        case 2: self = .agentNear(nil)
        case 3: self = .tileNear(nil)
        case 4...7: self = .tileNear(Side(rawValue: code - 4))
        case 8...11: self = .agentNear(Side(rawValue: code - 8))
        default: return nil
        }
      }
    }

    /// When the rule is tried.
    public var kind: Kind
    /// The thing that changes; for `tileNear` the first of two.
    public var a: Cell
    /// Only of `tileNear`; otherwise empty.
    public var b = Cell.empty
    /// What becomes of it; floor means that it disappears.
    public var product: Cell

    /// A rule of that kind; nothing is checked, see `Ruleset.init(_:name:)` for what documents may say.
    public init(_ kind: Kind, _ a: Cell, _ b: Cell = .empty, product: Cell) {
      self.kind = kind
      self.a = a
      self.b = b
      self.product = product
    }

    /// XLand-MiniGrid's seven bytes: number, then the tiles and colours in order, padded with zeros.
    public var encoding: [UInt8] {
      var code = UInt64(kind.code)
      write(into: &code)
      return (0..<7).map { UInt8(truncatingIfNeeded: code >> (8 * $0)) }
    }

    /// The seven bytes as one number, the first byte lowest.
    @inline(__always) func write(into code: inout UInt64) {
      code = UInt64(kind.code) | UInt64(a.bits) << 8
      if case .tileNear = kind {
        code |= UInt64(b.bits) << 24 | UInt64(product.bits) << 40
      } else {
        code |= UInt64(product.bits) << 24
      }
    }
  }

  /// What the agent is to bring about: XLand-MiniGrid's fourteen goals, and none at all.
  ///
  /// A goal is looked for after one kind of action only: `agentHold` after `pickUp`; `agentOnTile` and `agentNear`
  /// after `forward`, with a side after `putDown` too; `tileNear` after `putDown`; positions after every action.
  public struct Goal: Hashable, Sendable {
    /// What has to hold, and after which action it is looked for.
    public enum Kind: Hashable, Sendable {
      /// Nothing is ever reached.
      case none
      case agentHold, agentOnTile
      case agentNear(Side?)
      /// `b` lies beside `a`, on any side or on that side of it.
      case tileNear(Side?)
      case tileOnPosition, agentOnPosition

      /// XLand-MiniGrid's number.
      var code: UInt8 {
        switch self {
        case .none: 0
        case .agentHold: 1
        case .agentOnTile: 2
        case .agentNear(let side): side.map { 11 + $0.rawValue } ?? 3
        case .tileNear(let side): side.map { 7 + $0.rawValue } ?? 4
        case .tileOnPosition: 5
        case .agentOnPosition: 6
        }
      }

      /// Nil for a number that is none of the fifteen.
      init?(code: UInt8) {
        switch code {
        case 0: self = .none
        case 1: self = .agentHold
        case 2: self = .agentOnTile
        case 3: self = .agentNear(nil)
        case 4: self = .tileNear(nil)
        case 5: self = .tileOnPosition
        case 6: self = .agentOnPosition
        case 7...10: self = .tileNear(Side(rawValue: code - 7))
        case 11...14: self = .agentNear(Side(rawValue: code - 11))
        default: return nil
        }
      }
    }

    /// What is looked for.
    public var kind: Kind
    /// Not of `agentOnPosition` and `none`.
    public var a = Cell.empty
    /// Only of `tileNear`.
    public var b = Cell.empty
    /// Row and column, only of the two goals on a position.
    public var row: UInt8 = 0
    /// The column from 0, the outer wall counted.
    public var column: UInt8 = 0

    /// A goal of that kind; rows and columns beyond 255 are clamped, nothing else is checked.
    public init(_ kind: Kind, _ a: Cell = .empty, _ b: Cell = .empty, row: Int = 0, column: Int = 0) {
      self.kind = kind
      self.a = a
      self.b = b
      self.row = UInt8(clamping: row)
      self.column = UInt8(clamping: column)
    }

    /// XLand-MiniGrid's five bytes: number, then tiles and colours or row and column in order, padded with zeros.
    public var encoding: [UInt8] {
      let code = code
      return (0..<5).map { UInt8(truncatingIfNeeded: code >> (8 * $0)) }
    }

    /// The five bytes as one number, the first byte lowest.
    @inline(__always) var code: UInt64 {
      let place = UInt64(row) | UInt64(column) << 8
      let first = kind == .agentOnPosition ? place : UInt64(a.bits)
      let second = kind == .tileOnPosition ? place : UInt64(b.bits)
      return UInt64(kind.code) | first << 8 | second << 24
    }
  }

  /// A task: a goal, rules in the order in which they are tried, and the objects that lie around at the start.
  public struct Ruleset: Hashable, Sendable {
    /// What ends a trial with success.
    public var goal: Goal
    /// At most 32 rules; they are tried in this order, so an earlier one can make what a later one needs in the
    /// same step.
    public var rules: [Rule]
    /// At most 64 things that are laid on drawn cells of floor at the start of every trial.
    public var objects: [Cell]

    /// A ruleset of those parts; whether it can be solved is not checked.
    public init(goal: Goal, rules: [Rule] = [], objects: [Cell] = []) {
      self.goal = goal
      self.rules = rules
      self.objects = objects
    }

    /// The most rules and objects that a ruleset may have.
    static let mostRules = 32
    static let mostObjects = 64

    /// Whether the goal is about a position outside a grid of that side.
    func isOutside(size: Int) -> Bool {
      guard goal.kind == .tileOnPosition || goal.kind == .agentOnPosition else { return false }
      return Int(goal.row) >= size || Int(goal.column) >= size
    }
  }
}
