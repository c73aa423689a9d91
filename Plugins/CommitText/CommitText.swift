import Foundation
import PackagePlugin

/// Writes the commit of the checkout into the program: see `commit-text`.
@main
struct CommitText: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let log = context.package.directoryURL.appending(path: ".git/logs/HEAD")
    let output = context.pluginWorkDirectoryURL.appending(path: "WrittenCommit.swift")
    return [
      .buildCommand(
        displayName: "Looking which commit this is", executable: try context.tool(named: "commit-text").url,
        arguments: [log.path, output.path],
        inputFiles: FileManager.default.fileExists(atPath: log.path) ? [log] : [], outputFiles: [output])
    ]
  }
}
