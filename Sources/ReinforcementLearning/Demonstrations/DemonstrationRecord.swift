/// What a run keeps of the recorded episodes that its agent learns from: how many, of how many, and which.
///
/// The episodes themselves are in its checkpoints, and not all that was found is among them: only this says what was
/// left out.
public struct DemonstrationRecord: Codable, Hashable, Sendable {
  /// Which of the episodes that directories hold are learnt from; those that are named file by file always are.
  public enum Choice: String, Codable, Hashable, Sendable {
    /// No directory was named, or the agent learns from failures, too.
    case all
    /// Every directory holds one at least.
    case successes
    /// One of each directory, none of which holds a success.
    case best
    /// Some directories hold a success, and of the others it is their best.
    case successesOrBest
  }

  /// Of the episodes that are learnt from, in their order.
  public var digest: String
  /// Episodes that are learnt from.
  public var episodes: Int
  /// Their steps.
  public var transitions: Int
  /// Episodes that the files hold which the configuration names, those that are left out included.
  public var found: Int
  /// By what they were chosen.
  public var choice: Choice

  /// Which they are, for a person.
  public var choiceText: String {
    switch choice {
    case .all: "all that were found"
    case .successes: "those that succeeded"
    case .best: "the best of each directory, since none succeeded"
    case .successesOrBest: "those that succeeded, or the best where none did"
    }
  }

  /// Says that some are left out; nil where none is.
  public var remark: String? {
    guard episodes < found else { return nil }
    return "\(episodes) of \(found) demonstrations are learnt from: \(choiceText). "
      + "Name files, not their directory, to have others"
  }
}
