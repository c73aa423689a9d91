#if NetHack && os(Linux) && arch(x86_64)
  import Groundwork
  @testable import NetHackEnvironments
  import ReinforcementLearning
  import Testing

  /// What is taken for the game's library, and what is not.
  @Suite("The library of the game", .needsGame) struct LibraryTests {
    @Test("a file that is not as it was installed is refused by name, whatever of it was altered")
    func altered() throws {
      try withPackages { packages, library in
        _ = try makePlan { $0.library = packages }
        let (whole, data) = (try Files.read(library, as: .gameData), packages + "/nle/nethackdir/nhdat")
        for (path, bytes) in [(library, whole), (data, try Files.read(data, as: .gameData))] {
          var changed = bytes
          changed[bytes.count / 2] ^= 1
          for (wrong, words) in [(changed, "altered"), (Array(bytes.dropLast(5)), "of \(bytes.count) bytes")] {
            try Files.writeAtomically(wrong, to: path)
            // Libraries that were opened are known by their path: each is looked at under a name of its own.
            let link = packages + "-\(UInt64.random(in: 0..<UInt64.max))"
            defer { try? Files.remove(link) }
            try Files.move(packages, to: link)
            let error = #expect(throws: UserError.self) { try makePlan { $0.library = link } }
            try Files.move(link, to: packages)
            #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
            #expect(error?.reason.contains(path.split(separator: "/").last!) == true)
          }
          try Files.writeAtomically(bytes, to: path)
        }
      }
    }

    @Test("what pip wrote down is damaged where it does not tell of a file that is used", arguments: [0, 3000, -1, -2])
    func records(bytes: Int) throws {
      try withPackages { packages, _ in
        let path = packages + "/nle-1.3.0.dist-info/RECORD"
        let whole = try Files.read(path, as: .gameData)
        // Cut off, without digests, or a folder.
        let text = String(decoding: whole, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let plain = Array(text.map { ($0.split(separator: ",").first ?? "") + ",," }.joined(separator: "\r\n").utf8)
        if bytes == -2 {
          try Files.remove(path)
          try Files.makeDirectory(path)
        } else {
          try Files.writeAtomically(bytes == -1 ? plain : Array(whole.prefix(bytes)), to: path)
        }
        let error = #expect(throws: UserError.self) { try makePlan { $0.library = packages } }
        #expect(error?.reason.contains("RECORD' does not say what ") == true, "\(String(describing: error))")
      }
    }

    @Test("of a library that lies by itself, each part that is damaged is refused, or its game ends by a fault")
    func damaged() throws {
      try withPackages { packages, library in
        try Files.remove(packages + "/nle-1.3.0.dist-info")
        let whole = try Files.read(library, as: .gameData)
        var random = RandomSource(seed: 5)
        for count in [0, 1, 63, 64, 4096, whole.count / 2, whole.count - 1] {
          try refuses(Array(whole.prefix(count)), packages)
        }
        // The header, the tables of symbols and relocations, the dynamic section.
        for _ in 0..<300 {
          var bytes = whole
          let place = Int(random.next() % 3)
          let range = [0..<1024, 0..<0x50000, (bytes.count - 0x20000)..<bytes.count][place]
          for _ in 0..<3 {
            bytes[range.lowerBound + Int(random.next() % UInt64(range.count))] ^= 1 << UInt8(random.next() % 8)
          }
          try Files.writeAtomically(bytes, to: library)
          let path = packages + "/nle/\(random.next()).so"
          try Files.move(library, to: path)
          // Any answer is right but an end of this process, or none.
          if let library = try? NetHackLibrary.find(path), let game = LiveGame(library, wanted: 255) { game.close() }
          try Files.remove(path)
        }
      }
    }

    private func refuses(_ bytes: [UInt8], _ packages: String) throws {
      let path = packages + "/nle/short-\(bytes.count).so"
      try Files.writeAtomically(bytes, to: path)
      #expect(throws: UserError.self) { try NetHackLibrary.find(path) }
      try Files.remove(path)
    }
  }

  /// What pip writes down.
  @Suite("Records of what was installed") struct InstalledPackageTests {
    @Test(
      "bytes are written in base 64 for addresses, without signs that fill up (RFC 4648, sections 5 and 10)",
      arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
      ])
    func base64(text: String, expected: String) {
      #expect(InstalledPackage.text(of: Array(text.utf8)) == expected)
      #expect(InstalledPackage.text(of: [0xfb, 0xff]) == "-_8")
    }
  }
#endif
