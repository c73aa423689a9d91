import Experiments
import Groundwork
public import LanguageModels

/// Who writes programs, as `--model` names it.
public struct DesignModel: Sendable {
  /// As it was typed, in its shortest form.
  public let text: String
  /// What is asked.
  public let model: any LanguageModel
  /// Whether it is asked by chat; otherwise by completion of the prompt.
  public let isChat: Bool
  /// Of a language model: what tokens cost.
  private let settings: LanguageModelSettings
  /// What the seeds of answers begin at, and how far those of an iteration lie from those of the one before: a server
  /// goes by a seed for each of its candidates.
  private let firstSeed, seedStride: UInt64

  private static let example = "--model 'http(name=smollm2,url=http://127.0.0.1:8080/v1,chat=true)'"

  /// A model that has no text, for tests.
  init(_ model: any LanguageModel, isChat: Bool, firstSeed: UInt64 = 0, seedStride: UInt64 = 1) {
    (text, self.model, self.isChat, settings) = (model.name, model, isChat, LanguageModelSettings())
    (self.firstSeed, self.seedStride) = (firstSeed, seedStride)
  }

  /// The seed of an iteration's answers.
  func samplingSeed(_ iteration: Int) -> UInt64 { firstSeed &+ seedStride &* UInt64(iteration) }

  /// What tokens cost by the prices in the settings; nil without.
  func cost(_ tokens: DesignTokens) -> Double? {
    let cost = settings.cost(promptTokens: tokens.prompts, answerTokens: tokens.answers)
    return cost > 0 ? cost : nil
  }

  /// - Parameter text: `scripted`, or a back end of language models with its settings: `http(name=..., url=...)`.
  /// - Throws: `UserError` for a name or a setting that does not exist, or a model that cannot be made.
  public init(_ text: String, seed: UInt64) throws {
    let named = try NamedSettings(parsing: text, example: DesignModel.example)
    self.text = named.text
    if named.name == "scripted" {
      guard named.settings.isEmpty else {
        throw UserError("the scripted designer has no settings", fix: "Write --model scripted; its seed is --seed")
      }
      // It has the design's seed itself.
      model = ScriptedDesigner(seed: seed)
      (firstSeed, seedStride) = (0, 1)
      isChat = true
      self.settings = LanguageModelSettings()
      return
    }
    guard let backEnd = LanguageModelSettings.BackEnd(rawValue: named.name) else {
      throw UserError.unknown(
        "designer", named.name, among: ["scripted"] + LanguageModelSettings.BackEnd.allCases.map(\.rawValue),
        hint: "Write for example \(DesignModel.example)")
    }
    var settings = try Settings.apply(
      named.changes(section: "model"), to: LanguageModelSettings(), of: "the model", path: "model.")
    guard settings.backEnd == LanguageModelSettings().backEnd || settings.backEnd == backEnd else {
      throw UserError("'\(text)' names two back ends", fix: "Leave backEnd= out")
    }
    settings.backEnd = backEnd
    model = try settings.make(path: "model.")
    // More than a design can have candidates.
    (firstSeed, seedStride) = (seed &* 1_000_003, 1_000)
    isChat = settings.chat
    self.settings = settings
  }
}
