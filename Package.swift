// swift-tools-version: 6.2
// The manifest is the floor plan: each floor imports only lower ones.
import PackageDescription

/// Every target is held to the same rules.
let rules: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

/// Agents by target: what builds on another's insides is in one target with it.
let policyGradient = ["PPO", "Robustification", "PolicyGoExplore"]
let search = ["TreeSearch", "ExpertIteration", "ProcessSearch"]
let archives = ["GoExplore"]
let offPolicy = ["OffPolicy", "SAC", "TD3", "BehaviourCloning", "IQL", "DQN"]
let bandits = ["Bandits"]
/// Those that share no insides with others.
let plain = ["Expert", "InContext", "Random", "Replay"]

let package = Package(
  name: "forage",
  products: [
    .executable(name: "forage", targets: ["forage"]),
    .library(name: "Groundwork", targets: ["Groundwork"]),
    .library(name: "Labels", targets: ["Labels"]),
    .library(name: "LanguageModels", targets: ["LanguageModels"]),
    .library(name: "ReinforcementLearning", targets: ["ReinforcementLearning"]),
    .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
    .library(name: "Environments", targets: ["Environments", "GridworldEnvironments", "XLandEnvironments"]),
    .library(name: "ManipulationEnvironments", targets: ["ManipulationEnvironments"]),
    .library(name: "NetHackEnvironments", targets: ["NetHackEnvironments"]),
    .library(name: "BanditEnvironments", targets: ["BanditEnvironments"]),
    .library(name: "Agents", targets: ["PolicyGradient", "Search", "Archives", "OffPolicy", "Bandits", "PlainAgents"]),
    .library(name: "RewardModels", targets: ["RewardModels", "RewardPrograms"]),
    .library(name: "Experiments", targets: ["Experiments"]),
    .library(name: "Catalog", targets: ["Catalog"]),
  ],
  traits: [
    .trait(
      name: "Viewer",
      description: "The SDL2 window and picture recording; needs libsdl2-dev, -ttf-dev and -image-dev."),
    .trait(name: "MuJoCo", description: "The manipulation environments; needs MuJoCo 3.3.0 (scripts/mujoco)."),
    .trait(
      name: "NetHack",
      description: "The real NetHack on x86-64 Linux; needs the Python package nle (scripts/nethack)."),
    .trait(
      name: "LanguageModelHTTP", description: "Language models behind HTTP servers; needs libcurl4-openssl-dev."),
    .trait(
      name: "LanguageModelRecords",
      description: "Labels, and answers of language models, kept in files; needs libsqlite3-dev."),
    .default(enabledTraits: ["Viewer", "MuJoCo", "NetHack", "LanguageModelHTTP", "LanguageModelRecords"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Floor 0: what is not reinforcement learning.
    // Loops for the instruction set at hand: matrix products, activations, embedding sums.
    .target(name: "CKernels", path: "Sources/System/CKernels", exclude: ["templates"]),
    .systemLibrary(
      name: "CSDL2", path: "Sources/System/CSDL2",
      providers: [.apt(["libsdl2-dev", "libsdl2-ttf-dev", "libsdl2-image-dev"])]),
    .systemLibrary(name: "CCurl", path: "Sources/System/CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CSQLite", path: "Sources/System/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    // What scripts/mujoco fetched; Debian's own package is another version, which the header refuses.
    .systemLibrary(name: "CMuJoCo", path: "Sources/System/CMuJoCo", pkgConfig: "forage-mujoco"),
    // Runs the user's libnethack.so many times in a process, and copies running games.
    .target(
      name: "CNetHackHost", path: "Sources/System/CNetHackHost",
      // zlib is asked for where somebody uses it.
      cSettings: [.define("FORAGE_NETHACK", .when(traits: ["NetHack"]))],
      linkerSettings: [.linkedLibrary("z", .when(platforms: [.linux], traits: ["NetHack"]))]),
    // How often a thread asked for memory: what tests and `forage bench` count.
    .target(name: "CAllocationCounter", path: "Sources/System/CAllocationCounter"),
    // Errors with a reason and a fix; files that are written whole or not at all; JSON and YAML; named arrays.
    .target(name: "Groundwork", dependencies: ["Yams"], swiftSettings: rules),

    // Rows in files that several programs write.
    .target(
      name: "SQLite",
      dependencies: ["Groundwork", .target(name: "CSQLite", condition: .when(traits: ["LanguageModelRecords"]))],
      swiftSettings: rules),

    // Floor 1: the vocabulary.
    // Questions and their answers; completion by language models. ReinforcementLearning imports both for the types of
    // what agents are granted, and nothing else of them.
    .target(
      name: "Labels",
      dependencies: ["Groundwork", .target(name: "SQLite", condition: .when(traits: ["LanguageModelRecords"]))],
      swiftSettings: rules),
    .target(
      name: "LanguageModels",
      dependencies: [
        "Groundwork", numerics, .target(name: "CCurl", condition: .when(traits: ["LanguageModelHTTP"])),
        .target(name: "SQLite", condition: .when(traits: ["LanguageModelRecords"])),
      ], swiftSettings: rules),
    .target(
      name: "ReinforcementLearning", dependencies: ["Labels", "LanguageModels", "Groundwork"], swiftSettings: rules),
    .target(
      name: "NeuralNetworks", dependencies: ["Groundwork", "CKernels", numerics], swiftSettings: rules),

    // How networks read observation rows: the one place where the two vocabularies meet.
    .target(
      name: "Encoders", dependencies: ["ReinforcementLearning", "NeuralNetworks", "Groundwork"], swiftSettings: rules),

    // Sketches as pixels: one room for windows, recordings, reports, frames of archives and judges of pictures.
    .target(name: "Drawing", dependencies: ["ReinforcementLearning"], swiftSettings: rules),

    // Floor 2: environments, agents, reward designs and experiments do not know each other.
    // What environments share: palettes, scenes, numbers as text. The families are targets along their sizes, so that a
    // changed environment costs the compilation of its own.
    .target(
      name: "EnvironmentKit", dependencies: ["ReinforcementLearning", "Groundwork"],
      path: "Environments/Shared", swiftSettings: rules),
    .target(
      name: "GridworldEnvironments", dependencies: ["EnvironmentKit", "ReinforcementLearning", "Groundwork"],
      path: "Environments/Gridworld", exclude: ["XLand"], swiftSettings: rules),
    .target(
      name: "XLandEnvironments", dependencies: ["EnvironmentKit", "ReinforcementLearning", "Groundwork"],
      path: "Environments/Gridworld/XLand", swiftSettings: rules),
    // Every other folder, so that a new family costs no line here.
    .target(
      name: "Environments", dependencies: ["EnvironmentKit", "ReinforcementLearning", "Groundwork", numerics],
      path: "Environments", exclude: ["Bandit", "Gridworld", "Manipulation", "NetHack", "Shared"],
      swiftSettings: rules),
    .target(
      name: "BanditEnvironments", dependencies: ["ReinforcementLearning", "Groundwork", numerics],
      path: "Environments/Bandit", swiftSettings: rules),
    .target(
      name: "NetHackEnvironments",
      dependencies: [
        "ReinforcementLearning", "Groundwork", .target(name: "CNetHackHost", condition: .when(traits: ["NetHack"])),
      ],
      path: "Environments/NetHack", swiftSettings: rules),
    .target(
      name: "ManipulationEnvironments",
      dependencies: [
        "ReinforcementLearning", "Groundwork", numerics,
        .target(name: "CMuJoCo", condition: .when(traits: ["MuJoCo"])),
      ],
      path: "Environments/Manipulation", swiftSettings: rules),
    // Agents, an algorithm a folder.
    .target(
      name: "PolicyGradient",
      dependencies: ["Encoders", "ReinforcementLearning", "NeuralNetworks", "Groundwork", numerics],
      path: "Agents", exclude: search + archives + offPolicy + bandits + plain, sources: policyGradient,
      swiftSettings: rules),
    .target(
      name: "Search", dependencies: ["Encoders", "ReinforcementLearning", "NeuralNetworks", "Groundwork", numerics],
      path: "Agents", exclude: policyGradient + archives + offPolicy + bandits + plain, sources: search,
      swiftSettings: rules),
    .target(
      name: "Archives", dependencies: ["Drawing", "ReinforcementLearning", "Groundwork", numerics],
      path: "Agents", exclude: policyGradient + search + offPolicy + bandits + plain, sources: archives,
      swiftSettings: rules),
    .target(
      name: "OffPolicy", dependencies: ["Encoders", "ReinforcementLearning", "NeuralNetworks", "Groundwork", numerics],
      path: "Agents", exclude: policyGradient + search + archives + bandits + plain, sources: offPolicy,
      swiftSettings: rules),
    // Agents that share no insides: every other folder, so that a new one costs no line here.
    .target(
      name: "PlainAgents",
      dependencies: [
        "Encoders", "ReinforcementLearning", "NeuralNetworks", "LanguageModels", "Labels", "Groundwork", numerics,
      ],
      path: "Agents", exclude: policyGradient + search + archives + offPolicy + bandits, swiftSettings: rules),
    // Policies that learn inside the episode.
    .target(
      name: "Bandits", dependencies: ["ReinforcementLearning", "Groundwork", numerics], path: "Agents/Bandits",
      swiftSettings: rules),
    // The language in which people and models write rewards: parser, checks, evaluation by columns.
    .target(
      name: "RewardPrograms", dependencies: ["ReinforcementLearning", "Groundwork", numerics], swiftSettings: rules),
    .target(
      name: "RewardModels",
      dependencies: [
        "RewardPrograms", "Encoders", "ReinforcementLearning", "NeuralNetworks", "LanguageModels", "Labels",
        "Groundwork", numerics,
      ], swiftSettings: rules),
    .target(
      name: "Experiments",
      dependencies: ["ReinforcementLearning", "Labels", "LanguageModels", "Groundwork", numerics],
      swiftSettings: rules),

    // Floor 3: the only module that knows every id; the window.
    .target(
      name: "Catalog",
      dependencies: [
        "Environments", "GridworldEnvironments", "XLandEnvironments", "ManipulationEnvironments", "NetHackEnvironments",
        "BanditEnvironments", "PolicyGradient", "Search", "Archives", "OffPolicy", "Bandits", "PlainAgents",
        "RewardModels", "RewardPrograms", "Experiments", "LanguageModels", "ReinforcementLearning", "Groundwork",
        numerics,
      ],
      swiftSettings: rules, plugins: ["SettingTexts"]),
    // What `forage describe` says of a setting is its doc comment: read when the program is built.
    .executableTarget(name: "setting-texts", swiftSettings: rules),
    .plugin(name: "SettingTexts", capability: .buildTool(), dependencies: ["setting-texts"]),
    .target(
      name: "Viewer",
      dependencies: [
        "Drawing", "ReinforcementLearning", "Groundwork", .target(name: "CSDL2", condition: .when(traits: ["Viewer"])),
      ], swiftSettings: rules),

    // Floor 4: the command line.
    .executableTarget(
      name: "forage",
      dependencies: [
        "Bandits", "Catalog", "Viewer", "Experiments", "RewardModels", "RewardPrograms", "ReinforcementLearning",
        "Labels", "Groundwork", "CAllocationCounter", "Commit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: rules),
    // Which commit the program is of, for --version.
    .target(name: "Commit", swiftSettings: rules, plugins: ["CommitText"]),
    .executableTarget(name: "commit-text", swiftSettings: rules),
    .plugin(name: "CommitText", capability: .buildTool(), dependencies: ["commit-text"]),

    // What `make fuzz` feeds: every parser of text from outside. CFuzzer finds libFuzzer where it is linked.
    .target(name: "CFuzzer", path: "Sources/System/CFuzzer"),
    .executableTarget(
      name: "forage-fuzz",
      dependencies: [
        "Catalog", "Experiments", "RewardPrograms", "ReinforcementLearning", "Labels", "Groundwork", "CFuzzer",
      ],
      swiftSettings: rules),

    // Tests, one target a module.
    .testTarget(name: "GroundworkTests", dependencies: ["Groundwork"], swiftSettings: rules),
    .testTarget(
      name: "LabelsTests",
      dependencies: [
        "Labels", "Groundwork", .target(name: "SQLite", condition: .when(traits: ["LanguageModelRecords"])),
      ], swiftSettings: rules),
    .testTarget(
      name: "LanguageModelsTests",
      dependencies: [
        "LanguageModels", "Groundwork", .target(name: "SQLite", condition: .when(traits: ["LanguageModelRecords"])),
      ],
      swiftSettings: rules),
    .testTarget(
      name: "ReinforcementLearningTests",
      dependencies: ["ReinforcementLearning", "Labels", "LanguageModels", "Groundwork"], swiftSettings: rules),
    .testTarget(
      name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "Groundwork", "CAllocationCounter", numerics],
      swiftSettings: rules),
    .testTarget(
      name: "EncodersTests", dependencies: ["Encoders", "ReinforcementLearning", "NeuralNetworks", "Groundwork"],
      swiftSettings: rules),
    .testTarget(
      name: "EnvironmentsTests",
      dependencies: [
        "Environments", "EnvironmentKit", "GridworldEnvironments", "XLandEnvironments", "Catalog", "Experiments",
        "ReinforcementLearning", "Groundwork", "CAllocationCounter",
      ],
      exclude: ["Fixtures", "Playthroughs"], swiftSettings: rules),
    .testTarget(
      name: "NetHackEnvironmentsTests",
      dependencies: [
        "NetHackEnvironments", "ReinforcementLearning", "Groundwork", "CAllocationCounter",
        .target(name: "CNetHackHost", condition: .when(traits: ["NetHack"])),
      ],
      exclude: ["Fixtures"], swiftSettings: rules),
    .testTarget(
      name: "ManipulationEnvironmentsTests",
      dependencies: [
        "ManipulationEnvironments", "Catalog", "Experiments", "ReinforcementLearning", "Groundwork",
        "CAllocationCounter",
      ],
      exclude: ["Fixtures"], swiftSettings: rules),
    .testTarget(
      name: "AgentsTests",
      dependencies: [
        "PolicyGradient", "Search", "Archives", "OffPolicy", "PlainAgents", "Environments", "GridworldEnvironments",
        "RewardModels", "Catalog", "Experiments", "ReinforcementLearning", "NeuralNetworks", "LanguageModels", "Labels",
        "Groundwork", "Encoders", "CAllocationCounter",
      ],
      exclude: ["Prompts"], swiftSettings: rules),
    .testTarget(
      name: "BanditsTests",
      dependencies: [
        "Bandits", "BanditEnvironments", "Catalog", "Experiments", "ReinforcementLearning", "Groundwork",
        "CAllocationCounter", numerics,
      ],
      swiftSettings: rules),
    .testTarget(
      name: "RewardProgramsTests",
      dependencies: [
        "RewardPrograms", "Catalog", "ReinforcementLearning", "Groundwork", numerics,
      ],
      swiftSettings: rules),
    .testTarget(
      name: "RewardModelsTests",
      dependencies: [
        "RewardModels", "GridworldEnvironments", "Catalog", "LanguageModels", "Labels", "ReinforcementLearning",
        "NeuralNetworks", "Experiments", "Groundwork",
      ],
      swiftSettings: rules),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "ReinforcementLearning", "Groundwork"],
      swiftSettings: rules),
    .testTarget(
      name: "CatalogTests",
      dependencies: ["Catalog", "Environments", "Experiments", "ReinforcementLearning", "Groundwork"],
      swiftSettings: rules),
    .testTarget(
      name: "DrawingTests", dependencies: ["Drawing", "ReinforcementLearning"], swiftSettings: rules),
    .testTarget(
      name: "ViewerTests", dependencies: ["Viewer", "Drawing", "ReinforcementLearning", "Groundwork"],
      swiftSettings: rules),
    .testTarget(
      name: "forageTests",
      dependencies: [
        "forage", "Environments", "Catalog", "Experiments", "RewardPrograms", "ReinforcementLearning", "Labels",
        "Groundwork", .target(name: "SQLite", condition: .when(traits: ["LanguageModelRecords"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Screens"], swiftSettings: rules),
  ],
  swiftLanguageModes: [.v6]
)
