public import LanguageModels

extension Metric {
  /// What a language model's server answered so far, for a log; nothing where none was asked.
  public static func of(_ usage: LanguageModelUsage) -> [Metric] {
    guard usage.requests > 0 else { return [] }
    var metrics = [
      Metric(.speedModelRequests, Double(usage.requests)),
      Metric(.speedModelPromptTokens, Double(usage.promptTokens)),
      Metric(.speedModelAnswerTokens, Double(usage.answerTokens)),
    ]
    if usage.uncounted > 0 { metrics.append(Metric(.speedModelUncounted, Double(usage.uncounted))) }
    return usage.cost > 0 ? metrics + [Metric(.speedModelCost, usage.cost)] : metrics
  }
}
