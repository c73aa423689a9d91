import Foundation
import Testing

/// The built program, run as a person runs it.
struct ProgramResult {
  var status: Int32
  var output: String
  var errors: String
}

enum Program {
  /// The executable beside the test bundle.
  static let path: String = {
    let arguments = CommandLine.arguments
    var folders = [URL(fileURLWithPath: arguments[0]).deletingLastPathComponent()]
    if let index = arguments.firstIndex(of: "--test-bundle-path"), index + 1 < arguments.count {
      folders.insert(URL(fileURLWithPath: arguments[index + 1]).deletingLastPathComponent(), at: 0)
    }
    for folder in folders {
      let candidate = folder.appendingPathComponent("forage").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    fatalError("there is no forage beside the tests; looked in \(folders.map(\.path))")
  }()

  /// Runs the program to its end.
  ///
  /// - Parameter environment: Variables that are others than this program's.
  static func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    let running = try start(arguments, in: folder, environment: environment)
    return running.wait()
  }

  /// Starts the program without waiting for it.
  static func start(
    _ arguments: [String], in folder: URL? = nil, environment changes: [String: String] = [:]
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = "80"
    environment["DISPLAY"] = nil
    environment["WAYLAND_DISPLAY"] = nil
    environment.merge(changes) { $1 }
    process.environment = environment
    if let folder { process.currentDirectoryURL = folder }
    // Files rather than pipes: a full pipe would stop the program.
    let store = TemporaryFolder()
    let output = store.path("output")
    let errors = store.path("errors")
    for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    return Running(process: process, store: store)
  }

  final class Running {
    let process: Process
    private let store: TemporaryFolder

    init(process: Process, store: TemporaryFolder) {
      self.process = process
      self.store = store
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// What it has written to standard error so far.
    var errors: String { (try? String(contentsOfFile: store.path("errors"), encoding: .utf8)) ?? "" }

    func wait() -> ProgramResult {
      process.waitUntilExit()
      let text = { (name: String) in (try? String(contentsOfFile: self.store.path(name), encoding: .utf8)) ?? "" }
      return ProgramResult(status: process.terminationStatus, output: text("output"), errors: text("errors"))
    }
  }
}

/// A folder that goes when its owner does.
final class TemporaryFolder {
  let url: URL

  init() {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("forage-tests-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: path(name)) }
}
