import Foundation
import PackagePlugin

/// Writes the doc comments of everything that has settings into the module that describes it: see `setting-texts`.
///
/// The module that uses it is the Catalog; what it describes lies in the package's lower targets.
@main
struct SettingTexts: BuildToolPlugin {
  /// Whose doc comments are read.
  private static let described = [
    "ReinforcementLearning", "Encoders", "RewardModels", "Experiments", "EnvironmentKit", "Environments",
    "GridworldEnvironments", "NetHackEnvironments", "ManipulationEnvironments", "PolicyGradient", "Search", "Archives",
    "PlainAgents",
  ]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let sources = context.package.targets.filter { Self.described.contains($0.name) }
      .compactMap { $0 as? SwiftSourceModuleTarget }
      .flatMap { $0.sourceFiles(withSuffix: ".swift").map(\.url) }
      // Of experiments only a run's own settings; the rest of it is figures and files.
      .filter { !$0.path.contains("/Sources/Experiments/") || $0.path.contains("/Experiments/Configuration/") }
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
