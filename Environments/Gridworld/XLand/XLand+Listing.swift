public import ReinforcementLearning

extension XLand {
  /// What the catalog lists of this family: XLand-MiniGrid's twenty-one grids of its own.
  public static let environments: [EnvironmentListing] = grids.map { layout, size in
    EnvironmentListing(
      "gridworld/XLand-\(layout)-\(size)x\(size)", XLand.self, configuration: Configuration(layout: layout, size: size),
      aliases: ["XLand-MiniGrid-\(layout)-\(size)x\(size)"],
      summary:
        "find out goal and rules in \(layout.rooms == 1 ? "one room" : "\(layout.rooms) rooms") (XLand-MiniGrid)",
      // A layout's grids differ in size alone, and the first is the smallest.
      isRepresentative: grids.first { $0.layout == layout }!.size == size)
  }

  /// XLand-MiniGrid's registered layouts and sizes.
  private static let grids: [(layout: Layout, size: Int)] =
    [Layout.R1, .R2, .R4].flatMap { layout in [9, 11, 13, 15, 17].map { (layout, $0) } }
    + [13, 17, 19].map { (.R6, $0) } + [16, 19, 25].map { (.R9, $0) }
}
