#if NetHack && os(Linux) && arch(x86_64)
  internal import CNetHackHost
  import ReinforcementLearning
  import Testing

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  @Suite("Texts that the game puts together") struct TextTests {
    /// What a function of `vsnprintf`'s kind writes into `room` bytes, what it leaves behind them, and what it returns.
    private func text(
      _ values: [any CVarArg], room: Int,
      _ print: (UnsafeMutablePointer<CChar>, CVaListPointer) -> Int32
    ) -> [Int32] {
      var bytes = [CChar](repeating: 0x55, count: 300)
      let count = bytes.withUnsafeMutableBufferPointer { bytes in
        withVaList(values) { print(bytes.baseAddress!, $0) }
      }
      return bytes.map(Int32.init) + [count]
    }

    /// Whether both functions do the same, in any room.
    private func expectSame(_ format: String, _ values: [any CVarArg]) {
      for room in [0, 1, 2, 7, 20, 300] {
        let ours = text(values, room: room) { nethack_text($0, room, format, $1) }
        let theirs = text(values, room: room) { vsnprintf($0, room, format, $1) }
        #expect(ours == theirs, "'\(format)' of \(values) in \(room) bytes")
      }
    }

    @Test("numbers with every flag, width and precision are written as the C library writes them")
    func numbers() {
      var random = RandomSource(seed: 3, purpose: .randomKeys, index: 0)
      for _ in 0..<4000 {
        let flags = ["", "-", "0", "+", "-0", "0+", " ", "#"][random.integer(in: 0..<8)]
        let width = ["", "1", "4", "12", "30"][random.integer(in: 0..<5)]
        let precision = ["", ".", ".0", ".3", ".9", ".25"][random.integer(in: 0..<6)]
        let letter = ["d", "i", "u", "x", "X", "o"][random.integer(in: 0..<6)]
        let large = [0, -1, 1, Int.min, Int.max][random.integer(in: 0..<5)]
        let number = [large, random.integer(in: -100..<100), Int(truncatingIfNeeded: random.next())][
          random.integer(in: 0..<3)]
        expectSame("<%\(flags)\(width)\(precision)l\(letter)>", [number])
        expectSame("%\(flags)\(width)\(precision)\(letter) of %d", [Int32(truncatingIfNeeded: number), Int32(5)])
      }
    }

    @Test("strings, characters and the sizes of both are written as the C library writes them")
    func strings() {
      let words = ["", "a", "an", "axe", "Elbereth", "a blessed +1 quarterstaff (in hands) of some length"]
      for word in words {
        word.withCString { word in
          for size in [-12, -1, 0, 1, 3, 40] as [Int32] {
            expectSame("[%*s|%-*s|%.*s]", [size, word, size, word, size, word])
            expectSame("[%*c|%c]", [size, Int32(65), Int32(200)])
          }
          expectSame("%s%s the %s", [word, word, word])
          expectSame("St:%d 100%% %-12s%5.2s$%06ld", [Int32(18), word, word, 1234])
        }
      }
      expectSame("nothing to fill in, longer than sixteen", [])
      expectSame("", [])
    }

    @Test("what the game's texts do not have is written by the C library, from the start of the text")
    func others() {
      expectSame("%d %f %s", [Int32(4), 2.5, 0])
      expectSame("%5.1e|%g", [1e9, 0.25])
      expectSame("%#x %#o", [Int32(255), Int32(8)])
      expectSame("%hhd %hd", [Int32(300), Int32(70000)])
      expectSame("%p", [0x1234])
      expectSame("%70000d", [Int32(1)])
    }
  }
#endif
