import Foundation
import Groundwork
import Synchronization

/// A server of OpenAI's protocol on the loopback that can be slow, broken, busy and lying: what it does to a prompt
/// stands in the prompt.
///
/// A prompt `fault=NAME once #7` is answered with the fault the first time and properly after that, `fault=NAME
/// always` never. A proper answer is `echo: ` and the prompt.
final class StubServer: Sendable {
  let port: UInt16
  private let descriptor: Int32
  private let seen = Mutex<Set<String>>([])
  private let counts = Mutex<(requests: Int, open: Int, most: Int)>((0, 0, 0))
  private let headers = Mutex<[String]>([])
  private let times = Mutex<[Double]>([])

  var url: String { "http://127.0.0.1:\(port)/v1" }
  /// Requests that came.
  var requests: Int { counts.withLock { $0.requests } }
  /// Connections that were open at once.
  var mostOpen: Int { counts.withLock { $0.most } }
  /// The head of the last request.
  var lastHead: String { headers.withLock { $0.last ?? "" } }

  /// When the last requests came.
  func latest(_ count: Int) -> [Double] { times.withLock { Array($0.suffix(count)) } }

  init() {
    signal(SIGPIPE, SIG_IGN)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 1024) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    precondition(bound, "no port on the loopback")
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0, let self else {
          // Closed here and by nobody else: its number may be the next server's, whose connections this would take.
          if connection >= 0 { close(connection) }
          close(descriptor)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  private func serve(_ connection: Int32) {
    counts.withLock {
      $0.requests += 1
      $0.open += 1
      $0.most = max($0.most, $0.open)
    }
    defer {
      counts.withLock { $0.open -= 1 }
      close(connection)
    }
    guard let (head, body) = request(connection) else { return }
    headers.withLock { $0 = $0.suffix(20) + [head] }
    times.withLock { $0.append(Clock.seconds) }
    guard let document = try? JSON(parsing: body, name: "request") else {
      send(connection, status: "400 Bad Request", #"{"error": {"message": "no JSON"}}"#)
      return
    }
    let isChat = head.contains("/chat/completions")
    let prompt =
      (isChat ? document["messages"]?.array?.last?["content"]?.string : document["prompt"]?.string) ?? ""
    if let start = prompt.firstRange(of: "fault=")?.upperBound {
      let words = prompt[start...].split(separator: " ")
      let isFirst = seen.withLock { $0.insert(prompt).inserted }
      if isFirst || words.contains("always") { return fail(connection, String(words[0]), prompt) }
    }
    let sent = head.split(separator: "\r\n").first { $0.hasPrefix("Authorization: ") }.map(String.init) ?? "none"
    switch prompt {
    case "repeat the key and refuse":
      let message = JSON.string(String(repeating: "no ", count: 36) + sent).text()
      send(connection, status: "401 Unauthorized", "{\"error\": {\"message\": \(message)}}")
    case "repeat the key":
      let choice: JSON = ["text": .string(sent), "message": ["content": .string(sent)]]
      send(connection, status: "200 OK", (["choices": [choice]] as JSON).text())
    case "boast":
      let logs = #"{"token_logprobs": [1e308, 1e308], "top_logprobs": [{"a": 7, "b": -1e308}]}"#
      let choice = "{\"text\": \"x\", \"logprobs\": \(logs)}"
      let usage = #"{"prompt_tokens": 9223372036854775807, "completion_tokens": -9223372036854775808}"#
      send(connection, status: "200 OK", "{\"choices\": [\(choice)], \"usage\": \(usage)}")
    case _ where prompt.hasPrefix("usage="):
      let usage = prompt.dropFirst("usage=".count)
      send(connection, status: "200 OK", "{\"choices\": [{\"text\": \"x\"}], \"usage\": \(usage)}")
    default: answer(connection, prompt, document, isChat)
    }
  }

  private func fail(_ connection: Int32, _ fault: String, _ prompt: String) {
    switch fault {
    case "slow":
      // Until the other side has had enough.
      var watched = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
      poll(&watched, 1, 20_000)
    case "429": send(connection, status: "429 Too Many Requests", #"{"error": {"message": "slow down"}}"#)
    case "429-after": send(connection, status: "429 Too Many Requests", "{}", header: "Retry-After: 1\r\n")
    case "500": send(connection, status: "500 Internal Server Error", "<html>oops</html>")
    case "401": send(connection, status: "401 Unauthorized", #"{"error": {"message": "wrong\u001b[31m key"}}"#)
    case "cut":
      write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n{\"choices\": [{\"te")
    case "closed": break
    case "large":
      write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\nConnection: close\r\n\r\n")
      let block = String(repeating: " ", count: 100_000)
      for _ in 0..<100 where !write(connection, block) { break }
    case "endless":
      write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
      while write(connection, "400\r\n" + String(repeating: "[", count: 1024) + "\r\n") {}
    case "endless-head":
      write(connection, "HTTP/1.1 200 OK\r\n")
      while write(connection, "X-More: " + String(repeating: "a", count: 1000) + "\r\n") {}
    case "dripping":
      write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n")
      while write(connection, " ") { usleep(20_000) }
    case "invalid": send(connection, status: "200 OK", "{\"choices\": [oops")
    case "many":
      let choices = Array(repeating: "{\"text\": \"x\"}", count: 100_000).joined(separator: ", ")
      send(connection, status: "200 OK", "{\"choices\": [\(choices)]}")
    case "nested": send(connection, status: "200 OK", String(repeating: "[", count: 60_000))
    case "lying": send(connection, status: "200 OK", #"{"choices": [{"text": 7, "message": {"content": []}}]}"#)
    case "billed":
      let usage = #"{"prompt_tokens": 7, "completion_tokens": 2}"#
      send(connection, status: "200 OK", "{\"choices\": [{\"text\": null}], \"usage\": \(usage)}")
    case "empty": send(connection, status: "200 OK", "")
    default: preconditionFailure("no fault '\(fault)'")
    }
  }

  private func answer(_ connection: Int32, _ prompt: String, _ document: JSON, _ isChat: Bool) {
    var choice: JSON = ["index": 0, "finish_reason": "stop"]
    let text = "echo: \(prompt)"
    if isChat { choice["message"] = ["role": "assistant", "content": .string(text)] } else {
      choice["text"] = .string(text)
    }
    if prompt.hasPrefix("late") { usleep(500_000) }
    // What a server that goes by seeds would say.
    if prompt.hasPrefix("seeded"), let seed = document["seed"] { choice["text"] = .string("\(seed.integer ?? -1)") }
    if document["grammar"] != nil { choice["text"] = "by grammar" }
    if document["max_tokens"]?.integer == 1 {
      // Next tokens: " go" and " g" are pieces of " good".
      let tokens: [String: Double] =
        prompt.hasSuffix(" go") ? ["od": -0.5, "ne": -1.5] : [" go": -0.25, " g": -3, " bad": -1.25]
      choice["text"] = .string(tokens.max { $0.value < $1.value }!.key)
      choice["finish_reason"] = "length"
      let listed = tokens.sorted { $0.key < $1.key }
      choice["logprobs"] =
        isChat
        ? ["content": [[
          "token": .string(listed[0].key), "logprob": .number(listed[0].value),
          "top_logprobs": .array(listed.map { ["token": .string($0.key), "logprob": .number($0.value)] }),
        ]]]
        : ["top_logprobs": [.object(tokens.mapValues { .number($0) })], "token_logprobs": [-0.25]]
    } else if document["logprobs"] != nil {
      choice["logprobs"] = isChat ? ["content": [["logprob": -1], ["logprob": -0.5]]] : ["token_logprobs": [-1, -0.5]]
    }
    let whole: JSON = [
      "choices": [choice], "usage": ["prompt_tokens": .integer(prompt.utf8.count), "completion_tokens": 3],
    ]
    send(connection, status: "200 OK", whole.text())
  }

  private func request(_ connection: Int32) -> (head: String, body: [UInt8])? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var end: Int?
    var wanted = 0
    while end == nil || bytes.count < end! + wanted {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[0..<count]
      if end == nil, let found = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        end = found.upperBound
        let head = String(decoding: bytes[..<found.lowerBound], as: UTF8.self)
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        wanted = line.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      }
    }
    return (String(decoding: bytes[..<end!], as: UTF8.self), Array(bytes[end!...]))
  }

  private func send(_ connection: Int32, status: String, _ body: String, header: String = "") {
    write(
      connection,
      "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(header)\r\n\(body)")
  }

  @discardableResult private func write(_ connection: Int32, _ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }
}
