#if Viewer
  import CSDL2
  import Drawing
  internal import Groundwork

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// Draws a playback frame by frame and hands the pixels to a file, without video output of any kind.
  ///
  /// A GIF is made of a lossless video in a second pass, since its 256 colours follow from all of its frames;
  /// that video and the palette lie beside the file meanwhile and are removed in any case.
  enum Recorder {
    /// The file is written under another name in the same directory and renamed when it is whole.
    ///
    /// - Returns: Frames in the file.
    /// - Throws: `UserError` when the directory is missing or not writable, a font or ffmpeg is missing, or
    ///   there is no such frame; what the playback throws.
    static func record(
      _ playback: some Playback, to path: String, format: RecordingFormat, options: RecordingOptions
    ) throws -> Int {
      try checkDirectory(of: path)
      let temporary = path + ".\(getpid()).tmp." + format.rawValue
      do {
        let count =
          switch format {
          case .png: try drawPNG(playback, to: temporary, options: options)
          case .gif, .mp4: try drawVideo(playback, to: temporary, format: format, options: options)
          }
        try Files.move(temporary, to: path)
        return count
      } catch {
        try? Files.remove(temporary)
        throw error
      }
    }

    /// Draws an archive's map.
    static func record(_ map: ArchiveMap, to path: String, options: RecordingOptions) throws {
      try checkDirectory(of: path)
      let temporary = path + ".\(getpid()).tmp.png"
      do {
        let canvas = PixelCanvas(
          pixelWidth: options.width * 2, pixelHeight: options.height * 2, scale: 2, lettering: try Typesetter())
        ArchiveMapPicture(control: ArchiveControl(map), hasControls: false).draw(on: canvas)
        try writePNG(canvas.buffer, to: temporary)
        try Files.move(temporary, to: path)
      } catch {
        try? Files.remove(temporary)
        throw error
      }
    }

    /// Before minutes of drawing rather than after.
    private static func checkDirectory(of path: String) throws(UserError) {
      let directory = Files.parent(of: path)
      guard Files.isDirectory(directory) else {
        throw UserError(
          "cannot write '\(path)': there is no directory '\(directory)'", fix: "Make it, or check the path")
      }
      guard access(directory, W_OK) == 0 else {
        throw UserError(
          "cannot write '\(path)': the directory '\(directory)' is not writable",
          fix: "Check the permissions or name another directory")
      }
      guard !Files.isDirectory(path) else {
        throw UserError("cannot write '\(path)': it is a directory", fix: "Name a file in it")
      }
    }

    /// Draws one moment, the last one unless told, with two pixels a point.
    private static func drawPNG(
      _ playback: some Playback, to path: String, options: RecordingOptions
    ) throws -> Int {
      var reel = try Reel(playback, options: options)
      if let wanted = options.frame {
        guard wanted >= 0 else {
          throw UserError(
            "there is no step \(wanted)", fix: "Steps are counted from 0, where the episode starts (--frame 0)")
        }
        guard try reel.go(to: wanted) else {
          throw UserError(
            "the episode has no step \(wanted)",
            fix: "Its last step is \(reel.state.index) (--frame \(reel.state.index))")
        }
      } else {
        while try reel.next() {}
      }
      let canvas = PixelCanvas(
        pixelWidth: options.width * 2, pixelHeight: options.height * 2, scale: 2, lettering: try Typesetter())
      var state = reel.state
      state.isStill = true
      EpisodePicture(state: state).draw(on: canvas)
      try writePNG(canvas.buffer, to: path)
      return 1
    }

    /// - Throws: `UserError` with SDL's reason when the file cannot be written.
    static func writePNG(_ buffer: PixelBuffer, to path: String) throws(UserError) {
      let surface = SDL_CreateRGBSurfaceWithFormatFrom(
        buffer.pixels, Int32(buffer.width), Int32(buffer.height), 32, Int32(buffer.width * 4),
        UInt32(SDL_PIXELFORMAT_ARGB8888.rawValue))
      defer { SDL_FreeSurface(surface) }
      guard let surface, IMG_SavePNG(surface, path) == 0 else {
        throw UserError("cannot write '\(path)': \(String(cString: SDL_GetError()))")
      }
    }

    /// Encodes every moment: MP4 with two pixels a point, GIF with one, by way of a lossless video beside it.
    private static func drawVideo(
      _ playback: some Playback, to path: String, format: RecordingFormat, options: RecordingOptions
    ) throws -> Int {
      // Half the chroma columns and rows: MP4 needs an even size.
      let (width, height) = ((options.width + 1) / 2 * 2, (options.height + 1) / 2 * 2)
      let typesetter = try Typesetter()
      let scale = format == .mp4 ? 2 : 1
      let canvas = PixelCanvas(
        pixelWidth: width * scale, pixelHeight: height * scale, scale: Float(scale), lettering: typesetter)
      let encoder = VideoEncoder(
        width: canvas.buffer.width, height: canvas.buffer.height,
        rate: FrameRate(stepsPerSecond: options.stepsPerSecond, format: format))
      guard format == .gif else {
        return try draw(playback, on: canvas, options: options, encoder.rate, to: try encoder.mp4(path))
      }
      let (video, palette) = (path + ".mkv", path + ".palette.png")
      defer {
        try? Files.remove(video)
        try? Files.remove(palette)
      }
      let count = try draw(playback, on: canvas, options: options, encoder.rate, to: try encoder.lossless(video))
      try VideoEncoder.gif(from: video, to: path, palette: palette)
      return count
    }

    /// Draws all frames into an encoder.
    private static func draw(
      _ playback: some Playback, on canvas: PixelCanvas, options: RecordingOptions, _ rate: FrameRate,
      to pipe: consuming EncoderProcess
    ) throws -> Int {
      var reel = try Reel(playback, options: options)
      var count = 0
      repeat {
        if reel.isAtEnd || rate.shows(step: reel.state.frame.step) {
          EpisodePicture(state: reel.state).draw(on: canvas)
          let bytes = canvas.buffer.rgbBytes()
          // The last state of an episode stands for a second.
          for _ in 0..<(reel.isAtEnd ? rate.framesOfASecond : 1) {
            try pipe.write(bytes)
            count += 1
          }
        }
        if Interruption.wasRequested { break }
      } while try reel.next()
      try pipe.finish()
      return count
    }
  }

  /// The moments of a recording in their order.
  private struct Reel<Source: Playback> {
    /// What stands where in the episode; nobody presses its keys.
    private var control: PlaybackControl<Source>
    /// Episodes after the present one.
    private var episodesLeft: Int
    /// Steps after which an episode is left.
    private let maximumSteps: Int

    /// At the first moment of the first episode.
    init(_ playback: Source, options: RecordingOptions) throws {
      control = try PlaybackControl(playback, options: WatchOptions())
      episodesLeft = max(1, options.episodes) - 1
      maximumSteps = max(0, options.maximumSteps)
    }

    /// As a recording shows it: nobody is at the keyboard.
    var state: PictureState {
      var state = control.state
      state.controls = nil
      return state
    }

    /// Whether the present episode is over or long enough.
    var isAtEnd: Bool { control.isOver || control.index >= maximumSteps }

    /// Goes forward to a step; false when the episode ends before it.
    mutating func go(to step: Int) throws -> Bool {
      while control.index < step { guard try control.seek(control.index + 1) else { return false } }
      return true
    }

    /// Goes on by a step, or to the next episode; false when the recording is over.
    mutating func next() throws -> Bool {
      if !isAtEnd, try control.seek(control.index + 1) { return true }
      guard episodesLeft > 0, try control.startNextEpisode() else { return false }
      episodesLeft -= 1
      return true
    }
  }
#endif
