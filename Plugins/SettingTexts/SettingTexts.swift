import Foundation
import PackagePlugin

/// Writes the doc comments of everything that has settings into the module that describes it: see `setting-texts`.
///
/// The module that uses it is the Catalog; what it describes lies in the package's lower targets.
@main
struct SettingTexts: BuildToolPlugin {
  /// Where the sources lie whose doc comments are read. Of experiments only a run's own settings: the rest of it is
  /// figures and files.
  private static let described = [
    "Environments/", "Agents/", "Sources/RewardModels/", "Sources/Encoders/", "Sources/ReinforcementLearning/",
    "Sources/LanguageModels/", "Sources/Experiments/Configuration/",
  ]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL.path + "/"
    let sources = context.package.targets.compactMap { $0 as? SwiftSourceModuleTarget }
      .flatMap { $0.sourceFiles(withSuffix: ".swift").map(\.url) }
      .filter { file in Self.described.contains { file.path.hasPrefix(root + $0) } }
      .sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "SettingTexts.swift")
    let list = context.pluginWorkDirectoryURL.appending(path: "sources.txt")
    // A file of paths, since a command line has a limit.
    try sources.map(\.path).joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
    return [
      .buildCommand(
        displayName: "Reading what settings mean", executable: try context.tool(named: "setting-texts").url,
        arguments: [list.path, output.path], inputFiles: sources, outputFiles: [output])
    ]
  }
}
