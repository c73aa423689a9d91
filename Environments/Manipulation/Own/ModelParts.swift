#if MuJoCo
  import Groundwork

  /// The files that a model in MuJoCo's XML names: meshes, textures, included and attached models and what those name.
  ///
  /// The engine alone knows where it looks for each, so every place where it may is tried: a file too many costs a
  /// needless refusal once it changes, one too few would let a change pass. What is found nowhere is left for the
  /// engine to complain of.
  struct ModelParts {
    /// Most files that a model may name, those that included ones name counted.
    static let mostFiles = 256
    /// Most places that are tried.
    static let mostPlaces = 20_000

    /// Folders that models stand in, and what compilers' `meshdir` and the like add to them.
    private var bases: [String]
    private var folders = [""]
    private var names: [String] = []
    private var known = Set<String>()
    private var tried = Set<String>()
    /// In the order in which they were found.
    private var contents: [[UInt8]] = []
    private var size = 0

    private init(beside path: String) { bases = [Self.folder(of: path)] }

    /// What the files hold that the text of the model at that path names, in the order in which they are found.
    ///
    /// - Throws: `UserError` for a file that cannot be read, or more than a model may have.
    static func contents(_ text: String, _ path: String) throws(UserError) -> [[UInt8]] {
      var parts = ModelParts(beside: path)
      parts.read(text)
      // What is included may say where the others are.
      var seen = -1
      while seen != parts.tried.count {
        seen = parts.tried.count
        for name in parts.names {
          for base in parts.bases { for folder in parts.folders { try parts.take(name, base, folder) } }
        }
      }
      return parts.contents
    }

    /// Notes the folders and files that a text names.
    private mutating func read(_ text: String) {
      for (name, value) in XMLAttributes.all(of: text) where !value.isEmpty {
        if ["meshdir", "texturedir", "assetdir"].contains(name) {
          if known.insert(value + "/").inserted { folders.append(value + "/") }
        } else if name.hasPrefix("file") {
          // `strippath`, which robots' descriptions have without saying so, leaves the last part of a name.
          let isSeparator: (Character) -> Bool = { $0 == "/" || $0 == "\\" }
          let last = value.split(whereSeparator: isSeparator).last.map(String.init) ?? value
          let package = "package://"
          let forms = [value, last] + (value.hasPrefix(package) ? [String(value.dropFirst(package.count))] : [])
          for form in forms where known.insert(form).inserted { names.append(form) }
        }
      }
    }

    /// Takes the file of that name in, where there is one and it is new.
    private mutating func take(_ name: String, _ base: String, _ folder: String) throws(UserError) {
      let path = name.hasPrefix("/") ? name : (folder.hasPrefix("/") ? "" : base) + folder + name
      guard tried.insert(path).inserted else { return }
      guard tried.count <= Self.mostPlaces else {
        throw UserError("the model names too many files and folders", fix: "Use a smaller one")
      }
      guard Files.exists(path), !Files.isDirectory(path) else { return }
      let bytes = try Files.read(path, as: .model)
      size += bytes.count
      contents.append(bytes)
      guard contents.count <= Self.mostFiles, size <= FileKind.model.bytes else {
        throw UserError(
          "the model names more than \(Self.mostFiles) files or \(FileKind.model.bytes >> 20) MiB",
          fix: "Use a smaller one")
      }
      // Whatever its name ends with: the engine takes any for a model that is included.
      guard bytes.first(where: { !XMLAttributes.isSpace($0) && ![0xEF, 0xBB, 0xBF].contains($0) }) == UInt8(ascii: "<")
      else { return }
      if !bases.contains(Self.folder(of: path)) { bases.append(Self.folder(of: path)) }
      read(String(decoding: bytes, as: UTF8.self))
    }

    private static func folder(of path: String) -> String {
      path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/"
    }
  }

  /// The attributes of an XML text, as far as finding the names of files goes: no parser.
  enum XMLAttributes {
    /// All `name="value"` and `name='value'`, in order.
    ///
    /// - Complexity: O(text)
    static func all(of text: String) -> [(name: String, value: String)] {
      let bytes = Array(text.utf8)
      var found: [(String, String)] = []
      var index = 0
      func isName(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
      }
      while index < bytes.count {
        guard isName(bytes[index]) else {
          index += 1
          continue
        }
        let start = index
        while index < bytes.count, isName(bytes[index]) { index += 1 }
        let name = start..<index
        var place = index
        while place < bytes.count, isSpace(bytes[place]) { place += 1 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { continue }
        place += 1
        while place < bytes.count, isSpace(bytes[place]) { place += 1 }
        let isQuoted = place < bytes.count && [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[place])
        guard isQuoted else { continue }
        let end = bytes[(place + 1)...].firstIndex(of: bytes[place]) ?? bytes.count
        let value = bytes[(place + 1)..<end]
        found.append((String(decoding: bytes[name], as: UTF8.self), plain(String(decoding: value, as: UTF8.self))))
        index = min(bytes.count, end + 1)
      }
      return found
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// A value with its entities replaced: `&amp;`, `&#38;` and `&#x26;` are an ampersand.
    private static func plain(_ value: String) -> String {
      guard value.contains("&") else { return value }
      var (text, rest) = ("", value[...])
      while let start = rest.firstIndex(of: "&") {
        text += rest[..<start]
        rest = rest[start...]
        guard let end = rest.firstIndex(of: ";"), let character = character(rest[..<end].dropFirst()) else {
          text.append(rest.removeFirst())
          continue
        }
        text.append(character)
        rest = rest[end...].dropFirst()
      }
      return text + rest
    }

    /// What an entity of that name stands for; nil where there is none.
    private static func character(_ name: Substring) -> Character? {
      let named: [Substring: Character] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
      guard name.hasPrefix("#") else { return named[name] }
      let digits = name.dropFirst()
      let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return number.flatMap(Unicode.Scalar.init).map(Character.init)
    }
  }
#endif
