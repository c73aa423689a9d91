public import Groundwork
public import ReinforcementLearning
import ManipulationEnvironments
import NetHackEnvironments

extension Catalog {
  /// The environment of that id or alias, upper and lower case alike.
  ///
  /// - Throws: `UserError` with the nearest ids.
  public static func environment(_ id: String) throws(UserError) -> EnvironmentListing {
    let wanted = id.lowercased()
    if let found = environments.first(where: { $0.id.lowercased() == wanted }) { return found }
    if let found = environments.first(where: { $0.aliases.contains { $0.lowercased() == wanted } }) { return found }
    // What is not installed in the usual place may be named by a setting; what is not at all says so when it is made.
    if let found = (ManipulationFamily.environments + NetHackFamily.environments).first(where: { listing in
      ([listing.id] + listing.aliases).contains { $0.lowercased() == wanted }
    }) { return found }
    // A name without its family is enough when only one family has it.
    let bare = environments.filter { $0.id.split(separator: "/").last?.lowercased() == wanted }
    if bare.count == 1 { return bare[0] }
    let hint = "`forage list environments` shows all"
    // Near ids by whole id, by name without the family, and by alias.
    let wholes = UserError.nearest(to: id, among: environments.map(\.id))
    if wholes.isEmpty {
      let names = environments.flatMap { entry in
        [String(entry.id.split(separator: "/").last ?? "")].map { ($0, entry.id) } + entry.aliases.map { ($0, $0) }
      }
      let near = UserError.nearest(to: id, among: names.map(\.0))
      if !near.isEmpty {
        let ids = near.compactMap { name in names.first { $0.0 == name }?.1 }
        throw UserError(
          "there is no environment '\(id)'",
          fix: "Did you mean \(ids.map { "'\($0)'" }.joined(separator: " or "))? \(hint)")
      }
    }
    throw UserError.unknown("environment", id, among: environments.map(\.id), hint: hint)
  }

  /// The agent of that id, upper and lower case alike.
  public static func agent(_ id: String) throws(UserError) -> AgentListing {
    if let found = agents.first(where: { $0.id == id.lowercased() }) { return found }
    throw UserError.unknown("agent", id, among: agents.map(\.id), hint: "`forage list agents` shows all")
  }
}
