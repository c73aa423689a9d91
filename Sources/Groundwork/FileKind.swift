/// What a file from outside is, and how large one of its kind may be: the one place that knows.
///
/// A file that is larger is refused before it is read, a document with more values or deeper nesting before a value of
/// it is made. Limits lie well above what the program writes itself and below what would take seconds to refuse.
public struct FileKind: Sendable, Hashable {
  /// As errors say it, with its article: "a map".
  public let name: String
  /// The most bytes of the file.
  public let bytes: Int
  /// The most bytes that come out of it when it is compressed.
  public let inflatedBytes: Int
  /// The most values of a JSON or YAML document in it: texts, numbers, lists, objects, keys not counted.
  public let values: Int

  private init(_ name: String, bytes: Int, inflatedBytes: Int = 0, values: Int = 100_000) {
    self.name = name
    self.bytes = bytes
    self.inflatedBytes = inflatedBytes
    self.values = values
  }

  /// Lists and objects inside one another, in every document.
  public static let depth = 64
  /// Places of a YAML document where something written elsewhere is meant (`*name`): each may double the document.
  public static let aliases = 16

  /// A configuration that a person wrote, in YAML.
  public static let configuration = FileKind("a configuration", bytes: 256 << 10)
  /// A gridworld map: at most 64 x 64 characters and its legend.
  public static let map = FileKind("a map", bytes: 256 << 10)
  /// A reward program: a text of a page or two.
  public static let program = FileKind("a reward program", bytes: 64 << 10)
  /// What was said of messages, a line each.
  public static let labels = FileKind("a file of labels", bytes: 16 << 20)
  /// A ruleset of XLand.
  public static let ruleset = FileKind("a ruleset", bytes: 1 << 20)
  /// A level in the language of NetHack's compiler.
  public static let level = FileKind("a level", bytes: 1 << 20)
  /// A model of MuJoCo's, each of the files that it names, and all of them together.
  public static let model = FileKind("a model", bytes: 64 << 20)
  /// `run.json`, `checkpoint.json` and others that a run keeps; configurations with the texts of maps in them.
  public static let document = FileKind("a run's document", bytes: 16 << 20)
  /// `comparison.json`: a description for each arm and environment.
  public static let comparison = FileKind("a comparison", bytes: 64 << 20, values: 2_000_000)
  /// `evaluation.json`: a value an episode and measure.
  public static let evaluation = FileKind("an evaluation", bytes: 64 << 20, values: 2_000_000)
  /// A recorded episode: its actions, and a digest and rewards for each step.
  public static let replay = FileKind("a replay", bytes: 64 << 20, values: 2_000_000)
  /// Recordings of other programs, a JSON document a line, plain or compressed.
  public static let recording = FileKind("a recording", bytes: 64 << 20, inflatedBytes: 64 << 20)
  /// `metrics.jsonl` and `progress.csv`.
  public static let metrics = FileKind("a file of metrics", bytes: 512 << 20)
  /// `state.safetensors`.
  public static let state = FileKind("a saved state", bytes: 16 << 30)
  /// Files of an installed game.
  public static let gameData = FileKind("a game's data", bytes: 256 << 20)
  /// What a server answers: a text, and a few values for each of its tokens. Its bytes are the asker's to limit.
  public static let answer = FileKind("an answer", bytes: 64 << 20)
  /// A JSON text whose origin says nothing of its size.
  public static let text = FileKind("a document", bytes: 64 << 20, values: 2_000_000)
}

/// A number of bytes as a person reads it.
func byteCount(_ bytes: Int) -> String {
  switch bytes {
  case (1 << 30)...: "\(bytes >> 30) GiB"
  case (1 << 20)...: "\(bytes >> 20) MiB"
  case (1 << 10)...: "\(bytes >> 10) KiB"
  default: "\(bytes) bytes"
  }
}
