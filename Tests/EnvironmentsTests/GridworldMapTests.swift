@testable import Environments
@testable import GridworldEnvironments
import Foundation
import Groundwork
import ReinforcementLearning
import Testing

@Suite("Maps of one's own") struct GridworldMapTests {
  private typealias Map = Gridworld.CustomMap

  /// The map in the repository's `maps` folder.
  static let examplePath = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "maps/two-rooms.txt").path()

  private let listing = EnvironmentListing(
    "gridworld/Map", Gridworld.self, configuration: Gridworld.Configuration(Gridworld.CustomMap()), summary: "a map")

  /// A world of the map at the start of an episode.
  private func world(_ map: Gridworld.CustomMap, seed: UInt64 = 1) throws -> Gridworld {
    let configuration = Gridworld.Configuration(map)
    _ = try Gridworld.plan(configuration)
    var world = try Gridworld(configuration: configuration)
    world.reset(seed: seed)
    return world
  }

  @Test("the example file is the world that it shows")
  func example() throws {
    let map = Map(path: Self.examplePath)
    #expect(map == Map())
    let world = try world(map)
    #expect(world.width == 11 && world.height == 7)
    #expect(world[0, 0] == .wall && world[5, 1] == .wall && world[4, 3].isEmpty)
    #expect(world[2, 3].is(.key) && world[2, 3].color == .yellow)
    #expect(world[5, 3].isLockedDoor && world[5, 3].color == .yellow)
    #expect(world[9, 1] == .goal && world[7, 2] == .lava && world[8, 4] == .lava)
    #expect(world[2, 5].is(.box) && world[2, 5].color == .purple)
    let content = world.contents[world[2, 5].identity]
    #expect(content.is(.ball) && content.color == .blue)
    #expect(world.position == (1, 1))
    #expect(world.mission.text == "use the key to open the door and then get to the goal")
    #expect(world.timeLimit(default: 0) == 500)
    let directions = try Set((1...40).map { try self.world(map, seed: $0).direction })
    #expect(directions == [0, 1, 2, 3])
  }

  @Test("the same map as JSON makes the same world")
  func json() throws {
    let json = """
      {
        "legend": {"K": "key yellow", "D": "door yellow locked", "B": "box purple (ball blue)"},
        "map": ["###########", "#@...#...G#", "#....#.~~.#", "#.K..D....#", "#....#.~~.#", "#.B..#....#",
                "###########"],
        "goal": "reach", "mission": "use the key to open the door and then get to the goal",
        "timeLimit": 500, "seeThrough": false
      }
      """
    let other = Map(text: json)
    try other.validate()
    #expect(other.drawing == Map().drawing)
    let (a, b) = (try world(Map(), seed: 9), try world(other, seed: 9))
    #expect(a.cells == b.cells && a.contents == b.contents && a.direction == b.direction)
  }

  @Test("the key, the door and the way past the lava lead to the goal, and the distance counts them down")
  func solved() throws {
    var world = try world(Map(text: Map.example.replacing("@", with: ">")))
    #expect(world.direction == 0 && world.remainingDistance() == 14)
    let actions: [Gridworld.Action] = [
      .right, .forward, .forward, .left, .pickUp, .forward, .forward, .forward, .toggle, .forward, .forward, .left,
      .forward, .forward, .right, .forward, .forward,
    ]
    var remaining = 14
    for action in actions {
      #expect(world.step(action) == Transition(reward: 0))
      if action != .left && action != .right { remaining -= 1 }
      #expect(world.remainingDistance() == remaining)
    }
    let last = world.step(.forward)
    #expect(last.outcome == .terminated && last.success == true)
    #expect(abs(last.reward - (1 - 0.9 * 18 / 500)) < 1e-6)
  }

  @Test("goals other than the square: an object, even out of a box, and a door")
  func goals() throws {
    let box = "#####\n#>B.#\n#...#\n---\nB = box red (key (blue)\n"
    #expect(throws: UserError.self) { try Map(text: box).validate() }
    let text = "#>B.\n#...\n....\n---\nB = box red (key blue)\ngoal: pick up the key blue\n"
    var world = try world(Map(text: text))
    #expect(world.mission.text == "pick up the blue key" && world.timeLimit(default: 0) == 120)
    #expect(world.remainingDistance() == 2)
    #expect(world.step(.toggle).outcome == .running)
    #expect(world.step(.pickUp).success == true)
    world = try self.world(Map(text: "#>D.\n#...\n....\n---\nD = door green\ngoal: open door green\n"))
    #expect(world.mission.text == "open the green door" && world.remainingDistance() == 1)
    #expect(world.step(.toggle).success == true)
  }

  @Test("beyond a map without walls there is wall, and without an agent it starts in any empty cell")
  func borders() throws {
    let map = Map(text: ".~.\n~G~\n.~.")
    var places: Set<[Int]> = []
    for seed in 1...60 {
      var world = try world(map, seed: UInt64(seed))
      places.insert([world.position.x, world.position.y])
      // Leftwards or upwards lies the end of the map.
      while world.direction != (world.position.x == 0 ? 2 : 0) { _ = world.step(.left) }
      let before = world.position
      _ = world.step(.forward)
      #expect(world.position == before)
    }
    #expect(places == [[0, 0], [2, 0], [0, 2], [2, 2]])
  }

  @Test("a configuration holds the map itself, so that the file may go")
  func roundTrip() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "forage-map-\(getpid()).txt").path()
    try Files.writeAtomically("#####\n#>.G#\n#####\n---\ntime-limit: 77\n", to: path)
    let recipe = try listing.recipe(changes: ["map": .string(path)])
    try Files.remove(path)
    #expect(recipe.configuration["level"]?["map"] == "#####\n#>.G#\n#####\n---\ntime-limit: 77\n")
    #expect(recipe.specification.timeLimit == 77)
    let again = try listing.recipe(changes: recipe.configuration)
    #expect(again.configuration == recipe.configuration && again.specification == recipe.specification)
    let inline = try listing.recipe(changes: ["map": ["map": ["...", ".@.", "..G"], "timeLimit": 5]])
    #expect(inline.specification.timeLimit == 5)
  }

  @Test("a file that is missing is named, and so is what is no map")
  func missing() {
    func message(_ map: JSON) -> String? {
      do { _ = try listing.recipe(changes: ["map": map]) } catch { return "\(error)" }
      return nil
    }
    #expect(message("no/such.txt") == "cannot read 'no/such.txt': no such file or directory. Check the path")
    #expect(message(5) == "5 is no map. Name a file (--set map=FILE) or write the map's text")
  }

  /// A sound map whose legend can be written below; the first line of it is line 5.
  private static let start = "#####\n#@.G#\n#####\n---\n"

  @Test(
    "what is wrong is named with its line, its column and how to mend it",
    arguments: [
      ("#####\n#@.G#\n####\n", "line 3, column 5: the row has 4 characters, the first one 5. Fill it up"),
      (
        "#####\n#@.G##\n#####",
        "line 2, column 6: the row has 6 characters, the first one 5. Make all rows equally long"
      ),
      ("#####\n#@.G#\n", "line 2, column 1: the map ends after 2 rows. Draw 3 to 64 rows of 3 to 64"),
      ("##\n##\n##\n", "line 1, column 3: the row ends after 2 characters"),
      (String(repeating: "#", count: 65) + "\n#\n#", "line 1, column 65: the row has 65 characters"),
      (String(repeating: "@.G\n", count: 65), "line 65, column 1: the map has 65 rows"),
      (
        "#####\r\n#@KG#\r\n#####\r\n", "line 2, column 3: 'K' means nothing. Describe it in the legend (K = key yellow)"
      ),
      ("#####\n#@KG#\n#####\n---\nk = key red", "line 2, column 3: 'K' means nothing. Did you mean 'k'?"),
      ("#####\n#@\tG#\n#####", "line 2, column 3: the character number 9 means nothing"),
      (
        "#####\n#@>G#\n#####",
        "line 2, column 3: '>' is a second agent. Keep one of them; the first is in line 2, column 2"
      ),
      ("\n#####\n#@..#\n#####", "line 2, column 1: there is no goal on the map. Draw a G"),
      ("###\n#G#\n###", "line 1, column 1: there is neither an agent nor an empty cell for it"),
      (
        start + "K = key yelow",
        "line 5, column 9: 'yelow' is no object, colour or state of a door. Did you mean 'yellow'?"
      ),
      (start + "K = kye red", "line 5, column 5: 'kye' is no object, colour or state of a door. Did you mean 'key'?"),
      (start + "K = key", "line 5, column 8: the key has no colour. Add one of red, green, blue, purple, yellow, grey"),
      (start + "K = red", "line 5, column 5: no object is named. Name one of key, ball, box, door, floor"),
      (start + "K = key red blue", "line 5, column 13: 'blue' is one word too many"),
      (start + "K = key red locked", "line 5, column 13: a key cannot be locked. Remove it; only doors can"),
      (start + "K = key red (ball red)", "line 5, column 13: a key holds nothing"),
      (start + "B = box red (door red)", "line 5, column 14: a box cannot hold a door"),
      (start + "B = box red (key blue", "line 5, column 22: the bracket is not closed. Add a )"),
      (start + "B = box red)", "line 5, column 12: ')' closes nothing"),
      (start + "G = key red", "line 5, column 1: 'G' has a meaning already"),
      (
        start + "K = key red\n  K = key blue",
        "line 6, column 3: 'K' is described twice. Keep one of them; the first is in line 5"
      ),
      (start + "nonsense", "line 5, column 1: 'nonsense' describes nothing"),
      (start + "time-limt: 3", "line 5, column 1: there is no setting 'time-limt'. Did you mean 'time-limit'?"),
      (start + "time-limit: 0", "line 5, column 13: '0' is no number of steps. Write a whole number from 1 to 1000000"),
      (start + "see-through: yes", "line 5, column 14: 'yes' is neither true nor false"),
      (start + "mission: get to teh goal", "line 5, column 17: 'teh' is no word of missions. Did you mean 'the'?"),
      (start + "goal: raech", "line 5, column 7: 'raech' is no goal. Did you mean 'reach'?"),
      (start + "goal: pick up ball blue", "line 5, column 7: there is no blue ball on the map. Draw one"),
      (
        "KK@\n...\n...\n---\nK = key red\ngoal: pickup key red",
        "line 6, column 7: there are 2 of the red key on the map"
      ),
      ("D.@\n...\n...\n---\nD = door red open\ngoal: open door red", "line 6, column 7: the red door is open already"),
      ("{\"map\": [\"###\" \"###\"]}", "line 1, column 16: '\"' stands where ',' or ']' is expected"),
      ("{\n\"map\": [\"###\",\n \"#X#\", \"###\"]}", "line 3, column 4: 'X' means nothing"),
      ("{\n \"misson\": \"get\"}", "line 2, column 3: there is no key 'misson'. Did you mean 'mission'?"),
      ("{\"map\": 3}", "line 1, column 9: 'map' cannot be that. It is a list of rows"),
      ("{\"map\": [\"@.G\", \"...\", \"...\"], \"timeLimit\": 0.5}", "line 1, column 45: '0.5' is no number of steps"),
      ("{\"goal\": \"reach\"}", "line 1, column 1: the map has no rows"),
      ("{\"map\": [\"@.G\"", "line 1, column 15: the file ends where ',' or ']' is expected"),
    ])
  func errors(_ text: String, _ expected: String) {
    var found = "nothing"
    do { try Map(text: text, name: "'m.txt'").validate() } catch { found = "\(error)" }
    #expect(found.hasPrefix("'m.txt', " + expected), "found: \(found)")
    #expect(!found.contains("\n"))
  }

  @Test("a map holds at most 127 objects")
  func tooManyObjects() {
    let rows = "@.G" + String(repeating: "k", count: 61) + "\n"
    let more = String(repeating: String(repeating: "k", count: 64) + "\n", count: 2)
    var found = ""
    do { try Map(text: rows + more + "---\nk = key red", name: "'m.txt'").validate() } catch { found = "\(error)" }
    #expect(found == "'m.txt', line 3, column 3: 'k' is one object too many. Draw at most 127 of them")
  }
}
