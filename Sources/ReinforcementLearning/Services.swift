public import Labels
public import LanguageModels

/// What a program has and grants to the agents and reward models that need it.
public struct Services: Sendable {
  /// Shared by everybody who is granted it; nil where the program has none.
  public var languageModel: (any LanguageModel)?
  /// Shared by everybody who is granted it; nil where the program has none.
  public var labels: (any LabelStore)?
  /// Shows a person a line: what is waited for, and nil once it goes on. Tells nobody unless somebody listens.
  public var tell: @Sendable (String?) -> Void = { _ in }

  /// None, unless some are given.
  public init(languageModel: (any LanguageModel)? = nil, labels: (any LabelStore)? = nil) {
    self.languageModel = languageModel
    self.labels = labels
  }
}
