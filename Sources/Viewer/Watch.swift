internal import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Shows a playback in a window until the person closes it.
///
/// Without the package trait `Viewer` this throws at once, as it does without a display.
///
/// - Throws: `UserError` for what the user can mend; what the playback throws.
/// - Parameters:
///   - playback: It is asked for frames from the main thread only, one step ahead of what is shown at most.
///   - options: Speed, size, whether a person plays; see `WatchOptions`.
public func watchInWindow(_ playback: some Playback, options: WatchOptions = WatchOptions()) throws {
  #if Viewer
    try Interruption.withHandlers { try Window.run(playback, options: options) }
  #else
    throw withoutViewer("a window")
  #endif
}

/// Shows a playback in the terminal until the person leaves it; where standard output is not a terminal, prints
/// at most `options.plainFrameLimit` frames one after the other.
///
/// - Throws: what the playback throws; the terminal is as it was before, whatever happens.
/// - Parameters:
///   - playback: What is shown; its sketches' boards of characters are what is drawn.
///   - options: Size is not read: the terminal has its own.
public func watchInTerminal(_ playback: some Playback, options: WatchOptions = WatchOptions()) throws {
  try Interruption.withHandlers { try TerminalViewer.run(playback, options: options) }
}

/// Draws a playback into a PNG, GIF or MP4 file, without a display.
///
/// The file appears whole or not at all: it is written under another name and then renamed. An interruption
/// (SIGINT) ends a video early and keeps it.
///
/// - Returns: How many frames the file holds.
/// - Throws: `UserError` for an unknown extension, a directory that cannot be written to, or a missing ffmpeg;
///   what the playback throws.
/// - Parameters:
///   - path: Its extension says what is made: `.png`, `.gif` or `.mp4`.
///   - options: Size, speed, how many episodes, which step of a PNG.
/// - Complexity: O(pixels) a moment; encoding a video takes more than drawing it.
@discardableResult
public func record(
  _ playback: some Playback, to path: String, options: RecordingOptions = RecordingOptions()
) throws -> Int {
  let format = try RecordingFormat(path: path)
  #if Viewer
    return try Interruption.withHandlers { try Recorder.record(playback, to: path, format: format, options: options) }
  #else
    throw withoutViewer("a \(format.rawValue) recording")
  #endif
}

/// Shows an archive's map in a window; the person may watch the way to any cell and come back.
///
/// - Parameter trajectory: The way to the cell of that number.
/// - Throws: As `watchInWindow(_:options:)`; what `trajectory` throws.
public func watchInWindow<P: Playback>(
  _ map: ArchiveMap, options: WatchOptions = WatchOptions(), trajectory: (Int) throws -> P
) throws {
  #if Viewer
    try Interruption.withHandlers { try Window.run(map, options: options, trajectory: trajectory) }
  #else
    throw withoutViewer("a window")
  #endif
}

/// Prints an archive's map, in colour where standard output is a terminal.
///
/// A pipe or a file gets lines of at most 200 characters without colours; `NO_COLOR` turns them off in a
/// terminal, too.
public func printInTerminal(_ map: ArchiveMap) {
  let size = TerminalScreen.size()
  let isTerminal = isatty(STDOUT_FILENO) == 1
  let hasColor = isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
  let lines = ArchiveMapText(map: map, columns: isTerminal ? size.columns : 200, hasColor: hasColor).lines()
  _ = TerminalScreen.write(lines.joined(separator: "\n") + "\n")
}

/// Draws an archive's map into a PNG file, without a display.
///
/// - Throws: `UserError` for another extension than .png, or a directory that cannot be written to.
/// - Parameters:
///   - path: A name that ends in .png.
///   - options: The picture's size; all else is about episodes.
public func record(_ map: ArchiveMap, to path: String, options: RecordingOptions = RecordingOptions()) throws {
  guard try RecordingFormat(path: path) == .png else {
    throw UserError("an archive is one picture, which '\(path)' cannot hold", fix: "Name a file that ends in .png")
  }
  #if Viewer
    try Recorder.record(map, to: path, options: options)
  #else
    throw withoutViewer("a png recording")
  #endif
}

#if !Viewer
  /// The error of a program that was built without the trait.
  private func withoutViewer(_ what: String) -> UserError {
    UserError(
      "\(what) cannot be drawn: this program was built without the viewer",
      fix: "Use --terminal, or rebuild with --traits Viewer,MuJoCo")
  }
#endif
