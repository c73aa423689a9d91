/// Everything that one picture of a question about clips shows.
struct QuestionState {
  /// A clip at this moment.
  struct Side {
    var frame: PlaybackFrame
    /// Steps from the clip's beginning, and how many it has.
    var step, length: Int
  }

  /// What is asked, in a sentence; what is waited for while nothing is.
  var prompt: String
  /// The environment's id, the question's number and who answers.
  var details: String
  /// The left clip and the right one, or the only one; none while no question is open.
  var sides: [Side]
  /// The rows of their boards that have something on them at some step; nil for all.
  var boardSpan: Range<Int>?
  /// Of a rating.
  var levels: Int?
  var progress: AnswerProgress
  /// Steps of the longer clip so far, as a share.
  var share: Float
  /// What the last key came to.
  var message: String
  var isPlaying: Bool
  /// Steps a second.
  var speed: Double
  var hints: [HelpLine]
  /// Rows of the help screen; empty while it is hidden.
  var help: [HelpLine]

  init<Source: QuestionSource>(_ control: QuestionControl<Source>) {
    let question = control.question
    progress = control.progress
    let isDone = progress.asked > 0 && progress.answered >= progress.asked
    let nothing =
      isDone ? "Everything that was asked is answered." : "No question is open: others are shown those that are left."
    prompt = question?.prompt ?? nothing
    details = [question.map { $0.title }, question.map { "question \($0.number)" }, control.source.person]
      .compactMap(\.self).joined(separator: "  ·  ")
    let step = control.step
    func side(_ clip: [PlaybackFrame]) -> Side {
      Side(frame: clip[min(step, clip.count - 1)], step: min(step, clip.count - 1), length: clip.count - 1)
    }
    sides = question?.clips.map(side) ?? []
    boardSpan = control.boardSpan
    levels = question?.levels
    share = control.length > 0 ? Float(step) / Float(control.length) : 1
    message = control.message.isEmpty && question == nil ? "waiting for the next question" : control.message
    isPlaying = control.isPlaying
    speed = control.speed
    let levels = levels
    hints = QuestionControl<Source>.hints(levels: levels).filter {
      question != nil || ["u", "h", "q"].contains($0.keys)
    }
    help = control.showsHelp ? QuestionControl<Source>.help(levels: levels) : []
  }

  /// How far everybody is, in words.
  var progressText: String {
    let (goal, remarks) = (progress.goal, progress.remarks)
    return "\(goal.done) of \(goal.of) answered" + (remarks.isEmpty ? "" : ", \(remarks)")
  }
}
