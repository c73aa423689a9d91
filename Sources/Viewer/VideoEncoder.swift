#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif
import Groundwork

/// How fast a recording's frames follow one another, and which steps it has room for.
struct FrameRate: Hashable {
  /// So many frames in so many seconds.
  var frames, seconds: Int

  /// The rate of a recording of so many steps a second.
  ///
  /// A format shows at most so many frames a second: a GIF counts in hundredths of one, and browsers slow down what is
  /// faster than 50 frames. Where there are more steps every second, third, ... one is drawn.
  init(stepsPerSecond: Int, format: RecordingFormat) {
    let most = format == .gif ? 50 : 60
    frames = max(stepsPerSecond, 1)
    seconds = (frames + most - 1) / most
  }

  /// Whether a step has a frame.
  func shows(step: Int) -> Bool { step % seconds == 0 }

  /// Frames that take about a second.
  var framesOfASecond: Int { max(1, (frames + seconds / 2) / seconds) }
}

/// The command lines of ffmpeg that turn raw frames on its standard input into a file.
///
/// ffmpeg is a program of the user's, called by name; nothing of it is linked. Frames are raw RGB, `[height,
/// width, 3]`.
struct VideoEncoder {
  /// Pixels; even for MP4.
  var width, height: Int
  /// How often frames follow one another.
  var rate: FrameRate

  /// H.264 as every browser and telephone plays it.
  ///
  /// - Precondition: Width and height are even, since colour is kept at half of each.
  /// - Throws: `UserError` when ffmpeg is not installed or does not start.
  func mp4(_ path: String) throws(UserError) -> EncoderProcess {
    try start([
      "-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
      "-f", "mp4", VideoEncoder.plain(path),
    ])
  }

  /// Every pixel as it is, for a later pass; Matroska.
  ///
  /// - Throws: `UserError` when ffmpeg is not installed or does not start.
  func lossless(_ path: String) throws(UserError) -> EncoderProcess {
    try start(["-c:v", "ffv1", "-f", "matroska", VideoEncoder.plain(path)])
  }

  /// Turns a video into a GIF that repeats for ever, with the 256 colours that serve all of its frames best.
  ///
  /// Two passes, because one would hold every frame in memory until the last was seen.
  ///
  /// - Parameters:
  ///   - video: A file that `lossless` wrote.
  ///   - palette: Where the first pass may write its picture of 256 colours; the caller removes it.
  /// - Throws: `UserError` with ffmpeg's last words when a pass fails.
  static func gif(from video: String, to path: String, palette: String) throws(UserError) {
    let common = ["-hide_banner", "-loglevel", "error", "-y", "-i", plain(video)]
    let first = try EncoderProcess.start(
      common + ["-vf", "palettegen=stats_mode=full", "-frames:v", "1", "-update", "1", plain(palette)])
    try first.finish()
    let filter = "paletteuse=dither=none:diff_mode=rectangle"
    let second = try EncoderProcess.start(common + [
        // A `%` in its name is no number to count with.
        "-f", "image2", "-pattern_type", "none", "-i", plain(palette), "-lavfi", filter, "-loop", "0", "-f", "gif",
        plain(path),
      ])
    try second.finish()
  }

  /// The path of a file in a form that ffmpeg takes neither for an option (`-y.gif`) nor for a protocol (`http:x.mp4`).
  static func plain(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

  /// An ffmpeg that reads raw RGB frames of this size and writes what the arguments say.
  private func start(_ output: [String]) throws(UserError) -> EncoderProcess {
    try EncoderProcess.start([
      "-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size",
      "\(width)x\(height)", "-framerate", "\(rate.frames)/\(rate.seconds)", "-i", "pipe:0",
    ] + output)
  }
}

/// A running ffmpeg that reads frames from a pipe.
///
/// It is in a process group of its own, so that ctrl-C ends this program's loop and not the encoder, which then
/// finishes the file. One that is dropped without `finish` is killed.
struct EncoderProcess: ~Copyable {
  /// The child's number; it leads a process group of its own.
  private let process: pid_t
  /// Where frames go.
  private let input: Int32
  /// Where its standard error comes from.
  private let messages: Int32

  /// A process that runs, with the ends of its pipes.
  private init(process: pid_t, input: Int32, messages: Int32) {
    self.process = process
    self.input = input
    self.messages = messages
  }

  /// - Throws: `UserError` when ffmpeg is not installed, naming the package.
  static func start(_ arguments: [String]) throws(UserError) -> EncoderProcess {
    var toEncoder: [Int32] = [-1, -1]
    var fromEncoder: [Int32] = [-1, -1]
    guard pipe(&toEncoder) == 0, pipe(&fromEncoder) == 0 else {
      throw UserError("cannot make a pipe to ffmpeg: \(String(cString: strerror(errno)))")
    }
    // An encoder that holds the writing end of its own input would wait for ever.
    for descriptor in toEncoder + fromEncoder { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, toEncoder[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, fromEncoder[1], 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    // Its own process group: a ctrl-C is for this program, which then ends the video properly.
    // A broken pipe ends it, which this program ignores.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = (["ffmpeg"] + arguments).map { strdup($0) } + [nil]
    var process: pid_t = 0
    let failure = posix_spawnp(&process, "ffmpeg", &actions, &attributes, &words, environ)
    for word in words { free(word) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    close(toEncoder[0])
    close(fromEncoder[1])
    guard failure == 0 else {
      close(toEncoder[1])
      close(fromEncoder[0])
      throw failure == ENOENT
        ? UserError(
          "ffmpeg, which writes .gif and .mp4, is not installed", fix: "Install the package ffmpeg, or record a .png")
        : UserError("ffmpeg does not start: \(String(cString: strerror(failure)))")
    }
    return EncoderProcess(process: process, input: toEncoder[1], messages: fromEncoder[0])
  }

  /// - Throws: `UserError` with ffmpeg's own words when it has stopped reading.
  /// - Parameter bytes: A whole frame, `[height, width, 3]`.
  /// - Complexity: Blocks until ffmpeg has taken it.
  func write(_ bytes: [UInt8]) throws(UserError) {
    guard Descriptor(input).write(bytes) == 0 else { throw EncoderProcess.failure(readMessages(), "it stopped") }
  }

  /// Ends the input and waits for the file.
  consuming func finish() throws(UserError) {
    close(input)
    let words = readMessages()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    close(messages)
    discard self
    guard status == 0 else {
      throw EncoderProcess.failure(words, "status \(status)")
    }
  }

  /// What ffmpeg's last words mean for the person who wants the file.
  ///
  /// - Parameter otherwise: What is known where there are none.
  private static func failure(_ words: String, _ otherwise: String) -> UserError {
    guard !words.contains(String(cString: strerror(ENOSPC))) else {
      return UserError("the recording cannot be written: no space is left on the device", fix: "Free some space")
    }
    return UserError("ffmpeg failed: \(words.isEmpty ? otherwise : words)")
  }

  deinit {
    close(input)
    close(messages)
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }

  /// The last line that ffmpeg wrote, after it closed its standard error.
  private func readMessages() -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(messages, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
  }
}
