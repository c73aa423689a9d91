import Groundwork
@testable import NetHackEnvironments
import Testing

@Suite("NetHack's keys") struct KeyTests {
  @Test("there are 121 keys, of which a task player has 23 and a useful player 86")
  func counts() {
    #expect(Key.all.count == 121)
    #expect(ActionSet.task.keys.count == 23)
    #expect(ActionSet.useful.keys.count == 86)
    #expect(ActionSet.skill.keys.count == 85)
  }

  @Test("names are unique, and two keys of one code are two names of one command")
  func names() {
    #expect(Set(Key.all.map(\.name)).count == 121)
    #expect(Key.named("seeSpells")?.code == Key.named("plus")?.code)
  }

  @Test("the codes of the task player's keys are those of NLE, in its order")
  func taskCodes() {
    let codes: [UInt8] = [
      13, 107, 108, 106, 104, 117, 110, 98, 121, 75, 76, 74, 72, 85, 78, 66, 89, 60, 62, 46, 4, 101, 115,
    ]
    #expect(ActionSet.task.keys.map(\.code) == codes)
  }

  @Test("the codes of the useful keys are those of NLE, in its order")
  func usefulCodes() {
    let codes: [UInt8] = [
      107, 108, 106, 104, 117, 110, 98, 121, 75, 76, 74, 72, 85, 78, 66, 89, 60, 62, 46, 13, 225, 97, 24, 67, 90, 227,
      99, 228, 100,
      68, 101, 69, 229, 27, 70, 102, 230, 105, 73, 233, 234, 4, 58, 236, 237, 109, 77, 239, 111, 112, 44, 240, 80, 113,
      81, 114, 82,
      210, 242, 103, 71, 115, 91, 61, 40, 94, 41, 33, 243, 120, 84, 65, 116, 212, 244, 88, 245, 118, 87, 119, 247, 122,
      43, 34, 36,
      32,
    ]
    #expect(ActionSet.useful.keys.map(\.code) == codes)
  }

  @Test("a setting names a set or keys; an unknown name is refused with the nearest")
  func settings() throws {
    #expect(try ActionSet.keys(of: "north,kick").map(\.code) == [107, 4])
    #expect(throws: UserError.self) { try ActionSet.keys(of: "nort") }
    #expect(throws: UserError.self) { try ActionSet.keys(of: "north,north") }
    #expect(throws: UserError.self) { try ActionSet.keys(of: "") }
  }
}

@Suite("NetHack's messages") struct EventTests {
  private func events(_ text: String, picksUp: Bool = true) -> Set<Event> {
    let bytes = Array(text.utf8) + [0, 65]
    let bits = bytes.withUnsafeBufferPointer { Event.events(in: $0, picksUp: picksUp) }
    return Set(Event.allCases.filter { bits >> UInt32($0.rawValue) & 1 == 1 })
  }

  @Test("a message tells each of its events, and nothing behind its end")
  func several() {
    #expect(events("You kill the newt!  Welcome to experience level 2.") == [.kill, .levelUp])
    #expect(events("It's a wall.") == [.wall])
    #expect(events("This door is locked.") == [.lockedDoor])
    #expect(events("") == [])
  }

  @Test("what only sounds like an event is none")
  func others() {
    #expect(events("You stop.  Your kitten is in the way.") == [])
    #expect(events("You swap places with your kitten.") == [.swapWithPet])
    #expect(events("You can't go up here.") == [.refused])
    #expect(events("This tastes like slime mold juice.") == [.drink])
    #expect(events("This newt corpse tastes terrible!") == [.eat])
    #expect(events("You kick at empty space.") == [])
    #expect(events("You find yourself back on the surface.") == [])
    #expect(events("There is a bear trap here.") == [])
    #expect(events("You die...") == [])
    #expect(events("Do you want your possessions identified?") == [])
  }

  @Test("a thing that is carried was picked up where its line says so, and not where it is looked at or in use")
  func pickingUp() {
    #expect(events("f - a scroll labeled FOOBIE BLETCH.") == [.pickUp])
    #expect(events("$ - 5 gold pieces.") == [.pickUp])
    #expect(events("You see here a dart.  b - 2 darts (in quiver).") == [.pickUp])
    #expect(events("You have a little trouble lifting g - a boulder.") == [.pickUp])
    #expect(events("f - a scroll labeled FOOBIE BLETCH.", picksUp: false) == [])
    #expect(events("a - a +2 two-handed sword (weapon in hands).") == [])
    #expect(events("c - an uncursed ring mail (being worn).  d - a dart.") == [.pickUp])
    #expect(events("You see here 5 gold pieces.") == [])
    #expect(events("Moving: k - a scroll.") == [])
    #expect(events("What do you want to wield? [- abc or ?*]") == [])
  }
}

@Suite("Generated levels") struct GeneratedLevelTests {
  @Test("a room has its size, light, stairs, monsters and traps")
  func room() throws {
    let text = try #require(GeneratedLevel("room 5 random dark 2 monsters 3 traps")).text()
    #expect(text.contains("MAP\n.....\n.....\n.....\n.....\n.....\nENDMAP"))
    #expect(text.contains("REGION:(0,0,5,5),unlit,\"ordinary\"\nSTAIR:random,down"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("MONSTER") }.count == 2)
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("TRAP") }.count == 3)
  }

  @Test("start and stairs lie in opposite corners unless the room is random")
  func corners() throws {
    let text = try #require(GeneratedLevel("room 15")).text()
    #expect(text.contains("STAIR:(14,14),down\nBRANCH:(0,0,0,0),(1,1,1,1)"))
  }

  @Test("other words, and sizes that do not fit, are refused")
  func refusals() throws {
    #expect(GeneratedLevel("corridor2") == nil)
    let words = try #require(GeneratedLevel("room 5 bright"))
    #expect(throws: UserError.self) { try words.text() }
    for setting in [
      "room 5 mapped", "maze 9 dark", "maze 9 50 monsters", "maze 9 1 trap", "maze 9 random", "room 5 dark dark",
      "room 5 3 monsters 4 monsters", "room 5 trap 2 traps",
    ] {
      let level = try #require(GeneratedLevel(setting))
      #expect(throws: UserError.self, "\(setting)") { try level.text() }
    }
    for setting in ["maze 9 mapped", "room 9x7 dark random monster 2 traps"] {
      _ = try #require(GeneratedLevel(setting)).text()
    }
    for setting in [
      "room 500", "room x", "room 5x6x7", "room 5x", "room 15 monsters 9", "room 15 3", "room 15 3 4 traps",
    ] {
      let size = try #require(GeneratedLevel(setting))
      #expect(throws: UserError.self, "\(setting)") { try size.text() }
    }
  }
}
