import Groundwork
import Testing

@testable import Drawing
@testable import Viewer

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

@Suite struct RecordingTests {
  @Test("an unknown extension is refused with the known ones")
  func refusesExtension() {
    let error = #expect(throws: UserError.self) { try RecordingFormat(path: "out/episode.webm") }
    #expect(
      error?.description
        == """
        '.webm' is no known kind of recording. Name a file that ends in .png (one picture), .gif or .mp4 (the \
        episode)
        """
    )
    for path in ["episode", ".gif", "a.gif/episode", ""] {
      #expect(throws: UserError.self) { try RecordingFormat(path: path) }
    }
    #expect(try! RecordingFormat(path: "a/B.GIF") == .gif)
  }

  #if Viewer
    /// A directory that is removed after the body.
    private func withDirectory(_ body: (String) throws -> Void) throws {
      var name = Array("/tmp/forage-viewer-XXXXXX".utf8CString)
      try #require(mkdtemp(&name) != nil)
      let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      defer { try? Files.remove(path) }
      try body(path)
    }

    @Test("a directory that is missing is named before anything is drawn")
    func refusesDirectory() throws {
      let error = #expect(throws: UserError.self) {
        try record(EpisodePlayback(SmallGridworld()), to: "/nowhere/at/all/x.png")
      }
      #expect(error?.reason == "cannot write '/nowhere/at/all/x.png': there is no directory '/nowhere/at/all'")
    }

    @Test("a PNG is twice the points wide and high and shows the board, without a display")
    func recordsPNG() throws {
      try withDirectory { directory in
        var options = RecordingOptions()
        (options.width, options.height) = (400, 300)
        let path = directory + "/episode.png"
        #expect(try record(EpisodePlayback(SmallGridworld()), to: path, options: options) == 1)
        let bytes = try Files.read(path)
        #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        // IHDR: width and height, big-endian.
        #expect(bytes[16..<24] == [0, 0, 3, 32, 0, 0, 2, 88])
        #expect(Files.list(directory) == ["episode.png"])
      }
    }

    @Test("the picture has the goal's green, the agent's red and text")
    func drawsPixels() throws {
      let canvas = PixelCanvas(pixelWidth: 800, pixelHeight: 600, scale: 1, lettering: try Typesetter())
      EpisodePicture(state: try stateOfGridworld(steps: 3)).draw(on: canvas)
      let pixels = UnsafeBufferPointer(start: canvas.buffer.pixels, count: 800 * 600)
      func count(_ color: UInt32) -> Int { pixels.count { $0 == color } }
      #expect(count(0xFF00_C83C) > 400)
      #expect(count(0xFFEB_2828) > 150)
      #expect(count(Theme.text.packed) > 100)
      #expect(Set(pixels).count > 200)
    }

    @Test("a frame that the episode does not have is refused with the last that it has")
    func refusesFrame() throws {
      try withDirectory { directory in
        var options = RecordingOptions()
        options.frame = 99
        let error = #expect(throws: UserError.self) {
          try record(EpisodePlayback(SmallGridworld()), to: directory + "/x.png", options: options)
        }
        #expect(error?.description == "the episode has no step 99. Its last step is 13 (--frame 13)")
        #expect(Files.list(directory) == [])
      }
    }

    @Test("a GIF holds every step and a second of the last state, where ffmpeg is installed",
      .enabled(if: access("/usr/bin/ffmpeg", X_OK) == 0))
    func recordsGIF() throws {
      try withDirectory { directory in
        var options = RecordingOptions()
        (options.width, options.height, options.stepsPerSecond) = (321, 241, 10)
        let path = directory + "/episode.gif"
        #expect(try record(EpisodePlayback(SmallGridworld()), to: path, options: options) == 13 + 10)
        let bytes = try Files.read(path)
        #expect(bytes.prefix(6) == Array("GIF89a".utf8)[...])
        #expect(bytes[6..<10] == [66, 1, 242, 0])
        #expect(Files.list(directory) == ["episode.gif"])
      }
    }

    @Test("names that ffmpeg would take for an option, a protocol or a pattern are names of files",
      .enabled(if: access("/usr/bin/ffmpeg", X_OK) == 0))
    func plainNames() throws {
      try withDirectory { directory in
        var options = RecordingOptions()
        (options.width, options.height, options.maximumSteps) = (160, 120, 1)
        let names = ["-y.gif", "a%03d.gif", "file:x.mp4"]
        for name in names {
          try record(EpisodePlayback(SmallGridworld()), to: "\(directory)/\(name)", options: options)
        }
        #expect(Files.list(directory) == names.sorted())
      }
      #expect(VideoEncoder.plain("/a/b.gif") == "/a/b.gif")
      #expect(VideoEncoder.plain("-y.gif") == "./-y.gif" && VideoEncoder.plain("http:x.mp4") == "./http:x.mp4")
    }

    @Test("a GIF of 240 steps a second leaves steps out, lasts as long as it should, and shows the end for a second",
      .enabled(if: access("/usr/bin/ffmpeg", X_OK) == 0))
    func fastGIF() throws {
      try withDirectory { directory in
        var options = RecordingOptions()
        (options.width, options.height, options.stepsPerSecond) = (160, 120, 240)
        let path = directory + "/episode.gif"
        // 13 steps, every fifth of them: 0, 5, 10, and the last one 48 times at 48 frames a second.
        #expect(try record(EpisodePlayback(SmallGridworld()), to: path, options: options) == 3 + 48)
        let bytes = try Files.read(path)
        // Graphic control extensions: 21 F9 04, flags, then the delay in hundredths of a second.
        let delays = bytes.indices.dropLast(6).filter { bytes[$0..<$0 + 3] == [0x21, 0xF9, 0x04] }
          .map { Int(bytes[$0 + 4]) | Int(bytes[$0 + 5]) << 8 }
        #expect(delays.allSatisfy { $0 >= 2 })
        #expect(abs(delays.reduce(0, +) - 106) <= 6, "\(delays)")
      }
    }

    @Test("a rate shows every step where the format is fast enough, else every second, third, ...")
    func rates() {
      for (speed, format, seconds, second) in [
        (1, .gif, 1, 1), (8, .mp4, 1, 8), (50, .gif, 1, 50), (51, .gif, 2, 26), (240, .gif, 5, 48), (60, .mp4, 1, 60),
        (240, .mp4, 4, 60),
      ] as [(Int, RecordingFormat, Int, Int)] {
        let rate = FrameRate(stepsPerSecond: speed, format: format)
        #expect(rate.frames == speed && rate.seconds == seconds && rate.framesOfASecond == second, "\(speed)")
        #expect((0..<10).filter { rate.shows(step: $0) } == Array(stride(from: 0, to: 10, by: seconds)))
      }
    }

    @Test("an encoder that fails is reported in its own words")
    func reportsEncoder() throws {
      guard access("/usr/bin/ffmpeg", X_OK) == 0 else { return }
      let error = #expect(throws: UserError.self) {
        try VideoEncoder.gif(from: "/nowhere/video.mkv", to: "/nowhere/out.gif", palette: "/nowhere/p.png")
      }
      #expect(error?.reason.contains("No such file") == true)
    }
  #else
    @Test("without the viewer a recording says how to get one")
    func saysHowToBuild() {
      let error = #expect(throws: UserError.self) { try record(EpisodePlayback(SmallGridworld()), to: "x.png") }
      #expect(error?.fix == "Use --terminal, or rebuild with --traits Viewer,MuJoCo")
      #expect(throws: UserError.self) { try watchInWindow(EpisodePlayback(SmallGridworld())) }
    }
  #endif
}
