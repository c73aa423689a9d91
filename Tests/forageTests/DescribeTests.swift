import Catalog
import Foundation
import Groundwork
import Testing

/// `forage describe`: what a person reads.
@Suite struct DescribeTests {
  @Test("a setting stands with its key, default, preset, range and meaning")
  func settings() throws {
    let result = try Program.run(["describe", "ppo", "--env", "control/CartPole"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "ppo: proximal policy optimisation with the clipped surrogate")
    #expect(lines[1].hasPrefix("Source: Schulman et al. 2017"))
    let place = try #require(lines.firstIndex { $0.hasPrefix("  agent.discount ") })
    #expect(lines[place].contains("0.99 -> 0.98 (preset)"))
    #expect(lines[place].hasSuffix("number, 0 to 1"))
    #expect(lines[place + 1].contains("(gamma)"))
  }

  @Test("an environment says what is seen, done, measured and paid, and how a design for it is written")
  func environment() throws {
    let text = try Program.run(["describe", "gridworld/DoorKey-8x8"]).output
    for part in [
      "Layout", "Reward", "What the policy sees", "7 x 7 x 3", "codes below 11, 6, 3", "2 forward", "Signals, which",
      "distance", "success", "truncated after 640 steps", "--reward 'environment+potential(signal=distance)'",
      "environment.level.side", "environment.frameStack",
    ] { #expect(text.contains(part), "\(part)") }
    let signals = try Program.run(["describe", "gridworld/DoorKey-8x8", "--signals"]).output
    #expect(signals.contains("distance"))
    #expect(!signals.contains("environment.level.side"))
    #expect(try Program.run(["describe", "ppo", "--signals"]).status == 1)
  }

  @Test("the document has all of it", arguments: ["ppo", "gridworld/DoorKey-8x8", "count", "run"])
  func document(_ id: String) throws {
    let result = try Program.run(["describe", id, "--json"])
    let document = try JSON(parsing: result.output, name: "the output")
    #expect(document["id"]?.string == id)
    let settings = document["settings"]?.array ?? []
    #expect(settings.count == (try Catalog.describe(id).settings.count))
    for setting in settings { #expect(setting["summary"]?.string?.isEmpty == false) }
    if id.contains("/") {
      #expect(document["fields"]?.array?.isEmpty == false)
      #expect(document["exampleReward"]?.string == "environment+potential(signal=distance)")
    }
  }

  @Test("an unknown id is refused with what is near")
  func unknown() throws {
    let result = try Program.run(["describe", "go-explor"])
    #expect(result.status == 1)
    #expect(result.errors.contains("Did you mean 'go-explore'"))
    #expect(try Program.run(["list", "--help"]).output.contains("forage describe"))
  }
}
