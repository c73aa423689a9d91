public import Labels
public import LanguageModels

/// What a program has and grants to the agents and reward models that need it.
public struct Services: Sendable {
  public var languageModel: (any LanguageModel)?
  public var labels: (any LabelStore)?

  public init(languageModel: (any LanguageModel)? = nil, labels: (any LabelStore)? = nil) {
    self.languageModel = languageModel
    self.labels = labels
  }
}
