#if MuJoCo
  /// What decides a MetaWorld episode besides its seed and its actions.
  public struct MetaWorldConfiguration: Codable, Hashable, Sendable {
    /// The task's name without `-v3`.
    public var name = "reach"
    /// The benchmark whose fifty vectors are played: MT1, MT10, MT25, MT50, ML1, ML10, ML25, ML45, and `-test` for the
    /// other half of those with ML.
    public var benchmark = "MT1"
    /// The benchmark's seed, 0 to 2^32 - 2.
    public var benchmarkSeed = 0
    /// Which of the fifty vectors, 0 to 49; -1: each episode draws one.
    public var task = -1
    /// With a number from 0: the episode of seed n takes the vector that the package's `make` with this seed takes in
    /// its n-th reset (from 0, again from the first after 10,000), of the fifty that the seed gives. -1: the episode's
    /// own generator draws.
    public var makeSeed = -1
    /// Three or six numbers in place of a benchmark's vector; empty for none.
    public var randomVector: [Double] = []
    /// Whether the observation's goal is 0, as in the meta-learning benchmarks.
    public var goalHidden = false
    /// The version of MuJoCo that episodes belong to: this program's, and no other.
    public var engine = Engine.version
    /// Steps, 1 to 100,000; the package's limit is 500.
    public var timeLimit = 500

    /// `reach-v3` on the vectors of MT1 with seed 0.
    public init() {}
  }
#endif
