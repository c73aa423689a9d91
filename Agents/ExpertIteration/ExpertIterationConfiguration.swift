public import Encoders
import Groundwork

/// The settings of expert iteration.
public struct ExpertIterationConfiguration: Codable, Hashable, Sendable {
  /// How positions may be turned over without changing what they are worth.
  public enum Symmetry: String, Codable, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// Left and right: the columns of every observation field [rows, columns, ...], and the actions, which are columns.
    case mirror
  }

  /// Episodes played side by side (N).
  public var slots = 64
  /// Batches that they are shared out to, each searched by one worker at a time; part of the configuration, never of
  /// the machine.
  public var batches = 4
  /// Steps of every slot in an iteration (T).
  public var steps = 16
  /// What a reward one step later is worth (gamma).
  public var discount = 0.99

  /// The search that chooses the actions and makes the policy's targets.
  public var search = NetworkSearchSettings.Rule.gumbel
  /// Simulations a step (n).
  public var simulations = 32
  /// Simulations a step of the policy that is evaluated; 0 for as many as in training.
  public var evaluationSimulations = 0
  /// Whether the search looks one move ahead, in every position of a two-player game, for a move that wins.
  public var looksForWins = false
  /// The most actions from the root to a leaf; 0 for no limit.
  public var maximumDepth = 0
  /// Gumbel: the most actions considered at the root (m).
  public var maximumConsidered = 16
  /// Gumbel: how much values weigh against the prior, sigma's scale (c_scale).
  public var valueScale = 0.1
  /// Gumbel: visits added to the most visited action's in sigma (c_visit).
  public var visitOffset = 50.0
  /// Gumbel: whether sigma brings a node's values to 0...1 first, as for returns of unknown size.
  public var rescalesValues = true
  /// PUCT: the weight of exploration (c_1).
  public var explorationOffset = 1.25
  /// PUCT: visits after which that weight begins to grow (c_2).
  public var explorationBase = 19652.0
  /// PUCT: concentration of the Dirichlet noise at the root (alpha).
  public var dirichletAlpha = 0.3
  /// PUCT: the share of that noise in the root's prior.
  public var dirichletFraction = 0.25
  /// Steps at the start of an episode whose action is drawn from the improved policy; later ones are the search's
  /// choice. PUCT draws in proportion to visits in these steps and takes the most visited action afterwards.
  public var drawnSteps = 0
  /// Steps at the start of an episode in which an action may be drawn uniformly from the legal ones, whatever the
  /// search says, each with probability `randomRate`. Without them self-play of a sharp policy in a deterministic game
  /// comes to repeat one line, and the network forgets all others.
  public var randomSteps = 0
  /// The probability of such a draw.
  public var randomRate = 0.0

  /// Steps of reward before the search's value is bootstrapped (n of n-step returns); 0 for the return to the end of
  /// the episode: a game's outcome z.
  public var valueSteps = 10
  /// The share of the search's own value of the position in its value target.
  public var searchValueShare = 0.0

  /// Positions in the transition buffer; the oldest are replaced.
  public var bufferSize = 32768
  /// Positions that must be in the buffer before learning starts.
  public var learningStarts = 2048
  /// How many times a position is learnt from, on average.
  public var reuse = 4.0
  /// Positions of one optimizer step.
  public var minibatch = 256
  /// Adam's step size (alpha).
  public var learningRate = 1e-3
  /// Whether the learning rate falls to 0 over the budget as half a cosine.
  public var annealsLearningRate = true
  /// Added to the root of Adam's second moment (epsilon).
  public var adamEpsilon = 1e-8
  /// Weight of the penalty on the parameters' squares (lambda), decoupled from Adam's moments.
  public var weightDecay = 1e-4
  /// The weight of the value's squared error.
  public var valueCoefficient = 1.0
  /// The gradient is scaled down to this norm; 0 never.
  public var maximumGradientNorm = 5.0
  /// Learns every position also turned over, each time with probability 1/2.
  public var symmetry = Symmetry.none

  /// Units of the hidden layers that policy and value share.
  public var hiddenLayers = [128, 128]
  /// How the network reads images of codes.
  public var imageEncoder = ImageEncoder.dense

  /// The defaults, which are the catalog's before presets.
  public init() {}

  /// - Throws: `UserError` for values that cannot work together.
  func validate() throws {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> Check {
      Check("agent." + name, value, in: range)
    }
    func number(_ name: String, _ value: Double, _ range: ClosedRange<Double>) -> Check {
      Check("agent." + name, value, in: range)
    }
    let (few, many) = (0...65_536, 0...1_000_000_000)
    try Check.all(
      [
        whole("slots", slots, SizeLimit.slots), whole("batches", batches, SizeLimit.slots),
        whole("steps", steps, SizeLimit.rolloutSteps), whole("simulations", simulations, 2...65_536),
        whole("evaluationSimulations", evaluationSimulations, few), whole("maximumDepth", maximumDepth, many),
        whole("maximumConsidered", maximumConsidered, 1...65_536), whole("drawnSteps", drawnSteps, many),
        whole("randomSteps", randomSteps, many), whole("valueSteps", valueSteps, many),
        whole("bufferSize", bufferSize, 1...100_000_000), whole("minibatch", minibatch, SizeLimit.minibatch),
        whole("learningStarts", learningStarts, 1...100_000_000),
      ] + Check.layers("agent.hiddenLayers", hiddenLayers) + [
        number("discount", discount, 0...1), number("valueScale", valueScale, 0...1e6),
        number("visitOffset", visitOffset, 0...1e6), number("explorationOffset", explorationOffset, 0...1e6),
        number("explorationBase", explorationBase, 1...1e9), number("dirichletAlpha", dirichletAlpha, 1e-3...1e3),
        number("dirichletFraction", dirichletFraction, 0...1), number("searchValueShare", searchValueShare, 0...1),
        number("randomRate", randomRate, 0...1), number("reuse", reuse, 0...1e3),
        number("learningRate", learningRate, 0...1e3), number("adamEpsilon", adamEpsilon, 1e-30...1),
        number("weightDecay", weightDecay, 0...1), number("valueCoefficient", valueCoefficient, 0...1e6),
        number("maximumGradientNorm", maximumGradientNorm, 0...1e9),
      ])
    guard slots % batches == 0 else {
      throw UserError(
        "\(slots) slots cannot be shared out to \(batches) batches",
        fix: "Use a number that divides them (--set agent.batches=)")
    }
    guard learningStarts <= bufferSize else {
      throw UserError(
        "learningStarts is \(learningStarts), more than the buffer's \(bufferSize) positions",
        fix: "Use a larger bufferSize or a smaller learningStarts")
    }
  }

  /// Refuses what would not fit into memory in an environment of such rows and snapshots.
  ///
  /// - Parameter snapshotBytes: Of a state, without what its arrays hold.
  /// - Throws: `UserError` that names the settings.
  func checkSizes(rowBytes: Int, snapshotBytes: Int, actions: Int) throws(UserError) {
    try SizeLimit.checkCollection(steps: steps, slots: slots, rowBytes: rowBytes)
    try SizeLimit.check(
      "a buffer of \(bufferSize) positions has", bufferSize * (rowBytes + 5 * actions + 4), "bytes",
      most: SizeLimit.collectionBytes, fix: "Use fewer (--set agent.bufferSize=)")
    let most = max(simulations, evaluationSimulations)
    let node = snapshotBytes + 20 * (actions + 7) / 8 * 8 + 40
    try SizeLimit.check(
      "searches of \(slots) slots x \(most) simulations have", slots * (most + 1) * node, "bytes",
      most: SizeLimit.collectionBytes, fix: "Use fewer of either (--set agent.slots=, --set agent.simulations=)")
  }

  /// The search of a step.
  ///
  /// - Parameters:
  ///   - players: 1, or 2 where the sign of the discount turns.
  ///   - choice: `sample` explores as in training, `mode` takes the best action that the search knows.
  func searchSettings(players: Int, simulations: Int, explores: Bool) -> NetworkSearchSettings {
    var settings = NetworkSearchSettings()
    settings.rule = search
    settings.simulations = simulations
    settings.discount = players == 2 ? -discount : discount
    settings.maximumDepth = maximumDepth == 0 ? .max : maximumDepth
    settings.maximumConsidered = maximumConsidered
    settings.gumbelScale = explores ? 1 : 0
    settings.valueScale = valueScale
    settings.visitOffset = visitOffset
    settings.rescalesValues = rescalesValues
    settings.explorationOffset = explorationOffset
    settings.explorationBase = explorationBase
    settings.dirichletAlpha = dirichletAlpha
    settings.dirichletFraction = explores ? dirichletFraction : 0
    settings.temperature = 0
    return settings
  }
}
