import ReinforcementLearning
import Viewer

/// A walled room with a key, a door and a goal, small but drawn as the gridworlds are: what the tests look at.
///
/// The agent walks a fixed way (`script`), or where a person sends it.
struct SmallGridworld: EpisodeSource {
  var title = "gridworld/DoorKey-8x8"
  var subtitle = "ppo after 200000 steps"
  private(set) var seed: UInt64 = 0
  var length: Int? { isPlayed ? nil : script.count }
  var isPlayed = false
  var episodes = 3
  /// The last step ends the episode.
  var script = [
    "forward", "pickup", "left", "forward", "forward", "toggle", "forward", "forward", "forward", "right", "forward",
    "forward", "forward",
  ]
  private var step = 0
  private var x = 1
  private var y = 2
  private var direction = 1
  private var hasKey = false
  private var isOpen = false
  private var total = 0.0

  init(isPlayed: Bool = false) { self.isPlayed = isPlayed }

  mutating func start(episode: Int) throws -> PlaybackFrame? {
    guard (0..<episodes).contains(episode) else { return nil }
    let kept = self
    self = SmallGridworld(isPlayed: kept.isPlayed)
    (title, subtitle, script, episodes) = (kept.title, kept.subtitle, kept.script, kept.episodes)
    seed = 42 + UInt64(episode)
    return PlaybackFrame(sketch: sketch(), captions: ["value 0.71"])
  }

  mutating func step(_ action: String?) throws -> PlaybackFrame? {
    guard let action = action ?? (isPlayed ? nil : step < script.count ? script[step] : nil) else { return nil }
    step += 1
    switch action {
    case "left": direction = (direction + 3) % 4
    case "right": direction = (direction + 1) % 4
    case "pickup": hasKey = true
    case "toggle": isOpen = true
    default:
      let (nextX, nextY) = (x + [1, 0, -1, 0][direction], y + [0, 1, 0, -1][direction])
      let isDoor = nextX == 4 && nextY == 3
      if (1...6).contains(nextX), (1...6).contains(nextY), nextX != 4 || isDoor && isOpen { (x, y) = (nextX, nextY) }
    }
    let isOver = isPlayed ? x == 6 && y == 6 : step == script.count
    let reward: Float = isOver ? 0.9 : 0
    total += Double(reward)
    return PlaybackFrame(
      sketch: sketch(), step: step, action: action, reward: reward,
      components: [
        PlaybackFrame.Component("novelty", 0.4 / Float(step).squareRoot()),
        PlaybackFrame.Component("program", action == "forward" ? 0.1 : action == "toggle" ? 0.5 : -0.05),
      ],
      outcome: isOver ? .terminated : .running, success: isOver, episodeReturn: total, captions: ["value 0.71"])
  }

  /// One unit a cell.
  private func sketch() -> Sketch {
    typealias Color = Sketch.Color
    var sketch = Sketch(width: 8, height: 8)
    let wall = Color(100, 100, 100)
    sketch.shapes.append(.rectangle(corner: Sketch.Point(0, 0), width: 8, height: 8, Color(0, 0, 0)))
    for row in 0..<8 {
      var line: [Sketch.Character] = []
      for column in 0..<8 {
        let corner = Sketch.Point(Float(column), Float(row))
        let isWall = row == 0 || row == 7 || column == 0 || column == 7 || column == 4 && row != 3
        if isWall {
          sketch.shapes.append(.rectangle(corner: corner, width: 1, height: 1, wall))
        } else {
          for (end, side) in [
            (Sketch.Point(corner.x + 1, corner.y), corner), (corner, Sketch.Point(corner.x, corner.y + 1)),
          ] {
            sketch.shapes.append(.line(side, end, width: 0.03, Color(70, 70, 70)))
          }
        }
        line.append(Sketch.Character(isWall ? "#" : ".", isWall ? wall : Color(70, 70, 70)))
      }
      sketch.board.append(line)
    }
    sketch.shapes.append(.rectangle(corner: Sketch.Point(6, 6), width: 1, height: 1, Color(0, 200, 60)))
    sketch.board[6][6] = Sketch.Character("G", Color(0, 200, 60))
    let yellow = Color(240, 200, 20)
    if isOpen {
      sketch.shapes.append(.rectangle(corner: Sketch.Point(4, 3), width: 1, height: 0.14, yellow))
    } else {
      sketch.shapes.append(.rectangle(corner: Sketch.Point(4.03, 3.03), width: 0.94, height: 0.94, yellow))
      sketch.shapes.append(.rectangle(corner: Sketch.Point(4.12, 3.12), width: 0.76, height: 0.76, Color(70, 58, 6)))
      sketch.shapes.append(.ellipse(center: Sketch.Point(4.72, 3.5), radiusX: 0.09, radiusY: 0.09, yellow))
    }
    sketch.board[3][4] = Sketch.Character(isOpen ? "/" : "+", yellow)
    if !hasKey {
      sketch.shapes.append(.ellipse(center: Sketch.Point(1.5, 4.35), radiusX: 0.18, radiusY: 0.18, yellow))
      sketch.shapes.append(.ellipse(center: Sketch.Point(1.5, 4.35), radiusX: 0.08, radiusY: 0.08, Color(0, 0, 0)))
      sketch.shapes.append(.rectangle(corner: Sketch.Point(1.45, 4.5), width: 0.1, height: 0.35, yellow))
      sketch.shapes.append(.rectangle(corner: Sketch.Point(1.5, 4.68), width: 0.16, height: 0.07, yellow))
      sketch.board[4][1] = Sketch.Character("k", yellow)
    }
    let red = Color(235, 40, 40)
    let (centerX, centerY) = (Float(x) + 0.5, Float(y) + 0.5)
    let corners: [(Float, Float)] = [(0.38, 0), (-0.32, 0.32), (-0.32, -0.32)]
    sketch.shapes.append(
      .polygon(
        corners.map { forward, side in
          let (forwardX, forwardY) = ([1, 0, -1, 0] as [Float], [0, 1, 0, -1] as [Float])
          return Sketch.Point(
            centerX + forward * forwardX[direction] - side * forwardY[direction],
            centerY + forward * forwardY[direction] + side * forwardX[direction])
        }, red))
    sketch.board[y][x] = Sketch.Character([">", "v", "<", "^"][direction], red)
    var view = sketch
    view.insets = []
    view.captions = []
    sketch.insets = [Sketch.Inset(title: "agent's view", sketch: view)]
    sketch.captions = [
      "Mission: use the key to open the door and then get to the goal",
      "Carrying: \(hasKey ? "yellow key" : "nothing")",
    ]
    return sketch
  }
}
