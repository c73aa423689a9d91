import Groundwork

/// A level that a setting names: the name of one of MiniHack's, a generated one's words, a file, or a text.
///
/// In a configuration a file is named by a path, which has a slash. Its text becomes part of the configuration, so that
/// runs and replays do not depend on the file. What cannot be read stays a path, which the plan refuses.
public struct NetHackLevel: Codable, Hashable, Sendable, ExpressibleByStringLiteral {
  /// A name, words, or a level's text of several lines; empty: the dungeon.
  public let setting: String

  /// Whether none is named.
  public var isEmpty: Bool { setting.isEmpty }
  /// Whether it is a text in the language of NetHack's level compiler.
  var isText: Bool { setting.contains { $0.isNewline } }
  /// Whether it is a path of a file that could not be read.
  var isPath: Bool { !isText && setting.contains("/") }

  /// A file is read where the setting is a path of one that can be.
  public init(_ setting: String) {
    let isPath = setting.contains("/") && !setting.contains { $0.isNewline }
    guard isPath, let text = try? Files.readText(setting, as: .level) else {
      self.setting = setting
      return
    }
    // A text is known by its lines.
    self.setting = text.contains { $0.isNewline } ? text : text + "\n"
  }

  /// As `init(_:)` takes it.
  public init(stringLiteral setting: String) { self.init(setting) }

  /// Reads the file where there is one.
  public init(from decoder: any Decoder) throws { self.init(try String(from: decoder)) }

  /// Writes the setting, a file's text in place of its path.
  public func encode(to encoder: any Encoder) throws { try setting.encode(to: encoder) }
}
