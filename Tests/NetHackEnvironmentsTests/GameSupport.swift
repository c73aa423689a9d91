import Groundwork
@testable import NetHackEnvironments
import ReinforcementLearning
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Whether the user's NetHack is here; tests that need it are skipped with one line where it is not.
let hasGame = NetHackFamily.absence == nil

extension Trait where Self == ConditionTrait {
  static var needsGame: Self { .enabled(if: hasGame, "needs the Python package nle: scripts/nethack installs it") }
}

#if NetHack && os(Linux) && arch(x86_64)
  /// A plan with changes to the default configuration.
  func makePlan(_ change: (inout NetHackConfiguration) -> Void = { _ in }) throws -> NetHackPlan {
    var configuration = NetHackConfiguration()
    change(&configuration)
    return try NetHackPlan(configuration)
  }

  /// A value that is reset.
  func makeGame(_ plan: NetHackPlan, seed: UInt64) -> NetHack {
    var game = NetHack(plan: plan)
    game.reset(seed: seed)
    return game
  }

  /// A folder of packages as pip leaves one, with the library in it and what pip wrote down.
  ///
  /// - Parameter hasLevels: Whether MiniHack and the tools that compile levels are there, too.
  func withPackages(
    hasLevels: Bool = false, _ body: (_ packages: String, _ library: String) throws -> Void
  ) throws {
    let packages = "/tmp/forage-packages[\(UInt64.random(in: 0..<UInt64.max))]"
    defer { try? Files.remove(packages) }
    let source = Files.parent(of: try NetHackLibrary.find("").package.folder)
    var files = ["nle/libnethack.so", "nle/nethackdir/nhdat", "nle-1.3.0.dist-info/RECORD"]
    if hasLevels {
      files += ["nle/nethackdir/lev_comp", "nle/nethackdir/dlb", "minihack-1.0.2.dist-info/RECORD"]
      files += ["lib/dungeon", "lib/quest.dat", "dat/corridor2.des"].map { "minihack/" + $0 }
    }
    for file in files {
      try Files.makeDirectory(Files.parent(of: packages + "/" + file))
      try Files.writeAtomically(try Files.read(source + "/" + file, as: .gameData), to: packages + "/" + file)
    }
    if hasLevels { for tool in ["lev_comp", "dlb"] { chmod(packages + "/nle/nethackdir/" + tool, 0o755) } }
    try body(packages, packages + "/nle/libnethack.so")
  }

  extension NetHack {
    /// The whole observation row, signals included.
    func row() -> [UInt8] {
      let specification = Self.specification(of: plan)
      return row(ObservationLayout(specification, signals: specification.signals.map(\.name)))
    }

    private func row(_ layout: ObservationLayout) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: layout.rowBytes)
      bytes.withUnsafeMutableBytes { bytes in
        layout.bytes.withUnsafeBufferPointer { fields in
          var row = ObservationRow(base: bytes.baseAddress!, fields: fields.baseAddress!)
          observe(into: &row)
        }
      }
      return bytes
    }

    /// A signal's bytes.
    func signal(_ name: String) -> [UInt8] {
      let layout = ObservationLayout(Self.specification(of: plan), signals: [name])
      let place = layout.places.last!
      return Array(row(layout)[place.offset..<place.offset + place.field.count * place.field.element.size])
    }

    /// A signal as a number.
    func number(_ name: String) -> Int32 {
      guard let status = Status.allCases.first(where: { "\($0)" == name }) else {
        preconditionFailure("no status '\(name)'")
      }
      return progress[status]
    }

    /// Random keys, and the row after each.
    mutating func play(_ steps: Int, random seed: UInt64) -> [[UInt8]] {
      var random = RandomSource(seed: seed)
      var rows: [[UInt8]] = []
      for _ in 0..<steps {
        let transition = step(IndexAction(random.integer(in: 0..<plan.keys.count)))
        rows.append(row())
        if transition.outcome != .running { break }
      }
      return rows
    }
  }
#endif
