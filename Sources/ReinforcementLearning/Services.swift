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
  /// What tells the run in a directory from others, as the files that it writes name it; nil where nothing there says
  /// so. Whoever reads such a file holds it against this.
  public var identityOfRun: @Sendable (String) throws -> String? = { _ in nil }

  /// None, unless some are given.
  public init(languageModel: (any LanguageModel)? = nil, labels: (any LabelStore)? = nil) {
    self.languageModel = languageModel
    self.labels = labels
  }
}
