import Groundwork
public import ReinforcementLearning

/// The environments that the user's own NetHack plays: `nethack/...` and `minihack/...`.
public enum NetHackFamily {
  /// All of them, whether or not the game is there; none where it cannot run.
  public static var environments: [EnvironmentListing] {
    #if NetHack && os(Linux) && arch(x86_64)
      NLE.environments + MiniHack.environments
    #else
      []
    #endif
  }

  /// Those that can be made without naming the library; none where the game is not in one of the usual places.
  public static var installed: [EnvironmentListing] { absence == nil ? environments : [] }

  /// Why none can be made here, in one line with the fix; nil where they can.
  public static var absence: String? {
    #if NetHack && os(Linux) && arch(x86_64)
      do {
        _ = try NetHackLibrary.locate("")
        return nil
      } catch {
        return "nethack/... and minihack/...: \(error)"
      }
    #elseif NetHack
      "nethack/... and minihack/...: the game's library runs on x86-64 Linux only"
    #else
      "nethack/... and minihack/...: built without the trait NetHack"
    #endif
  }
}
