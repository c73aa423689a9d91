import ArgumentParser
import Catalog
import Experiments
import Groundwork
import ReinforcementLearning

/// What a shell offers behind an option: ids of the catalog, asked of the program itself, so that they are always those
/// that it knows.
enum Completions {
  /// Every environment, and the short names of those that have one.
  static let environments = CompletionKind.custom { _, _, prefix in
    matching(Catalog.environments.map(\.id), prefix)
  }
  /// Every agent.
  static let agents = CompletionKind.custom { _, _, prefix in matching(Catalog.agents.map(\.id), prefix) }
  /// Every reward model, also as the next term of a sum.
  static let rewards = CompletionKind.custom { _, _, prefix in
    let begun = prefix.lastIndex(of: "+").map { String(prefix[...$0]) } ?? ""
    return matching(Catalog.rewards.map { begun + $0.id }, prefix)
  }
  /// Everything that can be described.
  static let described = CompletionKind.custom { _, _, prefix in matching(Catalog.describable, prefix) }
  /// Everything that a benchmark is kept of.
  static let claims = CompletionKind.custom { _, _, prefix in matching(Catalog.claims.map(\.id), prefix) }
  /// An environment, or a file or directory that begins so.
  static let watched = CompletionKind.custom { _, _, prefix in
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let files = Files.list(folder.isEmpty ? "." : folder).map { folder + $0 }
    return matching(files + Catalog.environments.map(\.id), prefix)
  }

  private static func matching(_ words: [String], _ prefix: String) -> [String] {
    words.filter { $0.hasPrefix(prefix) }
  }
}
