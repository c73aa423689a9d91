#if MuJoCo
  import Groundwork
  import Synchronization

  /// Copies of one model that are lent to whoever steps: as many as threads step at once, however many episodes there
  /// are.
  final class PhysicsPool: Sendable {
    private let first: Physics
    private let idle: Mutex<[Physics]>

    /// - Parameter physics: The first copy, and the one that others are made of.
    init(_ physics: Physics) {
      first = physics
      var copies: [Physics] = []
      copies.reserveCapacity(256)
      copies.append(physics)
      idle = Mutex(copies)
    }

    /// Numbers of a state.
    var stateCount: Int { first.stateCount }

    /// Lends a copy for the time of a call.
    ///
    /// - Complexity: makes a copy of the model, tens of milliseconds, where more threads than ever before step at once;
    ///   otherwise allocates nothing.
    func withPhysics<Value>(_ body: (Physics) -> Value) -> Value {
      let physics = idle.withLock { $0.popLast() } ?? fresh()
      defer { idle.withLock { $0.append(physics) } }
      return body(physics)
    }

    /// Another copy, which is not lent to anybody.
    ///
    /// - Throws: `UserError` when there is no memory for it.
    func copy() throws(UserError) -> Physics {
      let copy: Result<Physics, UserError> = withPhysics { physics in
        do throws(UserError) {
          return .success(try physics.copy())
        } catch {
          return .failure(error)
        }
      }
      return try copy.get()
    }

    private func fresh() -> Physics {
      do {
        return try first.copy()
      } catch {
        fatalError("\(error)")
      }
    }
  }
#endif
