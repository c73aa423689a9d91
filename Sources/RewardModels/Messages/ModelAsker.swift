import Groundwork
import LanguageModels

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Asks a language model on a thread of its own, beside the training; whoever needs an answer waits for it.
final class ModelAsker: @unchecked Sendable {
  let model: any LanguageModel
  private let options: [String]
  /// Questions that were answered, and the seconds that they took.
  private var answered = (count: 0, seconds: 0.0)
  /// Prompts in their order; those before `next` are answered.
  private var prompts: [String] = []
  private var next = 0
  private var answers: [String: Result<[Double], any Error>] = [:]
  private var isClosed = false
  private var thread: pthread_t?
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// - Parameter options: What may follow a prompt; its scores are the answer.
  init(_ model: any LanguageModel, options: [String]) {
    self.model = model
    self.options = options
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    var thread = pthread_t()
    // The thread holds no reference, or the asker could never end; `deinit` joins it.
    let asker = Unmanaged.passUnretained(self).toOpaque()
    let code = pthread_create(&thread, nil, { asker in
      Unmanaged<ModelAsker>.fromOpaque(asker!).takeUnretainedValue().work()
      return nil
    }, asker)
    precondition(code == 0, "a thread for the language model cannot be started: error \(code)")
    self.thread = thread
  }

  deinit {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    if let thread { pthread_join(thread, nil) }
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
    prompts += new.filter { prompt in answers[prompt] == nil && !prompts[next...].contains(prompt) }
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Answers a second of the time that was spent on asking; nil before the first.
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

  /// The thread's life.
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
      pthread_mutex_unlock(mutex)
      let start = Clock.seconds
      let answer = Result { try model.score(prompt, options: options) }
      pthread_mutex_lock(mutex)
      answered.count += 1
      answered.seconds += Clock.seconds - start
      answers[prompt] = answer
      next += 1
      pthread_cond_broadcast(condition)
    }
    pthread_mutex_unlock(mutex)
  }
}
