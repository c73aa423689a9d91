import ReinforcementLearning

extension XLand {
  /// How hard the rulesets are that are drawn: XLand-MiniGrid's four benchmarks.
  ///
  /// Depth is levels of rules between what lies around and the goal; pruning is the probability that a thing
  /// lies around instead of having to be made.
  /// - `trivial`: depth 0, no rules, 3 objects that nothing needs.
  /// - `small`: depth 1, pruned by 0.3, up to 2 rules that lead nowhere, 2 objects that nothing needs.
  /// - `medium`: depth 2, pruned by 0.1, up to 3 such rules, 2 such objects.
  /// - `high`: depth 3, pruned by 0.1, up to 4 such rules, 1 such object.
  public enum Setting: String, Codable, Hashable, Sendable, CaseIterable {
    case trivial, small, medium, high

    /// Levels of rules between the initial objects and the goal.
    var depth: Int {
      switch self {
      case .trivial: 0
      case .small: 1
      case .medium: 2
      case .high: 3
      }
    }

    /// Probability that what a rule or the goal needs lies around instead of having to be made.
    var pruneProbability: Double {
      switch self {
      case .trivial: 0
      case .small: 0.3
      case .medium, .high: 0.1
      }
    }

    /// The number of rules that lead nowhere is uniform from 0 to this.
    var mostDistractorRules: Int {
      switch self {
      case .trivial: 0
      case .small: 2
      case .medium: 3
      case .high: 4
      }
    }

    /// Objects that no rule of the chain needs.
    var distractorObjects: Int {
      switch self {
      case .trivial: 3
      case .small, .medium: 2
      case .high: 1
      }
    }

    /// A goal and a rule need two things at most, so a level has at most twice the rules of the level above.
    var mostRules: Int { (2 << depth) - 2 + mostDistractorRules }

    /// Things needed at the deepest level, distractors, and two things for each rule that leads nowhere.
    var mostObjects: Int { (2 << depth) + distractorObjects + 2 * mostDistractorRules }
  }

  /// Draws rulesets as XLand-MiniGrid's benchmark script does: a goal, then a tree of rules that make what it needs.
  ///
  /// One deviation: a rule that leads nowhere and takes effect on a thing by holding it or standing beside it, which
  /// cannot be avoided, is never about a thing that the way to the goal needs, so every ruleset can be solved. Rules
  /// about two things that lie together can be avoided and may spoil the way, as in the original.
  struct Generator {
    /// How deep the tree is and how much of it is pruned.
    let setting: Setting
    /// Things that the goal or the chain is about, a bit each, by `Generator.bit`.
    private var used: UInt128 = 0

    init(_ setting: Setting) { self.setting = setting }

    /// In the order of XLand-MiniGrid's generator.
    static let colors: [Color] = [.red, .green, .blue, .purple, .yellow, .grey, .white, .brown, .pink, .orange]
    /// The seventh cannot be carried: `thing` is asked for six or seven.
    static let tiles: [Tile] = [.ball, .square, .pyramid, .key, .star, .hex, .goal]

    /// The place of a thing in the set of used ones: 84 of them, seven tiles in twelve colours.
    static func bit(_ cell: Cell) -> UInt128 {
      let tile = cell.tileCode > Tile.key.rawValue ? cell.tileCode - 6 : cell.tileCode - 3
      return 1 << (UInt128(tile) * 12 + UInt128(cell.colorCode))
    }

    /// Replaces a ruleset by a new one, in the memory that it has.
    ///
    /// - Complexity: Allocates nothing when the ruleset's arrays have held as much before and are not shared.
    mutating func draw(_ ruleset: inout Ruleset, random: inout RandomSource) {
      used = 0
      ruleset.rules.removeAll(keepingCapacity: true)
      ruleset.objects.removeAll(keepingCapacity: true)
      ruleset.goal = drawGoal(&random)
      // What the level above needs; at most 16 things at the deepest level.
      var needed = SIMD16<UInt16>(repeating: 0)
      var count = 0
      func add(_ cell: Cell, to list: inout SIMD16<UInt16>, _ count: inout Int) {
        guard cell != .empty else { return }
        list[count] = cell.bits
        count += 1
      }
      add(ruleset.goal.a, to: &needed, &count)
      add(ruleset.goal.b, to: &needed, &count)
      for _ in 0..<setting.depth {
        var next = SIMD16<UInt16>(repeating: 0)
        var nextCount = 0
        for index in (0..<count).reversed() {
          let product = Cell(bits: needed[index])
          if setting.pruneProbability > 0, random.chance(setting.pruneProbability) {
            ruleset.objects.append(product)
            continue
          }
          let rule = drawRule(product: product, fresh: true, &random)
          used |= Generator.bit(rule.a)
          add(rule.a, to: &next, &nextCount)
          if rule.b != .empty { used |= Generator.bit(rule.b) }
          add(rule.b, to: &next, &nextCount)
          ruleset.rules.append(rule)
        }
        needed = next
        count = nextCount
      }
      for index in 0..<count { ruleset.objects.append(Cell(bits: needed[index])) }
      for _ in 0..<setting.distractorObjects { ruleset.objects.append(thing(7, fresh: true, &random)) }
      let distractors = random.integer(in: 0..<setting.mostDistractorRules + 1)
      for _ in 0..<distractors { drawDistractor(into: &ruleset, &random) }
    }

