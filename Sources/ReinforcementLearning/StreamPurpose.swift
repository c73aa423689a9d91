/// What the streams of random numbers of a run are for: the one list, so that nobody draws from another's.
///
/// A stream is a function of the run's seed, its purpose and an index (`RandomSource(seed:purpose:index:)`). The raw
/// values are part of every result: one that is changed changes the bits of all that draws by it, and one that is given
/// up is not given out again. Where two owners draw by the same number (they never do in one run), both have a name,
/// and the second is an alias of the first.
public enum StreamPurpose: UInt64, CaseIterable, Sendable {
  /// What policies draw while a batch is collected; by batch.
  case collection = 1
  /// What a reward design draws when it learns.
  case rewardLearning = 2
  /// What policies draw while they are evaluated; by batch.
  case evaluation = 3
  /// The first parameters of an agent's networks.
  case initialParameters = 4
  /// What an agent draws when it learns, such as the order of its minibatches.
  case learning = 5
  /// The networks of random network distillation.
  case distillationNetworks = 6
  /// Resampling of an evaluation's episodes for its intervals.
  case evaluationIntervals = 7
  /// Resampling of runs for the intervals of their first success.
  case firstSuccessIntervals = 8
  /// What a policy draws while it is watched; by episode.
  case watching = 9
  /// Actions of a benchmark of environments; by batch.
  case environmentBench = 10
  /// Episodes that a benchmark of environments resets; by reset.
  case benchEpisodes = 11

  /// Where episodes start that begin on demonstrations; by batch.
  case demonstrationStarts = 20

  /// Which cells Go-Explore chooses.
  case cellChoice = 30
  /// How Go-Explore explores from a chosen cell; by the cell's number in the run.
  case cellExploration = 31
  /// Proposals of how small and how coarse a frame becomes a cell.
  case frameProposals = 32

  /// Goals and random actions of episodes that follow cells; by batch.
  case goalChoice = 40
  /// What the archive of goals draws when it learns.
  case goalLearning = 41

  /// Seeds of the parts of a claim's experiment; by part.
  case claimParts = 70
  /// Positions, problems and noise that a claim's experiment draws itself; by their number.
  case claimDraws = 71

  /// The bootstraps of a comparison's report; every figure begins with the same generator, so that none depends on
  /// which others there are.
  case comparisonIntervals = 90

  /// The settings of a random search over several; by trial.
  case settingTrials = 100

  /// What a bandit algorithm draws when it learns from a log that every episode begins with.
  case banditWarmStart = 120
  /// Repetitions of a comparison of bandit algorithms: their episodes, and what the policies draw.
  case repetitionEpisodes = 121

  /// Games and keys of a random player of NetHack; by game.
  case randomKeys = 150
  /// Random play that reward programs are checked on.
  case programCheck = 180
  /// What the scripted designer of rewards draws; by nothing: its seed holds all.
  case scriptedDesign = 181

  /// The networks of a reward that is learnt from preferences; by network.
  case preferenceNetworks = 190
  /// Which pairs of clips are asked about.
  case preferenceSelection = 191
  /// The errors of a synthetic teacher.
  case preferenceTeacher = 192

  /// Changes of the picture of a noisy television, an environment.
  case noisyTelevision = 0x7476
  /// Actions of golden playthroughs.
  case playthrough = 0x706c_6179
  /// Episodes of a run's evaluations; by evaluation.
  case evaluationEpisodes = 0x4556_414c
  /// What proposers draw in a search over partial solutions; by draw of the problem.
  case proposals = 0x7374_6570
  /// Rules of generated worlds; by ruleset.
  case rulesets = 0x72_756c_6573

  /// Number 5 too: the seed of a term of a reward design; by term.
  public static var rewardTerm: StreamPurpose { .learning }
  /// Number 4 too: a benchmark of searches; by part.
  public static var searchBench: StreamPurpose { .initialParameters }
  /// Number 7 too: the playouts of a search; by thread.
  public static var search: StreamPurpose { .evaluationIntervals }
  /// Number 40 too: the first moves of the games of a match; by pair of games.
  public static var matchOpening: StreamPurpose { .goalChoice }
  /// Number 41 too: what the players of a match draw; by game and side.
  public static var matchMoves: StreamPurpose { .goalLearning }
}
