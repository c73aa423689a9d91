import Groundwork
import ReinforcementLearning

/// Where on one demonstration episodes start, and how often those that started there succeeded.
///
/// The window ends at `end`, at first the demonstration's last step, and moves towards the start as episodes succeed:
/// its new end is the first start point at which the success rates, summed from the window's beginning, reach
/// `moveThreshold` of the window. So a window in which all succeed moves by nine tenths of its length, and one in
/// which too few do moves back.
///
/// Source: Salimans and Chen 2018, "Learning Montezuma's Revenge from a Single Demonstration"; Ecoffet et al. 2021,
/// methods (`ResetManager` in the reference's fork of the backward algorithm).
struct StartWindow: Equatable {
  let length: Int
  let size: Int
  /// The latest start point, within the demonstration.
  private(set) var end: Int
  /// Episodes that started at each step of the demonstration since the window last moved, and those that succeeded.
  private(set) var plays: [Int]
  private(set) var wins: [Int]

  init(length: Int, size: Int) {
    precondition(length > 0 && size > 0, "a window of a demonstration has at least one start point")
    self.length = length
    self.size = size
    end = length - 1
    plays = Array(repeating: 0, count: length)
    wins = plays
  }

  /// The start points.
  var range: ClosedRange<Int> { max(0, end - size + 1)...end }

  /// A start point, uniformly.
  func draw(_ random: inout RandomSource) -> Int {
    range.lowerBound + random.integer(in: 0..<range.count)
  }

  mutating func record(start: Int, success: Bool) {
    plays[start] += 1
    if success { wins[start] += 1 }
  }

  /// The mean success rate over the window's start points, those never tried counting as 0.
  var successRate: Double {
    var sum = 0.0
    for start in range where plays[start] > 0 { sum += Double(wins[start]) / Double(plays[start]) }
    return sum / Double(range.count)
  }

  /// Moves the window when enough episodes started in it, and forgets them; else does nothing.
  ///
  /// - Parameters:
  ///   - threshold: The share of the window whose success rates must add up for it to move towards the start.
  ///   - retreat: Steps that it moves back by where they do not.
  ///   - episodesPerStart: Episodes needed for each of `size` start points, on average; near the start of the
  ///     demonstration, where the window holds fewer, no fewer.
  mutating func move(threshold: Double, retreat: Int, episodesPerStart: Int) {
    let range = range
    guard range.reduce(0, { $0 + plays[$1] }) >= episodesPerStart * min(size, length) else { return }
    var sum = 0.0
    var target: Int?
    for start in range where plays[start] > 0 {
      sum += Double(wins[start]) / Double(plays[start])
      if sum / Double(range.count) >= threshold {
        target = start
        break
      }
    }
    end = target ?? min(length - 1, end + retreat)
    for start in plays.indices {
      plays[start] = 0
      wins[start] = 0
    }
  }

  func save(to state: inout SavedState) {
    state.set("end", scalar: Int64(end))
    state.set("plays", plays.map { Int64($0) })
    state.set("wins", wins.map { Int64($0) })
  }

  mutating func restore(from state: SavedState) throws {
    let saved = Int(try state.scalar("end", as: Int64.self))
    guard (0..<length).contains(saved) else {
      throw UserError("the checkpoint's window ends at step \(saved) of a demonstration of \(length)")
    }
    end = saved
    plays = try state.get("plays", as: Int64.self, count: length).map { Int($0) }
    wins = try state.get("wins", as: Int64.self, count: length).map { Int($0) }
  }
}