    /// One of eleven kinds, uniformly: to hold, to be near (five ways), to lay two things together (five ways).
    private mutating func drawGoal(_ random: inout RandomSource) -> Goal {
      let kind = random.integer(in: 0..<11)
      var goal: Goal
      switch kind {
      case 0: goal = Goal(.agentHold, thing(6, fresh: false, &random))
      case 1...5: goal = Goal(.agentNear(Generator.side(kind - 1)), thing(7, fresh: false, &random))
      default:
        goal = Goal(.tileNear(Generator.side(kind - 6)), thing(7, fresh: false, &random))
        goal.b = thing(6, fresh: false, &random)
      }
      used |= Generator.bit(goal.a)
      if goal.b != .empty { used |= Generator.bit(goal.b) }
      return goal
    }

    /// No side, or one of the four.
    private static func side(_ index: Int) -> Side? { index == 0 ? nil : Side(rawValue: UInt8(index - 1)) }

    /// - Parameter fresh: Whether its things may not be used yet.
    private func drawRule(product: Cell, fresh: Bool, _ random: inout RandomSource) -> Rule {
      let kind = random.integer(in: 0..<11)
      switch kind {
      case 0: return Rule(.agentHold, thing(6, fresh: true, &random), product: product)
      case 1...5: return Rule(.agentNear(Generator.side(kind - 1)), thing(6, fresh: true, &random), product: product)
      default:
        let a = thing(7, fresh: fresh, &random)
        let b = thing(6, fresh: fresh, &random)
        return Rule(.tileNear(Generator.side(kind - 6)), a, b, product: product)
      }
    }

    /// A rule that makes nothing that is needed, and the things that it is about.
    private func drawDistractor(into ruleset: inout Ruleset, _ random: inout RandomSource) {
      // One more than the sixty portable things: disappearance.
      var product = Cell.floor
      repeat {
        let index = random.integer(in: 0..<61)
        product = index == 60 ? .floor : Generator.thing(index)
      } while isUsed(product)
      var rule: Rule
      repeat { rule = drawRule(product: product, fresh: false, &random) } while spoils(rule, ruleset.goal)
      ruleset.rules.append(rule)
      ruleset.objects.append(rule.a)
      if rule.b != .empty { ruleset.objects.append(rule.b) }
    }

    /// Whether the two things of the goal vanish where they should lie together.
    private func spoils(_ rule: Rule, _ goal: Goal) -> Bool {
      guard goal.b != .empty else { return false }
      return rule.a == goal.a && rule.b == goal.b || rule.a == goal.b && rule.b == goal.a
    }

    /// The things by number: six portable tiles in ten colours each, then goal tiles.
    private static func thing(_ index: Int) -> Cell { Cell(tiles[index / 10], colors[index % 10]) }

    /// A uniform thing of the first so many tiles in any of the ten colours.
    private func thing(_ tiles: Int, fresh: Bool, _ random: inout RandomSource) -> Cell {
      while true {
        let cell = Generator.thing(random.integer(in: 0..<tiles * 10))
        if !fresh || !isUsed(cell) { return cell }
      }
    }

    /// Whether the goal or the chain is about the thing; floor, which is disappearance, never is.
    private func isUsed(_ cell: Cell) -> Bool { cell != .floor && used & Generator.bit(cell) != 0 }
  }

  /// The ruleset with that number of those that a setting and a seed make; numbers count from 0.
  /// - Parameter number: From 0; below the configuration's `rulesetCount` in training, but any number gives a
  ///   ruleset.
  /// - Returns: The same for the same three values, on every machine.
  public static func ruleset(_ setting: Setting, seed: UInt64, number: Int = 0) -> Ruleset {
    var ruleset = Ruleset(goal: Goal(.none))
    draw(&ruleset, setting, seed: seed, number: number)
    return ruleset
  }

  /// Replaces a ruleset by one of those that a setting and a seed make.
  static func draw(_ ruleset: inout Ruleset, _ setting: Setting, seed: UInt64, number: Int) {
    var random = RandomSource(seed: seed, purpose: .rulesets, index: number)
    var generator = Generator(setting)
    generator.draw(&ruleset, random: &random)
  }
}
