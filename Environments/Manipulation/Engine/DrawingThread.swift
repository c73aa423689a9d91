#if MuJoCo
  import Glibc

  /// A thread for OpenGL, whose context belongs to a thread: a window of the caller's has one of its own.
  ///
  /// One caller at a time; the thread ends with the value.
  final class DrawingThread: @unchecked Sendable {
    /// What caller and thread share; it outlives whichever is the first to go.
    private final class Desk: @unchecked Sendable {
      /// Tells the thread that there is a job, and the caller that it is done.
      let asked = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
      let done = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
      /// Nil ends the thread.
      var job: (() -> Void)?

      init() {
        sem_init(asked, 0, 0)
        sem_init(done, 0, 0)
      }

      deinit {
        sem_destroy(asked)
        sem_destroy(done)
        asked.deallocate()
        done.deallocate()
      }

      func work() {
        while true {
          while sem_wait(asked) != 0 {}
          guard perform() else { return }
          sem_post(done)
        }
      }

      /// A function of its own, so that the job is let go of before the caller is told.
      private func perform() -> Bool {
        guard let job else { return false }
        job()
        return true
      }
    }

    private let desk = Desk()
    private let isStarted: Bool

    /// Where there can be no more threads, work is done by the caller's.
    init() {
      var thread = pthread_t()
      let box = Unmanaged.passRetained(desk)
      let status = pthread_create(
        &thread, nil,
        { box in
          Unmanaged<Desk>.fromOpaque(box!).takeRetainedValue().work()
          return nil
        }, box.toOpaque())
      isStarted = status == 0
      if isStarted { pthread_detach(thread) } else { box.release() }
    }

    deinit {
      desk.job = nil
      if isStarted { sem_post(desk.asked) }
    }

    /// Does something on the thread and waits for it.
    func run(_ body: () -> Void) {
      guard isStarted else { return body() }
      withoutActuallyEscaping(body) { body in
        desk.job = body
        sem_post(desk.asked)
        while sem_wait(desk.done) != 0 {}
        // The closure may not outlive the call.
        desk.job = nil
      }
    }
  }
#endif
