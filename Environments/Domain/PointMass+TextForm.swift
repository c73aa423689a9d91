public import ReinforcementLearning

extension PointMass: TextForm {
  /// Position and velocity with two digits; the hint says where they lie.
  public static func textRules(of configuration: Configuration) -> TextRules {
    let isWhole = configuration.radius == configuration.radius.rounded() && configuration.radius < 1e9
    let radius = isWhole ? "\(Int(configuration.radius))" : "\(configuration.radius)"
    return TextRules(
      opening: "pos, vel = reset()\n", actions: ["pos, vel = decel(pos, vel)\n", "pos, vel = accel(pos, vel)\n"],
      stateStart: "pos == ", conjuncts: 2
    ) { row in
      let (position, velocity) = (row["state", 0], row["state", 1])
      let place =
        abs(position) <= configuration.radius
        ? "-\(radius) <= pos <= \(radius)" : position < 0 ? "pos < -\(radius)" : "pos > \(radius)"
      return .init(
        "pos == \(TextRules.hundredths(position)) and vel == \(TextRules.hundredths(velocity))",
        hint: "\(place) and vel \(velocity == 0 ? "==" : velocity < 0 ? "<" : ">") 0")
    }
  }
}
