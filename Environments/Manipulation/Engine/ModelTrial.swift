#if MuJoCo
  internal import CMuJoCo
  import Glibc
  import Groundwork
  import Synchronization

  /// A user's model, built and stepped once in a process of its own before the program loads it.
  ///
  /// A few words of a model can ask for any amount of memory or time (a height field of 30,000 x 30,000, two million
  /// copies of a body, a billion iterations of a solver), and the engine ends its process where memory runs out. The
  /// process has bounds, and nothing of it stays.
  enum ModelTrial {
    /// Most seconds for building a model and a few steps.
    static let mostSeconds = 30
    /// Most iterations of any solver of a model.
    static let mostIterations = 10_000

    /// - Parameter seconds: Most of them, on the clock and of a processor.
    /// - Returns: Seconds that a step of the simulation takes.
    /// - Throws: `UserError` for a model that the engine refuses or that asks for more than it may;
    ///   `StopRequested` when the program is asked to stop meanwhile.
    static func run(_ path: String, within seconds: Int = mostSeconds) throws -> Double {
      try Engine.check()
      let limits = forage_trial_limits(
        bytes: Physics.mostBytes, address_space: 2 * Physics.mostBytes, seconds: Int32(seconds),
        iterations: Int32(mostIterations))
      var report: Int32 = -1
      let process = Engine.reading.withLock { _ in forage_trial_begin(path, limits, &report) }
      guard process > 0 else {
        throw UserError("there is no process to try the model '\(path)' in", fix: "Try again with less running")
      }
      defer {
        close(report)
        kill(process, SIGKILL)
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
      }
      let start = Clock.seconds
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 2048)
      while bytes.count < buffer.count {
        guard !Interruption.wasRequested else { throw StopRequested() }
        guard Clock.seconds - start < Double(seconds) else {
          throw refusal(path, "it is not built and stepped within \(seconds) s")
        }
        var waiting = pollfd(fd: report, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 50) > 0 else { continue }
        let count = read(report, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        bytes += buffer[..<count]
      }
      let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        .split(whereSeparator: \.isNewline).joined(separator: ": ")
      switch bytes.first {
      case UInt8(ascii: "K"): return Double(text) ?? 0
      case UInt8(ascii: "R"): throw Physics.refusal(path, text)
      case UInt8(ascii: "L"): throw refusal(path, text)
      default: throw refusal(path, "it takes more than \(Physics.mostBytes >> 20) MiB or breaks the engine")
      }
    }

    private static func refusal(_ path: String, _ reason: String) -> UserError {
      UserError("the model '\(path)' cannot be used: \(reason)", fix: "Correct it, or use a smaller one")
    }
  }
#endif
