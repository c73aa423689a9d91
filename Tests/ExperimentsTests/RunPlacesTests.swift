import Groundwork
import Synchronization
import Testing

@testable import Experiments

/// How runs share the places of those that go on at a time.
@Suite struct RunPlacesTests {
  /// What happened, in its order; told by several threads.
  private final class Log: Sendable {
    private let told = Mutex<[String]>([])

    var lines: [String] { told.withLock { $0 } }

    func tell(_ line: String) { told.withLock { $0.append(line) } }

    /// Waits until something has happened, some seconds at most.
    func wait(for line: String) {
      let end = Clock.seconds + 10
      while !lines.contains(line), Clock.seconds < end { Clock.sleep(seconds: 0.005) }
    }
  }

  @Test("a run that stands still gives its place to the next, and takes one again before it goes on")
  func gives() {
    let (log, places) = (Log(), RunPlaces(count: 1))
    places.perform(3) { run in
      log.tell("\(run) begins")
      if run == 0 {
        places.standStill(run)
        log.wait(for: "2 ends")
        places.goOn(run, shouldStop: { false })
      }
      log.tell("\(run) ends")
    }
    #expect(log.lines == ["0 begins", "1 begins", "1 ends", "2 begins", "2 ends", "0 ends"])
  }

  @Test("one that may go on waits for a place, and has it before one that was not begun")
  func returns() {
    let (log, places) = (Log(), RunPlaces(count: 1))
    places.perform(3) { run in
      log.tell("\(run) begins")
      if run == 0 {
        places.standStill(run)
        log.wait(for: "1 begins")
        log.tell("answered")
        places.goOn(run, shouldStop: { false })
        log.tell("0 goes on")
      } else if run == 1 {
        log.wait(for: "answered")
        Clock.sleep(seconds: 0.5)
      }
      log.tell("\(run) ends")
    }
    #expect(
      log.lines == ["0 begins", "1 begins", "answered", "1 ends", "0 goes on", "0 ends", "2 begins", "2 ends"])
  }

  @Test("never do more go on than there are places, whoever stood still, went on or ended meanwhile")
  func bounded() {
    let (log, places) = (Log(), RunPlaces(count: 2))
    let present = Mutex(0)
    @Sendable func change(by amount: Int) {
      let now = present.withLock { count in
        count += amount
        return count
      }
      if now > 2 { log.tell("\(now) at a time") }
    }
    places.perform(20) { run in
      change(by: 1)
      if run % 3 == 0 {
        change(by: -1)
        places.standStill(run)
        Clock.sleep(seconds: 0.02)
        // It was stopped where it stood.
        if run % 2 == 0 { return }
        places.goOn(run, shouldStop: { false })
        change(by: 1)
      }
      Clock.sleep(seconds: 0.01)
      change(by: -1)
    }
    let left = present.withLock { $0 }
    #expect(log.lines.isEmpty && left == 0, "\(log.lines)")
  }

  @Test("a program that is to stop has whoever stood still save at once, without a place")
  func stops() {
    let (log, places) = (Log(), RunPlaces(count: 1))
    places.perform(2) { run in
      if run == 0 {
        places.standStill(run)
        log.wait(for: "1 begins")
        places.goOn(run, shouldStop: { true })
        log.tell("0 goes on")
      } else {
        log.tell("1 begins")
        log.wait(for: "0 goes on")
        log.tell("1 ends")
      }
    }
    #expect(log.lines == ["1 begins", "0 goes on", "1 ends"])
  }

  @Test("the caller is called every second while all stand still")
  func seconds() {
    let places = RunPlaces(count: 1)
    var calls = 0
    places.perform(1) { run in
      places.standStill(run)
      Clock.sleep(seconds: 2.5)
    } everySecond: {
      calls += 1
    }
    #expect((1...2).contains(calls), "\(calls)")
  }
}
