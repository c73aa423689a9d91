public import Encoders
import NeuralNetworks

/// The function of the hidden layers.
public enum HiddenActivation: String, Codable, Sendable, CaseIterable {
  case tanh, relu
}

/// What a policy remembers of its episode.
public enum PolicyMemory: String, Codable, Sendable, CaseIterable {
  /// It sees the present observation alone.
  case none
  /// A recurrent layer between the encoder and the heads.
  case gru, lstm
}

/// PPO's parameters. The defaults are those of CleanRL's `ppo.py`; the catalog's presets change some for a family.
public struct PPOConfiguration: Codable, Hashable, Sendable {
  /// Parallel environments (N).
  public var slots = 4
  /// Batches that the slots are shared out to, which is how many workers can collect at the same time; part of
  /// the result, unlike the number of workers.
  public var batches = 2
  /// Steps of a rollout (M).
  public var steps = 128
  /// What a reward one step later is worth (gamma).
  public var discount = 0.99
  /// Generalised advantage estimation: from one step (0) to whole episodes (1) of reward (lambda).
  public var gaeLambda = 0.95
  /// Passes over a rollout (K).
  public var epochs = 4
  /// Parts that a rollout is shuffled into; slots x steps must be a multiple.
  public var minibatches = 4
  /// Adam's step size (alpha).
  public var learningRate = 2.5e-4
  /// Whether the learning rate falls linearly to 0 over the budget.
  public var annealsLearningRate = true
  /// Added to the root of Adam's second moment (epsilon).
  public var adamEpsilon = 1e-5
  /// How far an update may move the ratio of new to old probability from 1 (epsilon).
  public var clipRange = 0.2
  /// Whether the clip range falls linearly to 0 over the budget, as the learning rate may, so that late iterations
  /// undo less. Source: Schulman et al. 2017, table 5; Stable-Baselines3's zoo for CartPole.
  public var annealsClipRange = false
  /// Whether the value loss is clipped with the same epsilon, in the units of the value: returns far from 1 then move
  /// by as little.
  public var clipsValueLoss = true
  /// The weight of the policy's entropy (c_2).
  public var entropyCoefficient = 0.01
  /// The weight of the value loss (c_1).
  public var valueCoefficient = 0.5
  /// The gradient is scaled down to this norm; 0 never.
  public var maximumGradientNorm = 0.5
  /// Whether advantages are normalised in each minibatch.
  public var normalizesAdvantages = true
  /// Epochs stop when the approximate KL divergence exceeds this; 0 never.
  public var targetKL = 0.0
  /// Whether the value of a truncated episode's last observation is bootstrapped; false as in CleanRL.
  public var bootstrapsTruncation = true
  /// Whether each reward component has its own value head, discount and advantage (as RND's two).
  public var separatesComponents = false
  /// Whether numeric observation fields are normalised by their running mean and variance, and clipped to 10.
  public var normalizesObservations = false
  /// Whether the reward is divided by the running deviation of its discounted return, and clipped to 10.
  public var normalizesRewards = false
  /// Units of the hidden layers.
  public var hiddenLayers = [64, 64]
  /// The function of the hidden layers.
  public var activation = HiddenActivation.tanh
  /// How images of codes are read.
  public var imageEncoder = ImageEncoder.dense
  /// Whether what a categorical observation has in common with an episode's first adds nothing to the dense layer on
  /// it: for pictures of a whole level, of which a step changes a few cells of hundreds.
  public var omitsBackground = false
  /// Whether policy and value share all layers but the last.
  public var sharesNetwork = false
  /// Whether the policy remembers; the value then reads the same memory, and the first hidden layer encodes what it is
  /// fed. Source: CleanRL's `ppo_atari_lstm.py`; `rl-starter-files` for minibatches of parts of rollouts.
  public var memory = PolicyMemory.none
  /// Units of the memory, at least 1.
  public var memoryUnits = 64
  /// Steps through which the gradient of a memory goes back; must divide `steps`.
  public var sequenceSteps = 32
  /// The logarithm of the initial standard deviation of continuous actions.
  public var initialLogDeviation = 0.0

  /// CleanRL's defaults.
  public init() {}

  /// The recurrent cell; nil for none.
  var cell: RecurrentCell.Kind? {
    switch memory {
    case .none: nil
    case .gru: .gru
    case .lstm: .lstm
    }
  }
}
