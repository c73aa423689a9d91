import Groundwork
import ReinforcementLearning

extension PreferenceReward {
  /// Who is asked, how often and about what; the networks and their training; the errors of synthetic teachers.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Who answers.
    public enum Source: String, Codable, CaseIterable, Sendable {
      /// A program that compares the environment's rewards in the two clips, at once.
      case synthetic
      /// Whoever answers in the run's file of labels, `forage label` for example, while the training goes on.
      case person
    }

    /// What is asked about clips.
    public enum Feedback: String, Codable, CaseIterable, Sendable {
      /// Which of two is better.
      case comparisons
      /// How good one is, on `levels` levels.
      case ratings
      /// Half of a session's questions are of each kind.
      case both
    }

    /// Who answers.
    public var teacher = Source.synthetic
    /// With `teacher=person`: whether the training stands still in a session until people have answered what was asked.
    /// Otherwise it goes on and takes answers in as they come.
    public var waits = false
    /// What is asked: which of two clips is better, how good one is, or both.
    public var feedback = Feedback.comparisons
    /// Levels of a rating, 2...9, so that each has a key; 1 is the worst.
    public var levels = 5
    /// Names of aspects that clips are judged in, between commas, 16 at most: each has its own questions, a head of
    /// each network and a weight. Empty for one answer about all, or the components of `program`.
    public var aspects = ""
    /// What the aspects' rewards are multiplied by, in their order, -1000000...1000000; empty for 1 each, or the
    /// program's weights. Answers do not depend on them.
    public var weights: [Double] = []
    /// The path of a reward program, or its text: a synthetic teacher judges each aspect by the component of that name,
    /// and not by the environment's reward. A run records the text.
    public var program = ProgramText()
    /// The directory of another run, whose answers are learnt from before the first step; they count among `labels`.
    /// Empty for none. Its path is recorded as it is written, from the working directory.
    public var answers = ""
    /// A digest of those answers. A run records it; where it is given, others are refused.
    public var answersDigest: String?
    /// Answers that are learnt from in all, 1...1000000; a question that was skipped does not count.
    public var labels = 1000
    /// Questions of a session, 1...100000; about each aspect one.
    public var questions = 50
    /// Environment steps between sessions, and before the first, 1...1000000000; a session is at the end of a
    /// collection, so at most one a collection. In a session it asks, takes answers in and learns from all that it has.
    public var interval = 10_000
    /// Steps of a clip, 1...10000; one that ends with its episode is shorter.
    public var segment = 50
    /// Clips that questions are drawn from, the latest, 2...100000.
    public var pool = 1000
    /// Which pairs of clips are asked about; `disagreement` and `active` hold two networks or more against each other.
    public var selection = PairSelection.uniform
    /// Pairs that are looked at for each one that is asked about, 1...1000.
    public var candidates = 10
    /// Networks, each with its own start and its own order of the answers, 1...64.
    public var ensemble = 3
    /// What the networks' rewards come to; with one network `worst` and `uncertainty` would be `mean`, and are refused.
    public var combination = RewardCombination.mean
    /// lambda: the weight of the variance in `combination=uncertainty`, 0...1000.
    public var uncertaintyWeight = 1.0
    /// Units of a network's hidden layers, with ReLU, 1...4096 each.
    public var hidden = 64
    /// Hidden layers, 1...8.
    public var layers = 2
    /// Whether the numbers that networks read are brought to mean 0 and variance 1 of the answered clips' steps, and
    /// cut to 5.
    public var normalizesObservations = false
    /// Whether a network's reward is the tanh of its output, within -1...1.
    public var bounded = true
    /// What the squares of the rewards in both clips of an answer, added up, count beside its cross-entropy, 0...1000.
    public var penalty = 0.01
    /// Adam's step size, 0...1.
    public var learningRate = 1e-3
    /// Answers of a step of the optimizer, 1...65536.
    public var minibatch = 64
    /// Passes over all answers in a session, at most, 1...10000.
    public var epochs = 10
    /// A session's passes end when this share of the answers that name a better clip is explained, 0...1; at least one
    /// is made.
    public var accuracy = 0.97
    /// beta: how surely a synthetic teacher prefers the larger return, P = sigmoid(beta (R_1 - R_2)), 0...1000000; null
    /// for always.
    public var rationality: Double?
    /// gamma: what a step earlier in the clip weighs less with a synthetic teacher, 0...1; below 1 its memory is short.
    public var myopia = 1.0
    /// Share of an average clip's return by which the returns of two must differ for a synthetic teacher not to call
    /// them equal, whatever its memory, 0...1000.
    public var equal = 0.0
    /// Share of an average clip's return that one of two must reach for a synthetic teacher to answer at all, 0...1000.
    public var skip = 0.0
    /// Share of a synthetic teacher's answers that are the other way round, 0...1.
    public var mistakes = 0.0

    /// A thousand answers of a perfect teacher to questions drawn evenly, three networks.
    public init() {}

    /// Whether networks learn bounds of levels.
    var hasRatings: Bool { feedback != .comparisons }

