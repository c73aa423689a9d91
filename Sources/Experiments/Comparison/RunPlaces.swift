import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Runs on threads of their own, so many at a time. One that stands still, until somebody outside of the program has
/// done something, gives up its place for the next and takes a place again before it goes on.
///
/// Runs are begun in their order, as places become free; which go on side by side depends on who stood still, so none
/// may depend on another. A thread for each, and not `Workers`: one that stands still keeps its thread.
final class RunPlaces: @unchecked Sendable {
  /// Runs that stand still at a time: each keeps its memory and its files. While it is reached no other is begun.
  static let mostStanding = 32

  private let count: Int
  /// The first run that was not begun, and how many have ended.
  private var next = 0
  private var ended = 0
  /// Places that are taken.
  private var taken = 0
  /// Runs that gave up their place, those among them that wait for one.
  private var standing: Set<Int> = []
  private var returning = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Where `perform` sleeps.
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// - Parameter count: Runs that go on at a time, at least 1.
  init(count: Int) {
    precondition(count > 0, "no place for any run")
    self.count = count
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Calls `body` once for each run `0..<runs` and returns when all have ended.
  ///
  /// - Parameters:
  ///   - body: What a run does, on a thread of its own.
  ///   - everySecond: Called on the caller's thread about once a second, also while all stand still.
  func perform(_ runs: Int, _ body: @escaping @Sendable (Int) -> Void, everySecond: () -> Void = {}) {
    var told = Clock.seconds
    lock()
    while ended < runs {
      // Whoever has stood still goes on before another is begun.
      if next < runs, taken < count, returning == 0, standing.count < Self.mostStanding {
        let thread = RunThread(self, next, body)
        (next, taken) = (next + 1, taken + 1)
        unlock()
        thread.begin()
        lock()
        continue
      }
      waitForChange()
      guard Clock.seconds - told >= 1 else { continue }
      told = Clock.seconds
      unlock()
      everySecond()
      lock()
    }
    unlock()
  }

  /// Gives up a run's place, while somebody else is waited for.
  func standStill(_ run: Int) {
    lock()
    defer { unlock() }
    guard standing.insert(run).inserted else { return }
    taken -= 1
    pthread_cond_signal(condition)
  }

  /// Takes a place again for a run that gave up its own; waits until one is free.
  ///
  /// - Parameter shouldStop: Whether the program is to end: who saves what there is needs no place.
  func goOn(_ run: Int, shouldStop: () -> Bool) {
    lock()
    defer { unlock() }
    guard standing.contains(run) else { return }
    returning += 1
    while taken >= count {
      unlock()
      let isStopping = shouldStop()
      if !isStopping { Clock.sleep(seconds: 0.05) }
      lock()
      if isStopping { break }
    }
    returning -= 1
    standing.remove(run)
    taken += 1
    pthread_cond_signal(condition)
  }

  /// A run has ended, in its place or while it stood still.
  fileprivate func end(_ run: Int) {
    lock()
    defer { unlock() }
    if standing.remove(run) == nil { taken -= 1 }
    ended += 1
    pthread_cond_signal(condition)
  }

  private func lock() { pthread_mutex_lock(mutex) }

  private func unlock() { pthread_mutex_unlock(mutex) }

  /// Waits until something has changed, a second at most; under the lock.
  private func waitForChange() {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += 1
    pthread_cond_timedwait(condition, mutex, &end)
  }
}

/// What a run's thread is begun with.
private final class RunThread: Sendable {
  private let places: RunPlaces
  private let run: Int
  private let body: @Sendable (Int) -> Void

  init(_ places: RunPlaces, _ run: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.places = places
    self.run = run
    self.body = body
  }

  /// Begins the thread; where the system has none to give, the caller is it.
  func begin() {
    var thread = pthread_t()
    let this = Unmanaged.passRetained(self)
    let code = pthread_create(&thread, nil, { this in
      Unmanaged<RunThread>.fromOpaque(this!).takeRetainedValue().carryOut()
      return nil
    }, this.toOpaque())
    if code == 0 {
      pthread_detach(thread)
    } else {
      this.release()
      carryOut()
    }
  }

  private func carryOut() {
    body(run)
    places.end(run)
  }
}
