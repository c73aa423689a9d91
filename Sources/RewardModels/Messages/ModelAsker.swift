import Groundwork
import LanguageModels

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Asks a language model on threads of its own, beside the training; whoever needs an answer waits for it.
///
/// As many questions are under way at once as the model takes; they are begun in their order. Once one has failed no
/// other is begun: its run ends where that answer is due, and those that come after it are due no earlier.
final class ModelAsker: @unchecked Sendable {
  let model: any LanguageModel
  private let options: [String]
  /// Questions that were answered, and the seconds in which any was under way, up to the latest answer.
  private var answered = (count: 0, seconds: 0.0)
  /// How many are under way, and up to when the seconds are counted.
  private var running = (count: 0, since: 0.0)
  /// Prompts in their order; those before `next` are answered or under way.
  private var prompts: [String] = []
  private var next = 0
  /// All that were ever queued.
  private var queued: Set<String> = []
  private var answers: [String: Result<[Double], any Error>] = [:]
  /// Of the first question that failed.
  private var failure: (any Error)?
  private var isClosed = false
  /// Begun as there are questions for them.
  private var threads: [pthread_t] = []
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// - Parameter options: What may follow a prompt; its scores are the answer.
  init(_ model: any LanguageModel, options: [String]) {
    self.model = model
    self.options = options
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  /// Begins another thread, under the lock; false where there can be no more than there are.
  private func beginThread() -> Bool {
    var thread = pthread_t()
    // The thread holds no reference, or the asker could never end; `deinit` joins it.
    let asker = Unmanaged.passUnretained(self).toOpaque()
    let code = pthread_create(&thread, nil, { asker in
      Unmanaged<ModelAsker>.fromOpaque(asker!).takeUnretainedValue().work()
      return nil
    }, asker)
    precondition(
      code == 0 || !threads.isEmpty, "a thread for the language model cannot be started: error \(code)")
    if code == 0 { threads.append(thread) }
    return code == 0
  }

  deinit {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    for thread in threads { pthread_join(thread, nil) }
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Refuses a model that can give no answer, as far as that can be known without asking.
  func prepare() throws { try model.prepare() }

  /// Queues prompts; one that was asked before is not asked again.
  func ask(_ new: [String]) {
    pthread_mutex_lock(mutex)
    prompts += new.filter { queued.insert($0).inserted }
    let wanted = min(max(1, model.concurrency), running.count + prompts.count - next)
    while threads.count < wanted, beginThread() {}
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Answers a second of the time in which something was asked; nil before the first.
  var answersPerSecond: Double? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return answered.count > 0 ? Double(answered.count) / max(answered.seconds, 1e-9) : nil
  }

  /// The scores of a prompt that was queued; waits for them. They are kept: two messages may make one prompt.
  ///
  /// - Throws: What the model threw.
  func answer(to prompt: String) throws -> [Double] {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let answer = answers[prompt] { return try answer.get() }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// A thread's life.
  private func work() {
    pthread_mutex_lock(mutex)
    while !isClosed {
      guard next < prompts.count else {
        prompts.removeAll(keepingCapacity: true)
        next = 0
        pthread_cond_wait(condition, mutex)
        continue
      }
      let prompt = prompts[next]
      next += 1
      if let failure {
        answers[prompt] = .failure(failure)
        pthread_cond_broadcast(condition)
        continue
      }
      if running.count == 0 { running.since = Clock.seconds }
      running.count += 1
      pthread_mutex_unlock(mutex)
      let answer = Result { try model.score(prompt, options: options) }
      pthread_mutex_lock(mutex)
      let now = Clock.seconds
      answered.count += 1
      answered.seconds += now - running.since
      running = (running.count - 1, now)
      if case .failure(let error) = answer { failure = failure ?? error }
      answers[prompt] = answer
      pthread_cond_broadcast(condition)
    }
    pthread_mutex_unlock(mutex)
  }
}
