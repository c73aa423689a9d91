#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The clocks, for logs, speeds, paces and the timing of checkpoints; nothing that is learnt depends on them.
public enum Clock {
  /// Seconds since 1970.
  public static var wallSeconds: Double { read(CLOCK_REALTIME) }

  /// Seconds on a clock that never goes back.
  public static var seconds: Double { read(CLOCK_MONOTONIC) }

  /// Waits for some seconds, or until a signal comes.
  public static func sleep(seconds: Double) {
    var time = timespec()
    time.tv_sec = Int(seconds)
    time.tv_nsec = Int((seconds - Double(Int(seconds))) * 1e9)
    nanosleep(&time, nil)
  }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
