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

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
