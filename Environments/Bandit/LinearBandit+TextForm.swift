public import ReinforcementLearning

extension LinearBandit: TextForm {
  /// The context with two digits: a user, or a vector an arm behind the arm's name.
  public static func textRules(of plan: Plan) -> TextRules {
    let c = plan.configuration
    @Sendable func vector(_ row: TextRow, from first: Int) -> String {
      "[" + (0..<c.dimension).map { TextRules.hundredths(row["features", first + $0]) }.joined(separator: ", ") + "]"
    }
    let isShared = c.hasSharedContext
    return TextRules(
      opening: "# recommend one of \(c.arms) items\n\(isShared ? "user" : "choices") = next_visitor()\n",
      actions: plan.names.map { "reward = recommend('\(escaped($0))')\n" },
      stateStart: isShared ? "user == [" : "choices == {"
    ) { row in
      guard !isShared else { return .init("user == " + vector(row, from: 0)) }
      let arms = plan.names.enumerated().map { "'\(escaped($1))': " + vector(row, from: $0 * c.dimension) }
      return .init("choices == {" + arms.joined(separator: ", ") + "}")
    }
  }

  /// A name between quotes; those of a file have no line ends, but may have quotes of their own.
  private static func escaped(_ name: String) -> String {
    String(name.flatMap { $0 == "\\" || $0 == "'" ? "\\\($0)" : String($0) })
  }
}
