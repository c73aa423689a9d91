#if MuJoCo
  /// The models and task files of the program's own scenes: what a user writes in two files, as texts.
  enum OwnScenes {
    /// All scenes.
    static let names = ["Lever", "Shelves", "Stack"]

    /// The model of a scene in MuJoCo's XML; nil where there is no such scene.
    static func model(_ name: String) -> String? {
      switch name {
      case "Lever": scene("lever", leverBodies)
      case "Shelves": scene("shelves", shelvesBodies, constraints: shelvesConstraints)
      case "Stack": scene("stack", stackBodies)
      default: nil
      }
    }

    /// The task file of a scene; nil where there is no such scene.
    static func task(_ name: String) -> String? {
      switch name {
      case "Lever": leverTask
      case "Shelves": shelvesTask
      case "Stack": stackTask
      default: nil
      }
    }

    /// A table, a hand with two fingers that a mocap body leads, and what is on the table.
    ///
    /// The hand points along x. Its weight is taken from it, so that it stays where it is led.
    private static func scene(_ name: String, _ bodies: String, constraints: String = "") -> String {
      """
      <mujoco model="\(name)">
        <compiler angle="radian" autolimits="true"/>
        <option timestep="0.004" integrator="implicitfast" cone="elliptic" impratio="10"/>
        <visual><global azimuth="35" elevation="-30"/><headlight ambient=".4 .4 .4"/></visual>
        <statistic center=".2 0 .12" extent=".6"/>
        <default>
          <geom solref=".008 1" friction="1 .01 .0005"/>
          <default class="finger">
            <geom type="box" size=".03 .006 .012" pos="-.02 0 0" mass=".05" condim="4" friction="2 .05 .001"
              rgba=".25 .27 .3 1"/>
            <joint type="slide" range="0 .039" damping="4"/>
          </default>
          <default class="block">
            <geom type="box" size=".02 .02 .02" mass=".08" condim="4" friction="1.2 .02 .001"/>
          </default>
        </default>
        <worldbody>
          <light pos="-.4 -.6 1.4" dir=".4 .5 -1" diffuse=".6 .6 .6"/>
          <geom name="table" type="box" size=".5 .4 .02" pos=".15 0 -.02" rgba=".6 .48 .36 1"/>
          <body name="lead" mocap="true" pos="-.08 0 .12"/>
          <body name="hand" pos="-.08 0 .12" gravcomp="1">
            <freejoint/>
            <geom name="palm" type="box" size=".02 .055 .015" pos="-.07 0 0" mass=".4" rgba=".35 .4 .5 1"/>
            <geom name="wrist" type="capsule" fromto="-.09 0 0 -.2 0 0" size=".014" mass=".1" rgba=".35 .4 .5 1"/>
            <body name="leftFinger" pos="0 .046 0" gravcomp="1">
              <joint name="leftFinger" class="finger" axis="0 -1 0"/>
              <geom class="finger"/>
            </body>
            <body name="rightFinger" pos="0 -.046 0" gravcomp="1">
              <joint name="rightFinger" class="finger" axis="0 1 0"/>
              <geom class="finger"/>
            </body>
          </body>
      \(bodies)
        </worldbody>
        <equality>
          <weld body1="lead" body2="hand" solref=".02 1"/>
      \(constraints)
        </equality>
        <actuator>
          <position name="leftFinger" joint="leftFinger" kp="300" ctrlrange="0 .039" forcerange="-6 6"/>
          <position name="rightFinger" joint="rightFinger" kp="300" ctrlrange="0 .039" forcerange="-6 6"/>
        </actuator>
      </mujoco>
      """
    }

    /// A block that can be taken.
    private static func block(_ name: String, _ place: String, _ color: String) -> String {
      """
          <body name="\(name)" pos="\(place)">
            <freejoint/>
            <geom class="block" rgba="\(color)"/>
          </body>
      """
    }

    /// How the hand is led, in every scene.
    private static let handLines = """
      hand: {mocap: lead, body: hand, step: 0.02, low: [-0.2, -0.3, 0.017], high: [0.5, 0.3, 0.4]}
      fingers: [leftFinger, rightFinger]
      """

    // MARK: Stack

    private static let stackBodies =
      block("red", ".05 -.1 .02", ".8 .25 .2 1") + "\n" + block("green", ".05 .1 .02", ".3 .7 .35 1")
      + "\n    <site name=\"corner\" pos=\".3 0 .001\" size=\".001\" group=\"4\"/>"

    private static let isStacked =
      "abs(x(red) - x(green)) < 0.02 and abs(y(red) - y(green)) < 0.02 and abs(z(red) - z(green) - 0.04) < 0.008"

    private static let stackTask = """
      summary: put the red block on the green one
      \(handLines)
      objects: [red, green]
      start:
        red: {low: [0, -0.15, 0.02], high: [0.1, -0.05, 0.02]}
        green: {low: [0, 0.05, 0.02], high: [0.1, 0.15, 0.02]}
      goal: {site: corner}
      reward:
        - {name: reach, weight: 0.1, value: "tolerance(distance(hand, red), 0, 0.02, 0.2)"}
        - {name: lift, weight: 0.2, value: "tolerance(z(red), 0.055, 1, 0.04)"}
        - name: align
          weight: 0.3
          value: "tolerance(max(abs(x(red) - x(green)), abs(y(red) - y(green))), 0, 0.015, 0.2)"
        - {name: stacked, weight: 0.4, value: "\(isStacked)"}
      success: "\(isStacked) and distance(hand, red) > 0.05"
      cell:
        - "touching(red, leftFinger) and touching(red, rightFinger)"
        - "10 + 10 * x(red)"
        - "10 + 10 * y(red)"
        - "20 * z(red)"
        - "10 + 10 * x(green)"
        - "10 + 10 * y(green)"
        - "10 + 10 * x(hand)"
        - "10 + 10 * y(hand)"
        - "20 * z(hand)"
      horizon: 100
      """

    // MARK: Lever

    private static let leverBodies = """
          <geom name="post" type="box" size=".015 .05 .07" pos=".33 0 .07" rgba=".5 .5 .55 1"/>
          <body name="lever" pos=".3 0 .1" gravcomp="1">
            <joint name="lever" axis="0 1 0" range="-.3 1" damping=".05" frictionloss=".15" armature=".002"/>
            <geom type="capsule" fromto="0 0 0 -.15 0 0" size=".008" mass=".1" rgba=".7 .7 .75 1"/>
            <body name="knob" pos="-.15 0 0" gravcomp="1">
              <geom type="capsule" fromto="0 -.012 0 0 .012 0" size=".012" mass=".05" rgba=".8 .25 .2 1"/>
            </body>
          </body>
          <site name="mark" pos=".17 0 .18" size=".012" group="4"/>
      """

    private static let leverTask = """
      summary: pull a lever to a height
      \(handLines)
      objects: [knob]
      joints: [lever]
      goal: {site: mark, low: [0.17, 0, 0.15], high: [0.17, 0, 0.215]}
      reward:
        - {name: reach, weight: 0.3, value: "tolerance(distance(hand, knob), 0, 0.02, 0.2)"}
        - {name: raise, weight: 0.4, value: "tolerance(z(knob) - z(goal), -0.01, 0.01, 0.1)"}
        - {name: there, weight: 0.3, value: "abs(z(knob) - z(goal)) < 0.01"}
      success: "abs(z(knob) - z(goal)) < 0.01"
      cell: ["10 + 10 * joint(lever)", "10 + 20 * x(hand)", "10 + 20 * y(hand)", "20 * z(hand)"]
      horizon: 80
      """

    // MARK: Shelves

    private static let shelvesBodies: String = {
      let wood = "rgba=\".45 .35 .28 1\""
      let walls = [-0.22, 0, 0.22].map {
        "    <geom type=\"box\" size=\".085 .005 .21\" pos=\".435 \($0) .21\" \(wood)/>"
      }
      let boards = [0.21, 0.415].map {
        "    <geom type=\"box\" size=\".085 .22 .005\" pos=\".435 0 \($0)\" \(wood)/>"
      }
      let back = "    <geom type=\"box\" size=\".005 .22 .21\" pos=\".525 0 .21\" \(wood)/>"
      let marks = [(0.11, 0.235), (-0.11, 0.235), (0.11, 0.02), (-0.11, 0.02)].enumerated().map { number, place in
        "    <site name=\"shelf\(number)\" pos=\".44 \(place.0) \(place.1)\" size=\".02\" group=\"4\"/>"
      }
      return ([block("block", ".05 0 .02", ".8 .25 .2 1")] + walls + boards + [back] + marks
        + [door("left", 1), door("right", -1)]).joined(separator: "\n")
    }()

    /// A door on the outer side of a lower shelf, with a spring that opens it, and on it a latch that slides up.
    private static func door(_ name: String, _ side: Double) -> String {
      """
          <body name="\(name)Door" pos=".345 \(0.213 * side) .105" gravcomp="1">
            <joint name="\(name)Door" axis="0 0 \(-side)" range="-.02 1.9" stiffness=".08" springref="2" damping=".03"/>
            <geom type="box" size=".005 .1 .085" pos="0 \(-0.103 * side) 0" mass=".15" rgba=".55 .6 .7 .5"/>
            <body name="\(name)Latch" pos="-.005 \(-0.17 * side) 0" gravcomp="1">
              <joint name="\(name)Latch" type="slide" axis="0 0 1" range="0 .05" frictionloss=".4" damping="2"/>
              <geom type="box" size=".03 .025 .006" pos="-.03 0 0" mass=".03" rgba=".85 .7 .2 1"/>
            </body>
          </body>
      """
    }

    private static let shelvesConstraints = """
          <joint name="leftLock" joint1="leftDoor" solref=".01 1"/>
          <joint name="rightLock" joint1="rightDoor" solref=".01 1"/>
      """

    private static let isOnShelf =
      "abs(x(block) - x(goal)) < 0.08 and abs(y(block) - y(goal)) < 0.09 and abs(z(block) - z(goal)) < 0.05"
      + " and distance(hand, block) > 0.05"

    private static let shelvesTask = """
      summary: put a block on the right one of four shelves, two of them behind latched doors
      \(handLines)
      objects: [block]
      joints: [leftLatch, leftDoor, rightLatch, rightDoor]
      start: {block: {low: [0, -0.12, 0.02], high: [0.08, 0.12, 0.02]}}
      goal: {site: shelf2}
      release:
        - {constraint: leftLock, when: "joint(leftLatch) > 0.03"}
        - {constraint: rightLock, when: "joint(rightLatch) > 0.03"}
      reward:
        - {name: placed, value: "\(isOnShelf)"}
      success: "\(isOnShelf)"
      cell:
        - "joint(leftLatch) > 0.03"
        - "joint(rightLatch) > 0.03"
        - "joint(leftDoor) > 1"
        - "joint(rightDoor) > 1"
        - "touching(block, leftFinger) and touching(block, rightFinger)"
        - "10 + 10 * x(block)"
        - "10 + 10 * y(block)"
        - "10 * z(block)"
        - "10 + 10 * x(hand)"
        - "10 + 10 * y(hand)"
        - "20 * z(hand)"
      horizon: 200
      """
  }
#endif
