import Groundwork
import Labels
import ReinforcementLearning

/// What is asked in a session, and what comes of it.
extension PreferenceReward {
  /// Whether it asks anything: without a program a script has nothing to judge aspects by, and there are another run's
  /// answers alone.
  var asks: Bool { configuration.teacher == .person || aspects.names.isEmpty || aspects.program != nil }

  /// Asks as many questions as the session and the labels that are left allow.
  mutating func ask(_ workers: Workers) throws -> [Metric] {
    guard asks else { return [] }
    // Of people who answer slowly no more is asked than they are behind.
    let room = max(0, 2 * configuration.questions - waiting.count)
    let left = configuration.labels - answers.count - waiting.count
    // About each pair and each clip one question an aspect.
    let wanted = min(configuration.questions, room, left) / aspects.count
    guard wanted > 0 else { return [] }
    let paired =
      switch configuration.feedback {
      case .comparisons: wanted
      case .ratings: 0
      // Where there are fewer clips than ratings, the rest are comparisons.
      case .both: max((wanted + 1) / 2, wanted - pool.clips.count)
      }
    var returns: [[[Double]]]?
    let (ensemble, clips, stride) = (ensemble, pool.clips, pool.row.stride)
    let (aspects, selection) = (aspects, configuration.selection)
    func judged() -> [[[Double]]] {
      let known = returns ?? ensemble.returns(of: clips, stride: stride, workers)
      returns = known
      return known
    }
    var pairs: [(Int, Int)] = []
    if paired > 0 {
      pairs = selection.pairs(
        paired, ofClips: clips.count, candidates: configuration.candidates, random: &random
      ) { judged().map { aspects.weighed($0) } }
    }
    var singles: [Int] = []
    if wanted > paired {
      let scales = (0..<aspects.count).map { ensemble.scales(head: $0) }
      singles = selection.clips(
        wanted - paired, of: clips.count, candidates: configuration.candidates, random: &random
      ) {
        judged().map { each in
          let levels = zip(each, scales).map { zip($0, $1).map { $1.probabilities($0) } }
          return selection.score(aspects.weighed(each), levels: levels)
        }
      }
    }
    let subjects = pairs.map { [clips[$0.0], clips[$0.1]] } + singles.map { [clips[$0]] }
    let new = subjects.flatMap { subject in
      (0..<aspects.count).map { Waiting(number: 0, head: $0, clips: subject) }
    }
    let before = asked == 0 ? try store.count() : 0
    let numbers = try store.ask(new.map { question($0) }, at: step)
    // A run that is repeated with its file asks what it asked.
    guard before == 0 || numbers.allSatisfy({ $0 < before }) else {
      throw UserError(
        "the file of labels holds \(before) questions of another run", fix: "Begin the run in an empty directory")
    }
    let known = Set(waiting.map(\.number))
    var isNew = Set(numbers)
    for (number, question) in zip(numbers, new) where !known.contains(number) && isNew.remove(number) != nil {
      waiting.append(Waiting(number: number, head: question.head, clips: question.clips))
    }
    asked += new.count
    if configuration.teacher == .synthetic { try answer() }
    guard let returns, ensemble.count > 1, !pairs.isEmpty else { return [] }
    let scores = pairs.map {
      PairSelection.disagreement.score(aspects.weighed(returns[$0.0]), aspects.weighed(returns[$0.1]))
    }
    return [Metric(.preferencesDisagreement, scores.reduce(0, +) / Double(scores.count))]
  }

  /// What a person is asked: the clips by their actions where they are kept, otherwise by where they are.
  private func question(_ asked: Waiting) -> Question {
    let aspect = aspects.names.isEmpty ? nil : aspects.names[asked.head]
    let inAspect = aspect.map { " in \($0)" } ?? ""
    let isRating = asked.clips.count == 1
    let levels = configuration.levels
    let prompt =
      isRating ? "How good is the clip\(inAspect), from 1 to \(levels)?" : "Which clip is better\(inAspect)?"
    let shown = asked.clips.compactMap(\.clip)
    let (id, settings) = (recipe.id, recipe.configuration)
    if shown.count == asked.clips.count {
      return isRating
        ? .rating(prompt, of: shown[0], levels: levels, environment: id, configuration: settings, aspect: aspect)
        : .comparison(prompt, of: shown[0], and: shown[1], environment: id, configuration: settings, aspect: aspect)
    }
    func place(_ record: ClipRecord) -> JSON {
      ["seed": .string(String(record.seed)), "first": .integer(record.first), "count": .integer(record.count)]
    }
    return Question(
      isRating ? .rating : .comparison, prompt,
      context: Question.context(nil, nil, aspect: aspect, levels: isRating ? levels : nil),
      subjects: zip(isRating ? ["clip"] : ["left", "right"], asked.clips).map { .init($0, place($1)) })
  }

