@testable import Experiments
import Groundwork
import Testing

/// The policy's arrays lie in a file of their own, and the state is whole again when both are read.
@Suite struct PolicyFileTests {
  private static func state(_ prefix: String) -> SavedState {
    var state = SavedState()
    state.set("\(prefix).parameters.policy.0.weight", [1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    state.set("\(prefix).adam.mean.policy.0.weight", [7] as [Float])
    state.set("\(prefix).background", [8, 9] as [UInt8])
    state.set("session.step", scalar: Int64(5))
    state.texts["agent.text"] = "kept"
    return state
  }

  @Test("names are the layers', and what is joined is what was parted", arguments: ["agent", "agent.learner"])
  func parted(_ prefix: String) throws {
    let state = Self.state(prefix)
    let (policy, rest) = PolicyFile.parted(state)
    let file = try #require(policy)
    #expect(file.names == ["policy.0.weight", "background"])
    #expect(file.entries["policy.0.weight"]?.shape == [2, 3])
    #expect(rest.names == ["\(prefix).adam.mean.policy.0.weight", "session.step"])
    let read = try SavedState(safetensors: file.safetensors(), name: "policy")
    let joined = try PolicyFile.joined(read, with: rest, name: "policy")
    #expect(joined.entries == state.entries && joined.texts == state.texts)
  }

  @Test("an agent without networks has no such file")
  func none() {
    var state = SavedState()
    state.set("agent.random", [1, 2] as [UInt64])
    state.set("reward.0.rnd.parameters.weight", [1] as [Float])
    #expect(PolicyFile.parted(state).policy == nil && PolicyFile.parted(state).rest == state)
  }
}