    /// Refuses settings that say nothing beside the others: whoever set them expects something of them.
    func refuseIdle() throws(UserError) {
      if answers.isEmpty, answersDigest != nil {
        throw UserError(
          "preferences(answersDigest=) is of answers of another run, and none is named",
          fix: "Leave it out, or name the run (preferences(answers=))")
      }
      let usual = Configuration()
      func refuse(_ setting: String, _ isSet: Bool, unless counts: Bool, _ beside: String) throws(UserError) {
        guard isSet, !counts else { return }
        throw UserError(
          "preferences(\(setting)=) says nothing here: it counts with \(beside)",
          fix: "Leave it out, or write \(beside)")
      }
      let ofScript = [
        ("rationality", rationality != usual.rationality), ("myopia", myopia != usual.myopia),
        ("equal", equal != usual.equal), ("skip", skip != usual.skip), ("mistakes", mistakes != usual.mistakes),
      ]
      for (setting, isSet) in ofScript {
        try refuse(setting, isSet, unless: teacher == .synthetic, "teacher=synthetic")
      }
      try refuse("equal", equal != usual.equal, unless: feedback != .ratings, "feedback=comparisons or both")
      try refuse("levels", levels != usual.levels, unless: hasRatings, "feedback=ratings or both")
      try refuse(
        "candidates", candidates != usual.candidates, unless: selection != .uniform,
        "selection=disagreement, entropy, active or optimistic")
      try refuse(
        "uncertaintyWeight", uncertaintyWeight != usual.uncertaintyWeight, unless: combination == .uncertainty,
        "combination=uncertainty")
    }

    var checks: [Check] {
      [
        Check(
          "preferences.waits",
          waits && teacher == .synthetic ? "true with teacher=synthetic, which answers at once" : "\(waits)",
          !waits || teacher == .person, "Use true where people answer", fix: "teacher=person"),
        Check("preferences.levels", levels, in: 2...9, fix: "preferences(levels=)"),
        Check("preferences.labels", labels, in: 1...1_000_000, fix: "preferences(labels=)"),
        Check("preferences.questions", questions, in: 1...100_000, fix: "preferences(questions=)"),
        Check("preferences.interval", interval, in: 1...1_000_000_000, fix: "preferences(interval=)"),
        Check("preferences.segment", segment, in: 1...10_000, fix: "preferences(segment=)"),
        Check("preferences.pool", pool, in: 2...100_000, fix: "preferences(pool=)"),
        Check("preferences.candidates", candidates, in: 1...1000, fix: "preferences(candidates=)"),
        Check("preferences.ensemble", ensemble, in: 1...64, fix: "preferences(ensemble=)"),
        // Of one network every deviation is 0: what was asked for would silently be something else.
        Check(
          "preferences.selection", selection.rawValue, ensemble > 1 || ![.disagreement, .active].contains(selection),
          "Use two networks or more for disagreement and active", fix: "preferences(ensemble=3)"),
        Check(
          "preferences.combination", combination.rawValue, ensemble > 1 || combination == .mean,
          "Use two networks or more for worst and uncertainty", fix: "preferences(ensemble=3)"),
        Check("preferences.uncertaintyWeight", uncertaintyWeight, in: 0...1000, fix: "preferences(uncertaintyWeight=)"),
        Check("preferences.hidden", hidden, in: SizeLimit.rewardUnits, fix: "preferences(hidden=)"),
        Check("preferences.layers", layers, in: 1...8, fix: "preferences(layers=)"),
        Check("preferences.penalty", penalty, in: 0...1000, fix: "preferences(penalty=)"),
        Check("preferences.learningRate", learningRate, in: 0...1, fix: "preferences(learningRate=)"),
        Check("preferences.minibatch", minibatch, in: SizeLimit.minibatch, fix: "preferences(minibatch=)"),
        Check("preferences.epochs", epochs, in: 1...10_000, fix: "preferences(epochs=)"),
        Check("preferences.accuracy", accuracy, in: 0...1, fix: "preferences(accuracy=)"),
        Check("preferences.rationality", rationality ?? 0, in: 0...1e6, fix: "preferences(rationality=)"),
        Check("preferences.myopia", myopia, in: 0...1, fix: "preferences(myopia=)"),
        Check("preferences.equal", equal, in: 0...1000, fix: "preferences(equal=)"),
        Check("preferences.skip", skip, in: 0...1000, fix: "preferences(skip=)"),
        Check("preferences.mistakes", mistakes, in: 0...1, fix: "preferences(mistakes=)"),
      ]
    }
  }
}

/// Which pairs of clips are asked about.
public enum PairSelection: String, Codable, CaseIterable, Sendable {
  /// Any, as they are drawn.
  case uniform
  /// Those whose answer the networks disagree about most: the deviation of their probabilities (B-Pref).
  case disagreement
  /// Those whose answer is least sure: the entropy of the mean probability (B-Pref).
  case entropy
  /// Those whose answer says most about the networks: the entropy of the mean less the mean of the entropies (BALD).
  case active
  /// Those of clips that may be the best: the sum of both returns, each at its mean and a deviation over the networks.
  case optimistic
}

/// What the rewards of several networks come to.
public enum RewardCombination: String, Codable, CaseIterable, Sendable {
  /// Their mean.
  case mean
  /// The least of them.
  case worst
  /// Their mean less `uncertaintyWeight` times their variance.
  case uncertainty
}