  /// The synthetic teacher answers what waits; in a run that is repeated with its file it says what it said.
  private mutating func answer() throws {
    let scales = (0..<aspects.count).map { pool.scale($0) }
    let said = waiting.map { question in
      let worth = question.clips.map { $0.worth(question.head) }
      let scale = scales[question.head]
      let known = pool.ranges[question.head] ?? worth[0].remembered...worth[0].remembered
      return (
        number: question.number,
        answer: worth.count == 2
          ? teacher.answer(worth[0], worth[1], scale: scale) : teacher.rating(worth[0], in: known, scale: scale)
      )
    }
    let open = Set(try store.open().map(\.number))
    try store.answer(said.filter { open.contains($0.number) }, by: SyntheticTeacher.teacher)
  }

  /// Stands still until people have answered all that waits.
  ///
  /// - Throws: `StopRequested` when the program is to stop; what was answered stays in the file, and a run that goes on
  ///   asks the same again.
  func awaitAnswers() throws {
    let mine = Set(waiting.map(\.number))
    var isSaid = false
    while true {
      let open = try store.openNumbers().count { mine.contains($0) }
      guard open > 0 else {
        if isSaid { tell(nil) }
        return
      }
      if !isSaid {
        let place = (store as? LabelDatabase)?.directory.map { ": `forage label \(Shell.quoted($0))`" } ?? ""
        tell("waiting for answers to \(open) \(open == 1 ? "question" : "questions")\(place)")
        isSaid = true
      }
      for _ in 0..<5 {
        if Interruption.wasRequested { throw StopRequested() }
        Clock.sleep(seconds: 0.1)
      }
    }
  }

  /// Takes in the answers that came since the last session.
  ///
  /// - Returns: How many can be learnt from, and the share of the decided ones that the networks expected, nil where
  ///   they have learnt nothing yet or nothing was decided.
  mutating func takeIn(_ workers: Workers) throws -> (new: Int, expected: Double?) {
    var (decided, expected, new) = (0, 0, 0)
    let isJudged = learned > 0
    for label in try store.takeIn(at: step) {
      // What somebody else asked has no clips here.
      guard let place = waiting.firstIndex(where: { $0.number == label.number }), let answer = label.answer else {
        continue
      }
      let question = waiting.remove(at: place)
      let value: AnsweredClips.Answer
      switch answer {
      case .first: value = .comparison(1)
      case .second: value = .comparison(0)
      case .equal:
        value = .comparison(0.5)
        equal += 1
      case .number(let level): value = .rating(Int(level) - 1)
      default:
        skipped += 1
        continue
      }
      if isJudged, value.isDecided {
        decided += 1
        expected += isExpected(value, question, workers) ? 1 : 0
      }
      answers.append(value, of: question.clips, head: question.head)
      new += 1
    }
    return (new, decided > 0 ? Double(expected) / Double(decided) : nil)
  }

  /// Whether what the clips are paid says so of a comparison, and the mean of the networks' probabilities of a rating,
  /// whose bounds are each network's own.
  private func isExpected(_ answer: AnsweredClips.Answer, _ question: Waiting, _ workers: Workers) -> Bool {
    switch answer {
    case .comparison(let target):
      let paid = ensemble.paid(question.clips, stride: pool.row.stride, workers).map { $0[question.head] }
      return (paid[0] > paid[1]) == (target == 1)
    case .rating(let level):
      let returns = ensemble.returns(of: question.clips, stride: pool.row.stride, workers).map { $0[question.head] }
      let each = zip(ensemble.scales(head: question.head), returns[0]).map { $0.probabilities($1) }
      let all = each[0].indices.map { place in each.reduce(0) { $0 + $1[place] } }
      return all.indices.max { all[$0] < all[$1] } == level
    }
  }
}
