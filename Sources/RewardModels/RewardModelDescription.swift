public import Groundwork
public import ReinforcementLearning

/// How a reward model is named, listed and made; the catalog holds one for each.
public struct RewardModelDescription: Sendable {
  public struct Parameter: Sendable, Hashable {
    public var key: String
    public var defaultValue: String
    public var summary: String

    public init(_ key: String, _ defaultValue: String, _ summary: String) {
      self.key = key
      self.defaultValue = defaultValue
      self.summary = summary
    }
  }

  public var name: String
  public var summary: String
  /// Paper or equation.
  public var source: String
  public var parameters: [Parameter]
  public var make: @Sendable (RewardParameters, Specification, _ seed: UInt64) throws -> any RewardModel

  public init(
    name: String, summary: String, source: String, parameters: [Parameter] = [],
    make: @escaping @Sendable (RewardParameters, Specification, _ seed: UInt64) throws -> any RewardModel
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.parameters = parameters
    self.make = make
  }
}

/// The parameters of one term of a reward specification, over the model's defaults.
public struct RewardParameters: Sendable {
  private let model: String
  private var values: [String: String]

  /// - Throws: `UserError` when a key is not one of the model's, with the nearest that is.
  init(of description: RewardModelDescription, _ given: [RewardSpecification.Parameter]) throws(UserError) {
    model = description.name
    values = Dictionary(description.parameters.map { ($0.key, $0.defaultValue) }) { _, last in last }
    for parameter in given {
      guard values[parameter.key] != nil else {
        let keys = description.parameters.map(\.key)
        throw UserError.unknown(
          "parameter of the reward '\(model)' named", parameter.key, among: keys,
          hint: keys.isEmpty ? "It has none" : "It has \(keys.joined(separator: ", "))")
      }
      values[parameter.key] = parameter.value
    }
  }

  public func text(_ key: String) -> String {
    guard let value = values[key] else { preconditionFailure("'\(model)' declares no parameter '\(key)'") }
    return value
  }

  public func number(_ key: String, in range: ClosedRange<Double> = -1e12...1e12) throws(UserError) -> Double {
    guard let value = Double(text(key)), range.contains(value) else {
      throw UserError(
        "\(key)=\(text(key)) of the reward '\(model)' is not a number", fix: "Use one of \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  public func integer(_ key: String, in range: ClosedRange<Int>) throws(UserError) -> Int {
    guard let value = Int(text(key)), range.contains(value) else {
      throw UserError("\(key)=\(text(key)) of the reward '\(model)' is not a whole number of \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of type: Choice.Type = Choice.self) throws(UserError)
    -> Choice where Choice.RawValue == String
  {
    guard let value = Choice(rawValue: text(key)) else {
      throw UserError(
        "\(key)=\(text(key)) of the reward '\(model)' is not known",
        fix: "Use \(Choice.allCases.map(\.rawValue).joined(separator: " or "))")
    }
    return value
  }
}
