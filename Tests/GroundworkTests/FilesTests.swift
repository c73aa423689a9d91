import Groundwork
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Runs a body with a new directory, which is removed afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  var template = Array("/tmp/forage-test-XXXXXX".utf8CString)
  let path = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } }
  let directory = try #require(path)
  defer { try? Files.remove(directory) }
  try body(directory)
}

/// The one line that an error prints; fails the test when there is none.
func line(_ body: () throws -> Void) -> String {
  do {
    try body()
  } catch {
    return "\(error)"
  }
  Issue.record("no error was thrown")
  return ""
}

@Suite("Files") struct FilesTests {
  @Test("bytes and text come back as written, an empty file and every byte value included")
  func roundTrip() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/a"
      for bytes in [[], Array(0...255), [UInt8](repeating: 7, count: 300_000)] as [[UInt8]] {
        try Files.writeAtomically(bytes, to: path)
        #expect(try Files.read(path) == bytes)
      }
      try Files.writeAtomically("größer\n", to: path)
      #expect(try Files.readText(path) == "größer\n")
    }
  }

  @Test("a file of unknown size is read to its end")
  func special() throws {
    // /proc reports a size of 0.
    #expect(try Files.readText("/proc/self/status").contains("Pid:"))
    #expect(try Files.read("/proc/self/cmdline").count > 0)
  }

  @Test("an atomic write leaves nothing else behind, whether it succeeds or not")
  func leavesNothing() throws {
    try withTemporaryDirectory { directory in
      try Files.writeAtomically("old", to: directory + "/a")
      try Files.writeAtomically("new", to: directory + "/a")
      #expect(Files.list(directory) == ["a"])
      // The rename fails, since a directory that is not empty stands in the way.
      try Files.makeDirectory(directory + "/b/c")
      let message = line { try Files.writeAtomically("x", to: directory + "/b") }
      #expect(message == "cannot write '\(directory)/b': is a directory")
      #expect(Files.list(directory) == ["a", "b"])
    }
  }

  @Test("a missing file, a missing directory and a directory in a file's place are named with the reason")
  func reasons() throws {
    try withTemporaryDirectory { directory in
      let missing = directory + "/no/file"
      let reason = "'\(missing)': no such file or directory. Check the path"
      #expect(line { _ = try Files.read(missing) } == "cannot read \(reason)")
      #expect(line { try Files.writeAtomically("", to: missing) } == "cannot write \(reason)")
      #expect(line { try Files.append([], to: missing) } == "cannot write \(reason)")
      #expect(line { _ = try Files.read(directory) } == "'\(directory)' is a directory, not a file")
      #expect(line { try Files.move(missing, to: directory + "/x") }.hasPrefix("cannot rename '\(missing)' to"))
      try Files.writeAtomically([0xC3, 0x28], to: directory + "/latin")
      #expect(line { _ = try Files.readText(directory + "/latin") } == "'\(directory)/latin' is not UTF-8 text")
    }
  }

  @Test("a directory that may not be written to is refused and the old file stays")
  func unwritable() throws {
    try withTemporaryDirectory { directory in
      let locked = directory + "/locked"
      try Files.makeDirectory(locked)
      try Files.writeAtomically("old", to: locked + "/a")
      chmod(locked, 0o555)
      defer { chmod(locked, 0o755) }
      // Root may write anywhere, so a place that refuses root too stands in for it.
      let path = geteuid() == 0 ? "/proc/forage" : locked + "/a"
      let message = line { try Files.writeAtomically("new", to: path) }
      #expect(message.hasPrefix("cannot write '\(path)': "))
      #expect(!message.contains("\n"))
      #expect(try Files.readText(locked + "/a") == "old")
    }
  }

  @Test("a full disk is an error")
  func fullDisk() {
    let message = line { try Files.append([1], to: "/dev/full") }
    #expect(message == "cannot write '/dev/full': no space left on device. Free some space or name another directory")
  }

  @Test("appending adds to a file that is there, and makes none")
  func append() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/log"
      #expect(
        line { try Files.append([1], to: path) }
          == "cannot write '\(path)': no such file or directory. Check the path")
      #expect(!Files.exists(path))
      try Files.writeAtomically("", to: path)
      try Files.append(Array("a\n".utf8), to: path)
      try Files.append(Array("b\n".utf8), to: path)
      #expect(try Files.readText(path) == "a\nb\n")
    }
  }

  @Test("directories are made with those above them, and again without complaint, but not over a file")
  func directories() throws {
    try withTemporaryDirectory { directory in
      try Files.makeDirectory(directory + "/a/b/c")
      try Files.makeDirectory(directory + "/a/b/c")
      try Files.makeDirectory(directory + "/a/d/")
      #expect(Files.isDirectory(directory + "/a/b/c") && Files.isDirectory(directory + "/a/d"))
      try Files.writeAtomically("", to: directory + "/file")
      let message = line { try Files.makeDirectory(directory + "/file") }
      #expect(message == "'\(directory)/file' is a file, not a directory. Name another directory")
      #expect(line { try Files.makeDirectory(directory + "/file/x") } == message)
    }
  }

  @Test("a link that leads nowhere is named as what it is")
  func danglingLink() throws {
    try withTemporaryDirectory { directory in
      #expect(symlink(directory + "/nothing", directory + "/link") == 0)
      #expect(
        line { try Files.makeDirectory(directory + "/link") }
          == "'\(directory)/link' is a link that leads nowhere. Remove it, or name another directory")
    }
  }

  @Test("only ordinary files are read: devices, pipes and what they are linked by are refused without waiting")
  func ordinary() throws {
    try withTemporaryDirectory { directory in
      #expect(mkfifo(directory + "/pipe", 0o644) == 0)
      #expect(symlink("/dev/zero", directory + "/zero") == 0)
      for path in [directory + "/pipe", directory + "/zero", "/dev/zero", "/dev/full"] {
        #expect(
          line { _ = try Files.read(path) }
            == "'\(path)' is a device or a pipe, not an ordinary file. Save what it gives in a file")
      }
    }
  }

  @Test("a pipe is neither added to nor waited for: it is refused at once, with a reader and without")
  func pipesToWrite() throws {
    try withTemporaryDirectory { directory in
      let pipe = directory + "/pipe"
      #expect(mkfifo(pipe, 0o644) == 0)
      let expected = "'\(pipe)' is a pipe, not an ordinary file. Remove it, or name another place"
      for hasReader in [false, true] {
        let reader = hasReader ? open(pipe, O_RDONLY | O_NONBLOCK) : -1
        #expect(line { _ = try Files.extend(pipe, by: [[1]]) } == expected)
        #expect(line { try Files.append([1], to: pipe) } == expected)
        #expect(line { try Files.sync(pipe) } == expected)
        if reader >= 0 { close(reader) }
      }
    }
  }

  @Test("a device or a pipe is not replaced by a file that is written, nor a link to one")
  func notReplaced() throws {
    try withTemporaryDirectory { directory in
      #expect(mkfifo(directory + "/pipe", 0o644) == 0)
      #expect(symlink(directory + "/pipe", directory + "/link") == 0)
      for name in ["/pipe", "/link"] {
        #expect(
          line { try Files.writeAtomically([1], to: directory + name) }
            == "'\(directory)\(name)' is a device or a pipe, and a file is replaced as a whole. Name another file")
      }
      var status = stat()
      #expect(lstat(directory + "/pipe", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
      #expect(lstat(directory + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
  }

  @Test("a file larger than its kind may be is refused before it is read, to the byte")
  func size() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/map"
      try Files.writeAtomically([UInt8](repeating: 35, count: FileKind.map.bytes), to: path)
      #expect(try Files.read(path, as: .map).count == FileKind.map.bytes)
      try Files.append([35], to: path)
      #expect(
        line { _ = try Files.read(path, as: .map) }
          == "'\(path)' is larger than 256 KiB, the most that a map may have. Use a smaller one")
      // A file of holes takes no room on the disk and would take all memory.
      #expect(truncate(path, 1 << 40) == 0)
      #expect(line { _ = try Files.read(path, as: .state) }.hasPrefix("'\(path)' is larger than 16 GiB"))
    }
  }

  @Test("what is written does not follow a link out of the directory")
  func links() throws {
    try withTemporaryDirectory { directory in
      try Files.makeDirectory(directory + "/inside")
      try Files.writeAtomically("outside", to: directory + "/outside")
      let link = directory + "/inside/log"
      #expect(symlink(directory + "/outside", link) == 0)
      #expect(line { try Files.append([1], to: link) }.hasPrefix("cannot write '\(link)': "))
      try Files.writeAtomically("new", to: link)
      #expect(try Files.readText(directory + "/outside") == "outside")
      #expect(symlink(directory, directory + "/inside/runs") == 0)
      try Files.refuseLinks(in: directory, to: "inside/a/b")
      #expect(
        line { try Files.refuseLinks(in: directory + "/inside", to: "runs/a") }.hasPrefix(
          "'\(directory)/inside/runs' is a link, and what is written there would land elsewhere"))
      for path in ["../x", "a/../../x", "/etc", "a//b", "./a", ""] {
        #expect(
          line { try Files.refuseLinks(in: directory, to: path) }.hasPrefix("'\(path)' leaves the directory"))
      }
    }
  }

  @Test("a listing is sorted, and empty for what is not there")
  func list() throws {
    try withTemporaryDirectory { directory in
      for name in ["b", "a10", "a9"] { try Files.writeAtomically("", to: directory + "/" + name) }
      #expect(Files.list(directory) == ["a10", "a9", "b"])
      #expect(Files.list(directory + "/none").isEmpty)
    }
  }

  @Test("removing takes a tree with it but not what a link in it points to")
  func remove() throws {
    try withTemporaryDirectory { directory in
      try Files.makeDirectory(directory + "/kept")
      try Files.writeAtomically("x", to: directory + "/kept/file")
      try Files.makeDirectory(directory + "/tree/deep")
      try Files.writeAtomically("x", to: directory + "/tree/deep/file")
      #expect(symlink(directory + "/kept", directory + "/tree/link") == 0)
      try Files.remove(directory + "/tree")
      try Files.remove(directory + "/tree")
      #expect(Files.list(directory) == ["kept"] && Files.list(directory + "/kept") == ["file"])
    }
  }
}
