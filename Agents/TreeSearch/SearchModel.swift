public import ReinforcementLearning

/// An edge that a simulation reached for the first time, or a root.
public struct SearchLeaf {
  /// Number of the root in its batch.
  public var root: Int32
  /// Number of the node that the action was chosen in, from 0 at the root.
  public var parent: Int32
  /// Number of the action that leads to the new node.
  public var action: Int32
  /// Number of the new node.
  public var node: Int32
  /// Written by the model: the reward of the edge, the mover's.
  public var reward: Float = 0
  /// Written by the model.
  public var outcome = Outcome.running
  /// Written by the model: the row of its evaluation; -1 where the episode terminated, whose value is 0.
  public var row: Int32 = -1
}

/// What a network says about a batch of states, valid until the model is asked again.
public struct SearchEvaluation {
  /// `[rows, actions]`; eight floats behind the last are readable.
  public var logits: UnsafePointer<Float>
  /// Elements from one row of logits to the next, at least `actions`.
  public var logitStride: Int
  /// `[rows]`, for the mover.
  public var values: UnsafePointer<Float>
  /// Elements from one value to the next.
  public var valueStride: Int
  /// Legal actions, `[rows, actions]`; nil when all are.
  public var legal: UnsafePointer<Bool>?

  /// What a network says; every action is legal unless masks are given.
  public init(
    logits: UnsafePointer<Float>, logitStride: Int, values: UnsafePointer<Float>, valueStride: Int,
    legal: UnsafePointer<Bool>? = nil
  ) {
    self.logits = logits
    self.logitStride = logitStride
    self.values = values
    self.valueStride = valueStride
    self.legal = legal
  }
}

/// The world as a batched search sees it: dynamics and a network, a leaf of every tree at a time.
///
/// A model with states keeps one for each node and is stepped at new leaves only. A model that is an open loop keeps
/// none: every simulation goes down its path again from the root's state with other random numbers.
public protocol SearchModel: AnyObject {
  /// Number of discrete actions.
  var actions: Int { get }
  /// Whether every simulation goes down its path again instead of keeping a state a node.
  var isOpenLoop: Bool { get }

  /// Evaluates the roots' states, one row each in their order.
  func evaluateRoots(_ roots: Int) -> SearchEvaluation

  /// Steps to the new leaves and evaluates, in one call of the network, those where the episode goes on.
  ///
  /// An open loop has stepped already; it only evaluates, and leaves reward and outcome as they are.
  func expand(_ leaves: UnsafeMutableBufferPointer<SearchLeaf>) -> SearchEvaluation

  /// Open loop: starts a simulation at the root's state, with other random numbers.
  func restart(root: Int)

  /// Open loop: one step of the running simulation of a root.
  func follow(root: Int, action: Int) -> Transition

  /// Open loop: the legal actions where the running simulation of a root stands; nil when all are.
  func legalActions(root: Int) -> UnsafePointer<Bool>?
}

extension SearchModel {
  /// Default: it keeps states.
  public var isOpenLoop: Bool { false }
  /// Default, for a model that keeps states: must not be called.
  public func restart(root: Int) { preconditionFailure("this model keeps its states") }
  /// Default, for a model that keeps states: must not be called.
  public func follow(root: Int, action: Int) -> Transition { preconditionFailure("this model keeps its states") }
  /// Default: every action is legal.
  public func legalActions(root: Int) -> UnsafePointer<Bool>? { nil }
}
