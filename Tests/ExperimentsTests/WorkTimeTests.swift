import Testing

@testable import Experiments

/// How long a run works, and the guess of the rest.
@Suite struct WorkTimeTests {
  @Test("the time that a run stands still counts neither as work nor in what is left")
  func waits() {
    var work = WorkTime(start: 100)
    #expect(work.seconds(at: 110) == 10 && work.left(done: 20, open: 80, at: 110) == 40)
    work.stand(at: 110)
    work.stand(at: 5_000)
    #expect(work.seconds(at: 7_310) == 10 && work.left(done: 20, open: 80, at: 7_310) == 40)
    work.goOn(at: 7_310)
    work.goOn(at: 7_315)
    #expect(work.seconds(at: 7_320) == 20 && work.left(done: 50, open: 50, at: 7_320) == 20)
    work.stand(at: 7_320)
    work.goOn(at: 7_400)
    #expect(work.seconds(at: 7_410) == 30)
  }

  @Test("nothing is said of what is left before a second has passed and a step is done; beyond the budget nothing is")
  func unknown() {
    let work = WorkTime(start: 0)
    #expect(work.left(done: 100, open: 900, at: 0.5) == nil)
    #expect(work.left(done: 0, open: 1_000, at: 60) == nil)
    #expect(work.left(done: 100, open: 900, at: 1) == 9)
    #expect(work.left(done: 1_024, open: -24, at: 10) == 0)
  }

  @Test("what is waited for is left out of the steps a second")
  func speed() {
    let waits = WaitMeter()
    var speed = SpeedMeter(step: 0, time: 0)
    #expect(speed.add(step: 100, time: 1) == 100)
    waits.take(isWaiting: true, at: 2)
    waits.take(isWaiting: false, at: 7_202)
    speed.leaveOut(seconds: waits.takeSeconds())
    #expect(speed.add(step: 200, time: 7_202) == 100)
    #expect(waits.takeSeconds() == 0)
  }
}
