#if LanguageModelHTTP
  import CCurl
  import Groundwork
  import Synchronization

  /// Sends documents to one server, many at a time, and brings back what it answers: with time-outs, a limit of size,
  /// and another attempt after what may pass.
  ///
  /// A call blocks its thread until every answer is there or one has failed for good. Not an HTTP client for anything
  /// else: it posts JSON, follows no redirection and speaks http and https only.
  struct HTTPClient: Sendable {
    /// What is expected of the server, and how patient one is.
    struct Limits: Sendable {
      /// Requests that are under way at once.
      var concurrency = 4
      /// Of one attempt, from its first byte to its last.
      var seconds = 60.0
      /// Attempts after the first.
      var retries = 5
      /// Before the second attempt; doubled for each further one, 30 at most.
      var backOffSeconds = 0.5
      /// 0 for as fast as they are answered.
      var requestsPerMinute = 0.0
      /// Of one answer.
      var bytes = 4 << 20
    }

    let url: String
    /// Sent as `Authorization: Bearer`; never part of an error or an answer, be it that the server repeats it.
    let key: String?
    let limits: Limits
    /// When the next request may be sent, over all calls.
    private let pace = Pace()

    /// Seconds that are waited at most where a server asks to be left alone.
    private static let longestWait = 60.0
    /// `curl_global_init` must be called once, by one thread.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    init(url: String, key: String?, limits: Limits) {
      self.url = url
      self.key = key
      self.limits = limits
    }

    /// Posts every body and waits until each has its answer.
    ///
    /// - Parameter take: Takes the answer to a body, by its number, as it comes, with the attempts that it took after
    ///   the first; refuses one that came whole but cannot be used, in words.
    /// - Throws: `Failure` of the first request that failed for good. Those that were under way then are waited for and
    ///   taken, since somebody may have paid for them; the others are given up.
    func post(_ bodies: [String], take: (Int, [UInt8], Int) -> String?) throws(Failure) {
      guard HTTPClient.isReady, let multi = curl_multi_init() else { throw Failure("libcurl cannot be started") }
      var headers = curl_slist_append(nil, "Content-Type: application/json")
      headers = curl_slist_append(headers, "Expect:")
      if let key { headers = curl_slist_append(headers, "Authorization: Bearer \(key)") }
      var idle: [Transfer] = []
      var running: [OpaquePointer: Transfer] = [:]
      defer {
        for transfer in running.values {
          curl_multi_remove_handle(multi, transfer.handle)
          pace.end()
        }
        running = [:]
        idle = []
        curl_multi_cleanup(multi)
        curl_slist_free_all(headers)
      }
      var waiting = bodies.indices.map { Waiting(index: $0, attempt: 0, notBefore: 0) }
      var missing = bodies.count
      var failure: Failure?
      while missing > 0 {
        guard !Interruption.wasRequested || running.count + waiting.count == 0 else {
          throw Failure("the program was asked to stop", isStop: true)
        }
        let now = Clock.seconds
        while failure == nil, let place = waiting.firstIndex(where: { $0.notBefore <= now }), pace.begin(now, limits) {
          let next = waiting.remove(at: place)
          guard let transfer = idle.popLast() ?? Transfer() else {
            pace.end()
            throw Failure("libcurl has no memory")
          }
          transfer.begin(next, bodies[next.index], url: url, headers: headers, limits)
          guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            pace.end()
            throw Failure("libcurl has no memory")
          }
          running[OpaquePointer(transfer.handle)] = transfer
        }
        var active: Int32 = 0
        guard curl_multi_perform(multi, &active) == CURLM_OK else { throw Failure("libcurl failed") }
        var code = CURLE_OK
        while let handle = forage_curl_ended(multi, &code) {
          curl_multi_remove_handle(multi, handle)
          guard let transfer = running.removeValue(forKey: OpaquePointer(handle)) else { continue }
          pace.end()
          let asked = transfer.waiting
          switch verdict(transfer, code, { take(asked.index, $0, asked.attempt) }) {
          case .good: missing -= 1
          case .bad(let reason): failure = failure ?? Failure(reason)
          case .passing(let reason, _) where asked.attempt >= limits.retries:
            failure = failure ?? Failure(reason + (asked.attempt > 0 ? ", \(asked.attempt + 1) times" : ""))
          case .passing(_, let pause):
            waiting.append(
              Waiting(
                index: asked.index, attempt: asked.attempt + 1,
                notBefore: Clock.seconds + max(pause, backOff(asked.attempt, asked.index))))
          }
          transfer.body.removeAll(keepingCapacity: transfer.body.count < 1 << 16)
          idle.append(transfer)
        }
        if let failure, running.isEmpty { throw failure }
        if missing > 0 { curl_multi_poll(multi, nil, 0, running.isEmpty ? 20 : 50, nil) }
      }
    }

    /// Doubled each time, with up to half on top, so that those who failed together do not come together again.
    private func backOff(_ attempt: Int, _ index: Int) -> Double {
      let pause = min(limits.backOffSeconds * Double(1 << min(attempt, 20)), 30)
      let share = Double(StableDigest.of("\(index) \(attempt)") >> 11) * 0x1p-53
      return pause * (1 + share / 2)
    }

    private enum Verdict {
      case good
      /// It may pass.
      case passing(String, pause: Double)
      case bad(String)
    }

    private func verdict(_ transfer: Transfer, _ code: CURLcode, _ take: ([UInt8]) -> String?) -> Verdict {
      if transfer.isTooLarge { return .passing("its answer is larger than \(limits.bytes) bytes", pause: 0) }
      guard code == CURLE_OK else {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
          return .passing("it did not answer within \(HTTPClient.text(limits.seconds)) seconds", pause: 0)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
          return .bad("'\(url)' is no address of an HTTP server")
        default:
          return .passing(String(cString: curl_easy_strerror(code)).lowercased(), pause: 0)
        }
      }
      let status = forage_curl_status(transfer.handle)
      if (200..<300).contains(status) {
        return take(transfer.body).map { .passing($0, pause: 0) } ?? .good
      }
      let reason = "it answered with status \(status)" + message(transfer.body)
      guard status == 408 || status == 409 || status == 425 || status == 429 || status >= 500 else {
        return .bad(reason)
      }
      let pause = min(max(0, Double(forage_curl_retry_after(transfer.handle))), HTTPClient.longestWait)
      // A server that asks to be left alone means every request.
      if pause > 0 { pace.hold(until: Clock.seconds + pause) }
      return .passing(reason, pause: pause)
    }

    /// What the server says of an error: its start, in one line.
    private func message(_ body: [UInt8]) -> String {
      guard body.count < 1 << 16, let document = try? JSON(parsing: body, name: "the error") else { return "" }
      guard let text = document["error"]?["message"]?.string ?? document["message"]?.string ?? document["error"]?.string
      else { return "" }
      // Before it is cut, or a part of the key would be left.
      return ": " + String((key.map { text.replacing($0, with: "[key]") } ?? text).prefix(120)).visibleLine
    }

    /// What a server says, the key taken out. A word of fewer characters than any key has is none: a server that asks
    /// for no key is often given one.
    func withoutKey(_ text: String) -> String {
      guard let key, key.utf8.count >= 12 else { return text }
      return text.replacing(key, with: "[key]")
    }

    /// Whether a request can be sent there, as far as the address says.
    static func isAddress(_ url: String) -> Bool {
      guard isReady, let parts = curl_url() else { return true }
      defer { curl_url_cleanup(parts) }
      return curl_url_set(parts, CURLUPART_URL, url, UInt32(CURLU_GUESS_SCHEME)) == CURLUE_OK
    }

    /// Whether an address is this machine's own.
    private static func isLoopback(_ url: String) -> Bool {
      let host = (url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]).lowercased()
      return ["127.", "localhost:", "localhost/", "[::1]"].contains { host.hasPrefix($0) }
    }

    private static func text(_ seconds: Double) -> String {
      seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }
  }

  extension HTTPClient {
    /// Why there is no answer, as a clause.
    struct Failure: Error {
      let reason: String
      /// Whether a signal came, which is nobody's failure.
      let isStop: Bool

      init(_ reason: String, isStop: Bool = false) {
        self.reason = reason
        self.isStop = isStop
      }
    }

    /// A request that waits for its turn.
    fileprivate struct Waiting {
      var index: Int
      var attempt: Int
      var notBefore: Double
    }

    /// Shares out starts over time and over the calls of several threads.
    private final class Pace: Sendable {
      private let state = Mutex((next: 0.0, running: 0))

      /// Whether a request may start now, which then counts as under way.
      func begin(_ now: Double, _ limits: Limits) -> Bool {
        state.withLock { state in
          guard now >= state.next, state.running < max(1, limits.concurrency) else { return false }
          if limits.requestsPerMinute > 0 { state.next = now + 60 / limits.requestsPerMinute }
          state.running += 1
          return true
        }
      }

      /// A request is no longer under way.
      func end() { state.withLock { $0.running -= 1 } }

      /// Lets none start before then.
      func hold(until time: Double) { state.withLock { $0.next = max($0.next, time) } }
    }

    /// A request under way: libcurl's handle and what it has brought so far.
    private final class Transfer {
      let handle: UnsafeMutableRawPointer
      var waiting = Waiting(index: 0, attempt: 0, notBefore: 0)
      var body: [UInt8] = []
      private(set) var isTooLarge = false
      private var most = 0

      init?() {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
      }

      deinit { curl_easy_cleanup(handle) }

      func begin(
        _ waiting: Waiting, _ text: String, url: String, headers: UnsafeMutablePointer<curl_slist>?, _ limits: Limits
      ) {
        self.waiting = waiting
        body.removeAll(keepingCapacity: true)
        isTooLarge = false
        most = limits.bytes
        curl_easy_reset(handle)
        _ = forage_curl_text(handle, CURLOPT_URL, url)
        _ = forage_curl_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        // A proxy (`http_proxy`) is another machine, whose own loopback is not this one's; nor is the key its.
        if HTTPClient.isLoopback(url) { _ = forage_curl_text(handle, CURLOPT_PROXY, "") }
        _ = forage_curl_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = forage_curl_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = forage_curl_pointer(handle, CURLOPT_HTTPHEADER, headers)
        let milliseconds = Int(max(1, (limits.seconds * 1000).rounded(.up)))
        _ = forage_curl_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
        _ = forage_curl_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        _ = forage_curl_long(handle, CURLOPT_POSTFIELDSIZE, text.utf8.count)
        _ = forage_curl_text(handle, CURLOPT_COPYPOSTFIELDS, text)
        _ = forage_curl_write(
          handle,
          { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
          }, Unmanaged.passUnretained(self).toOpaque())
      }

      /// False, which ends the transfer, where an answer gets too large.
      private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= most else {
          isTooLarge = true
          return false
        }
        body.append(contentsOf: bytes)
        return true
      }
    }
  }
#endif
