public import Groundwork

/// Some steps of an episode, as what it takes to step them again: an episode is a function of the environment with its
/// settings, the seed, and the actions.
///
/// It holds no frame, so a question about two clips is a few hundred bytes. `Replay(of:seed:actions:)` steps it again.
public struct Clip: Hashable, Sendable {
  /// What the episode was reset with.
  public var seed: UInt64
  /// The first step that is shown, from 0.
  public var first: Int
  /// Steps that are shown, 1 or more.
  public var count: Int
  /// Numbers of one action: 1, or the length of the vector.
  public var width: Int
  /// All actions of the episode from its start to the last step that is shown, `width` numbers each.
  public var actions: [Float]

  /// - Precondition: There are actions for the steps from the episode's start to the last one that is shown.
  public init(seed: UInt64, first: Int, count: Int, width: Int = 1, actions: [Float]) {
    precondition(
      first >= 0 && count > 0 && width > 0 && actions.count == (first + count) * width,
      "\(actions.count) numbers are no actions of \(first) and \(count) steps")
    self.seed = seed
    self.first = first
    self.count = count
    self.width = width
    self.actions = actions
  }

  /// What a question's subject holds: `seed` as text, since it has 64 bits, `first`, `count`, `width`, `actions`.
  public var content: JSON {
    // The shortest decimals that give the same `Float` again; what is whole is read as such.
    func text(_ action: Float) -> JSON {
      action == action.rounded() && abs(action) < 1e9 ? .integer(Int(action)) : .number(Double("\(action)") ?? 0)
    }
    return [
      "seed": .string(String(seed)), "first": .integer(first), "count": .integer(count), "width": .integer(width),
      "actions": .array(actions.map(text)),
    ]
  }

  /// The clip of a subject's content.
  ///
  /// - Throws: `UserError` when it is none.
  public init(_ content: JSON) throws(UserError) {
    guard let seed = content["seed"]?.string.flatMap({ UInt64($0) }), let first = content["first"]?.integer,
      let count = content["count"]?.integer, let width = content["width"]?.integer,
      let actions = content["actions"]?.array, first >= 0, count > 0, width > 0,
      actions.count.isMultiple(of: width), actions.count / width - count == first
    else { throw UserError("a question is about a clip that is not whole", fix: "Restore the file of labels") }
    var numbers: [Float] = []
    numbers.reserveCapacity(actions.count)
    for value in actions {
      guard let number = value.double else {
        throw UserError("a clip has an action that is no number", fix: "Restore the file of labels")
      }
      numbers.append(Float(number))
    }
    self.init(seed: seed, first: first, count: count, width: width, actions: numbers)
  }
}

extension Question {
  /// Which of two clips of an environment is better; the subjects are named `left` and `right`.
  ///
  /// - Parameters:
  ///   - environment: The catalog's id.
  ///   - configuration: The environment's whole configuration.
  ///   - aspect: In what they are compared; nil for altogether.
  public static func comparison(
    _ prompt: String, of left: Clip, and right: Clip, environment: String, configuration: JSON, aspect: String? = nil
  ) -> Question {
    Question(
      .comparison, prompt, context: context(environment, configuration, aspect: aspect),
      subjects: [Subject("left", left.content), Subject("right", right.content)])
  }

  /// How good a clip of an environment is, from 1, the worst, to `levels`; the subject is named `clip`.
  ///
  /// - Parameters:
  ///   - environment: The catalog's id.
  ///   - configuration: The environment's whole configuration.
  ///   - aspect: In what it is rated; nil for altogether.
  public static func rating(
    _ prompt: String, of clip: Clip, levels: Int, environment: String, configuration: JSON, aspect: String? = nil
  ) -> Question {
    Question(
      .rating, prompt, context: context(environment, configuration, aspect: aspect, levels: levels),
      subjects: [Subject("clip", clip.content)])
  }

  /// What all questions of a kind and an aspect have in common.
  public static func context(
    _ environment: String?, _ configuration: JSON?, aspect: String? = nil, levels: Int? = nil
  ) -> JSON {
    var context: [String: JSON] = [:]
    context["environment"] = environment.map { .string($0) }
    context["configuration"] = configuration
    context["aspect"] = aspect.map { .string($0) }
    context["levels"] = levels.map { .integer($0) }
    return context.isEmpty ? .null : .object(context)
  }

  /// In what clips are judged; nil for altogether.
  public var aspect: String? { context["aspect"]?.string }

  /// How many levels a rating has, of which 1 is the worst; nil where any number is one.
  public var levels: Int? { kind == .rating ? context["levels"]?.integer : nil }

  /// The id and the whole configuration of the environment that its clips are of; nil for a question about other
  /// things.
  public var environment: (id: String, configuration: JSON)? {
    guard let id = context["environment"]?.string, let configuration = context["configuration"] else { return nil }
    return (id, configuration)
  }

  /// The clips that it is about, in the order of its subjects.
  ///
  /// - Throws: `UserError` when a subject is none.
  public func clips() throws(UserError) -> [Clip] {
    var clips: [Clip] = []
    for subject in subjects { clips.append(try Clip(subject.content)) }
    return clips
  }
}
