import ReinforcementLearning

/// The page of a search for a reward program: the winner, then every attempt.
struct DesignPage {
  let result: DesignResult

  /// The whole document. The same result gives the same text.
  var html: String {
    let design = result.design
    return PageShell.document(
      title: "a reward for \(design.environment)",
      body: [header, "<main>", winner, course, attempts, "</main>"], hasMovies: false)
  }

  private func number(_ value: Double) -> String { NumberText.short(value) }

  private var header: String {
    let design = result.design
    let trained = result.attempts.count { $0.score != nil }
    var lead = "None of \(result.attempts.count) programs could be trained with."
    if let winner = result.winner.map({ result.attempts[$0] }), let score = winner.score {
      lead = "The best of \(result.attempts.count) programs, \(trained) of which could be trained with, is "
        + "\(winner.name): \(result.measure.name) \(number(score)) over its training"
      if let second = result.confirmation {
        lead += ", and \(number(second.score)) with seed \(second.seed), which it was not chosen on "
          + "(\(number(second.final)) at its end)"
      }
      lead += "."
      if let ties = result.tieText { lead += " \(ties)." }
    }
    var facts = [
      ("Method", design.method.rawValue), ("Designer", design.model), ("Agent", design.agent),
      ("Steps of a training", NumberText.steps(design.steps)),
      ("Programs", "\(design.candidates) in each of \(design.iterations) iterations"), ("Seed", "\(design.seed)"),
    ]
    if let tokens = result.tokens {
      let cost = result.cost.map { ", \(number($0)) by its prices" } ?? ""
      facts.append(("Tokens of the designer", "\(tokens.prompts) read, \(tokens.answers) written\(cost)"))
    }
    let list = facts.map { "<div><dt>\($0)</dt><dd>\(Markup.escaped($1))</dd></div>\n" }.joined()
    return """
      <header>
      <h1>A reward for \(Markup.escaped(design.environment))</h1>
      <div class="lead"><p>\(Markup.escaped(lead))</p></div>
      <dl>
      \(list)</dl>
      </header>
      """
  }

  private var winner: String {
    guard let winner = result.winner.map({ result.attempts[$0] }), let program = winner.program else { return "" }
    return """
      <section id="winner">
      <h2>The winning program</h2>
      <pre>\(Markup.escaped(program))</pre>
      </section>
      """
  }

  /// Scores by attempt, the best so far, and the winner's training.
  private var course: String {
    var points: [(x: Double, y: Double, interval: Interval?)] = []
    for count in result.attempts.indices {
      let part = Array(result.attempts[...count])
      if let best = DesignResult.best(part, by: result.measure), let score = part[best].score {
        points.append((Double(count + 1), score, nil))
      }
    }
    var search = LearningCurveChart(
      title: "best score so far", xLabel: "programs tried", yLabel: result.measure.name,
      series: [.init(name: "best so far", arm: 0, points: points)], range: axisRange(result.measure, points.map(\.y)))
    search.isOverSteps = false
    let curve = result.winner.map { result.attempts[$0].curve } ?? []
    let training = LearningCurveChart(
      title: "training of the winner", xLabel: "environment steps", yLabel: result.measure.name,
      series: [.init(name: "winner", arm: 0, points: curve.map { (Double($0.step), $0.mean, nil) })],
      range: axisRange(result.measure, curve.map(\.mean)))
    return """
      <section id="course">
      <h2>On the way</h2>
      <div class="grid2">
      \(card("Best score so far", search.svg, csv: search.csv))
      \(card("Training of the winner", training.svg, csv: training.csv))
      </div>
      </section>
      """
  }

  private var attempts: String {
    let rows = result.attempts.enumerated().map { place, attempt in
      let text = attempt.score.map(number) ?? "refused"
      let what = [attempt.refusal, attempt.sameAs.map { "the program of \($0)" }].compactMap(\.self)
        .map { "<p class=\"soft\">\(Markup.escaped($0))</p>" }.joined()
      return "<tr><td>\(attempt.name)\(place == result.winner ? " (winner)" : "")</td><td>\(text)</td>"
        + "<td class=\"program\">\(what)<pre>\(Markup.escaped(attempt.program ?? ""))</pre></td></tr>\n"
    }.joined()
    return """
      <section id="attempts">
      <h2>Every attempt</h2>
      <p class="soft">A score is the mean of \(Markup.escaped(result.measure.name)) over the evaluations during
      training.</p>
      <div class="scroll"><table class="attempts">
      <thead><tr><th>Attempt</th><th>Score</th><th class="program">Program</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      </section>
      """
  }
}
