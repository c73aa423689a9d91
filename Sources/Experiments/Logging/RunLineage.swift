import Groundwork

/// What tells a run from others, by step: where its budget was raised, what is written from then on is of the run with
/// the new budget, since much may fall over it (learning rates), and what was written before stays the run's own.
///
/// It is at the beginning of the digests of a run's metrics, and stands in its checkpoints.
public struct RunLineage: Sendable, Hashable, ExpressibleByStringLiteral {
  /// A name, and the step after which it counts.
  struct Part: Sendable, Hashable {
    var after: Int
    var name: String
  }

  /// In the order of their steps; never empty.
  let parts: [Part]

  /// - Parameter parts: In the order of their steps, one at least.
  init(_ parts: [Part]) { self.parts = parts }

  /// Of a run whose budget was never raised.
  public init(stringLiteral name: String) { parts = [Part(after: -1, name: name)] }
}

/// The digest of a run's lines of metrics, one after the other.
struct LineDigest {
  private(set) var digest: ByteDigest
  private var rest: ArraySlice<RunLineage.Part>

  /// Of no line.
  init(of run: RunLineage) {
    digest = ByteDigest(run.parts[0].name.utf8)
    rest = run.parts.dropFirst()
  }

  /// Goes on with a line.
  ///
  /// - Returns: The digest of all lines so far.
  @discardableResult
  mutating func add(_ line: some Collection<UInt8>, step: Int) -> ByteDigest {
    while let next = rest.first, next.after < step {
      digest.add(next.name.utf8)
      rest.removeFirst()
    }
    digest.add(line)
    return digest
  }

  /// The digest where no line follows, which says under which budget the run ended.
  var concluded: ByteDigest { rest.reduce(into: digest) { $0.add($1.name.utf8) } }
}
