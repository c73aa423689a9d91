import Groundwork
public import ReinforcementLearning

/// The environments that MuJoCo simulates: `metaworld/...`, `fetch/...` and `manipulation/...`.
public enum ManipulationFamily {
  /// All of them, whether or not the models are there; none where the engine was left out of the build.
  public static var environments: [EnvironmentListing] {
    #if MuJoCo
      metaWorld + fetch + scenes
    #else
      []
    #endif
  }

  /// Those that can be made: without the packages' models our own scenes, without the engine none.
  public static var installed: [EnvironmentListing] {
    #if MuJoCo
      if absence == nil { return environments }
      return (try? Engine.check()) == nil ? [] : scenes
    #else
      []
    #endif
  }

  /// Why some or all cannot be made here, in one line with the fix; nil where they can.
  public static var absence: String? {
    #if MuJoCo
      do {
        try Engine.check()
      } catch {
        return "metaworld/..., fetch/... and manipulation/...: \(error)"
      }
      do {
        try Engine.checkModels()
        return nil
      } catch {
        return "metaworld/... and fetch/...: \(error)"
      }
    #else
      "metaworld/..., fetch/... and manipulation/...: built without the trait MuJoCo; scripts/mujoco fetches the engine"
    #endif
  }

  #if MuJoCo
    private static var fetch: [EnvironmentListing] {
      FetchTask.all.flatMap { task in
        [false, true].map { isDense in
          var configuration = FetchConfiguration()
          configuration.name = task.name
          configuration.isDense = isDense
          let kind = isDense ? "Dense" : ""
          return EnvironmentListing(
            "fetch/\(task.name)\(kind)", Fetch.self, configuration: configuration,
            roles: SettingRoles(fixed: ["name", "isDense"]),
            aliases: ["Fetch\(task.name)\(kind)-v4"], summary: task.summary + (isDense ? ", paid by distance" : ""),
            isRepresentative: !isDense && ["Reach", "PickAndPlace"].contains(task.name))
        }
      }
    }

    private static var scenes: [EnvironmentListing] {
      let summaries = [
        "Lever": "pull a lever to a height", "Shelves": "put a block on a shelf behind a latched door",
        "Stack": "put one block on another",
      ]
      return OwnScenes.names.map { name in
        var configuration = SceneConfiguration()
        configuration.name = name
        return EnvironmentListing(
          "manipulation/\(name)", SceneTask.self, configuration: configuration, roles: SettingRoles(fixed: ["name"]),
          summary: summaries[name] ?? "")
      } + [
        EnvironmentListing(
          "manipulation/Own", OwnTask.self, configuration: OwnConfiguration(),
          summary: "a task of your own: --set model=FILE.xml --set task=FILE.yaml", isRepresentative: false)
      ]
    }

    private static var metaWorld: [EnvironmentListing] {
      let sample: Set<String> = ["reach", "pick-place", "door-open"]
      return MetaWorldTask.all.map { task in
        var configuration = MetaWorldConfiguration()
        configuration.name = task.name
        return EnvironmentListing(
          "metaworld/\(task.name)-v3", MetaWorld.self, configuration: configuration,
          roles: SettingRoles(
            fixed: ["name"], episodes: ["benchmark", "benchmarkSeed", "task", "makeSeed", "randomVector"]),
          aliases: ["\(task.name)-v3"], summary: task.summary, isRepresentative: sample.contains(task.name))
      }
    }
  #endif
}
