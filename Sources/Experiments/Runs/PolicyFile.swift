import Groundwork

/// `policy.safetensors`: the networks of a checkpoint by themselves, under their layers' names, for whoever wants to
/// use the policy and not to go on with the run.
///
/// In the state they stand under `agent.parameters.`, or `agent.learner.parameters.` where an agent learns by another;
/// the observation that they leave out (`background`) is with them.
enum PolicyFile {
  /// The file's name in a checkpoint.
  static let name = "policy.safetensors"
  /// The text under which the file says where its arrays stand in the state.
  private static let prefixKey = "prefix"
  private static let parameters = ".parameters."
  private static let background = "background"

  /// The policy's arrays and the others; nil for an agent without networks.
  static func parted(_ state: SavedState) -> (policy: SavedState?, rest: SavedState) {
    guard let first = state.names.first(where: { $0.hasPrefix("agent.") && $0.contains(parameters) }) else {
      return (nil, state)
    }
    let prefix = String(first[..<first.firstRange(of: parameters)!.lowerBound])
    var policy = SavedState()
    var rest = SavedState()
    for name in state.names {
      let entry = state.entries[name]!
      if name.hasPrefix(prefix + parameters) {
        policy.set(String(name.dropFirst(prefix.count + parameters.count)), entry)
      } else if name == "\(prefix).\(background)" {
        policy.set(background, entry)
      } else {
        rest.set(name, entry)
      }
    }
    rest.texts = state.texts
    policy.texts[prefixKey] = prefix
    return (policy, rest)
  }

  /// The state that was parted; the policy's arrays stand last.
  ///
  /// - Parameter file: What errors call it.
  /// - Throws: `UserError` when the file does not say where its arrays belong.
  static func joined(_ policy: SavedState, with rest: SavedState, name file: String) throws(UserError) -> SavedState {
    guard let prefix = policy.texts[prefixKey] else {
      throw UserError("'\(file)' does not say where its arrays belong", fix: "Use another checkpoint")
    }
    var state = rest
    for name in policy.names {
      state.set(prefix + (name == background ? "." : parameters) + name, policy.entries[name]!)
    }
    return state
  }
}
