extension Gridworld {
  /// What Go-Explore keeps apart: the place, what is carried, and how far the level is got through.
  ///
  /// `subgoals` counts keys taken, locks opened, boxes opened and clauses done. With it an archive needs neither the
  /// direction (turning is a step) nor which doors are open (a closed one is opened on the way): with `openDoors` in
  /// its place LockedRoom takes about five times the steps, since every set of open doors is another floor of cells.
  static let archiveCell = ["position", "carried", "subgoals"]
}
