import Groundwork

/// The search for a coarse picture that tells cells apart, where nothing is known about the environment.
///
/// Sizes are for environments drawn as a few hundred squares; on Atari the authors kept 10,000 frames, made 3,000
/// proposals, and waited 10 million steps.
public struct FrameSettings: Codable, Hashable, Sendable {
  /// Pixels of the longer side of the frame that is drawn, 8 to 256.
  public var side = 48
  /// Recent frames that proposals are judged by, 10 to 100000.
  public var buffer = 1000
  /// Probability with which a frame is kept, 0 to 1.
  public var keepProbability = 0.01
  /// Steps before the first search.
  public var firstFit = 20_000
  /// Steps from one search to the next.
  public var interval = 1_000_000
  /// Cells from which on there is a search at once.
  public var maximumCells = 50_000
  /// Random proposals in a search, 1 to 100000.
  public var proposals = 300
  /// The wanted number of cells, as a share of the frames.
  public var targetShare = 0.125

  /// The defaults, for environments that are drawn as a few hundred squares.
  public init() {}

  func validate() throws {
    func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> Check {
      Check("agent.frame." + name, value, in: range)
    }
    try Check.all([
      whole("side", side, 8...256), whole("buffer", buffer, 10...100_000),
      Check("agent.frame.keepProbability", keepProbability, in: 1e-9...1),
      whole("firstFit", firstFit, 1...1_000_000_000_000), whole("interval", interval, 1...1_000_000_000_000),
      whole("maximumCells", maximumCells, 1...1_000_000_000), whole("proposals", proposals, 1...100_000),
      Check("agent.frame.targetShare", targetShare, in: 1e-6...1),
    ])
    try SizeLimit.check(
      "\(buffer) frames of \(side) x \(side) pixels have", buffer * side * side, "bytes",
      most: SizeLimit.collectionBytes,
      fix: "Use fewer of either (--set agent.frame.buffer=, --set agent.frame.side=)")
  }
}
