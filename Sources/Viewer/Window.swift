#if Viewer
  import CSDL2
  import Drawing
  internal import Groundwork

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// The SDL window: events in, pictures out.
  ///
  /// The picture is drawn in memory and given to SDL as one texture; it is drawn anew only when something changed.
  ///
  /// It sleeps until an event comes or the next step is due, so that a paused episode costs next to nothing.
  /// Everything happens on the thread that called `run`, as SDL wants it.
  struct Window {
    /// SDL's window.
    private let window: OpaquePointer
    /// SDL's renderer, one that waits for the screen where there is one.
    private let renderer: OpaquePointer
    /// Draws text; there is one for the window's life.
    private let typesetter: Typesetter
    /// What SDL shows, of the canvas's size.
    private var texture: OpaquePointer?
    /// The pixels of the present size; made anew when that changes.
    private var canvas: PixelCanvas?

    /// Opens the window and stays until it is closed.
    static func run(_ playback: some Playback, options: WatchOptions) throws {
      let control = try PlaybackControl(playback, options: options, hasMouse: true)
      try start()
      defer { SDL_Quit() }
      var window = try Window(title: playback.title, options: options)
      defer { window.close() }
      _ = try window.play(control)
    }

    /// Shows episodes until the person leaves them.
    ///
    /// - Returns: Whether the window was closed, not just the episodes left.
    mutating func play(_ control: consuming PlaybackControl<some Playback>) throws -> Bool {
      var last = SDL_GetPerformanceCounter()
      var isStale = true
      var fineness = SceneFineness()
      while !control.hasQuit, !Interruption.wasRequested {
        var event = SDL_Event()
        // Sleeps until something happens or the next state may be due.
        if SDL_WaitEventTimeout(&event, isStale ? 0 : control.isPlaying ? 8 : 60) != 0 {
          repeat {
            if event.type == SDL_QUIT.rawValue { return true }
            if event.type == SDL_WINDOWEVENT.rawValue { isStale = true }
            if let key = Window.key(of: event), try control.press(key) { isStale = true }
            if event.type == SDL_MOUSEMOTION.rawValue, event.motion.state & 1 != 0,
              control.turn(right: Double(event.motion.xrel), down: Double(event.motion.yrel))
            {
              isStale = true
            }
            if event.type == SDL_MOUSEWHEEL.rawValue, control.zoom(notches: Double(event.wheel.y)) { isStale = true }
          } while SDL_PollEvent(&event) != 0
        }
        let now = SDL_GetPerformanceCounter()
        let seconds = Double(now - last) / Double(SDL_GetPerformanceFrequency())
        last = now
        if try control.advance(seconds: seconds) { isStale = true }
        if isStale {
          var state = control.state
          state.mostPixels = fineness.pixels
          // Without what SDL waits for.
          var drawn = 0.0
          try show { canvas in
            let start = Clock.seconds
            EpisodePicture(state: state).draw(on: canvas)
            drawn = Clock.seconds - start
          }
          fineness.took(drawn)
          isStale = false
        }
      }
      return false
    }

    /// Starts SDL's video.
    ///
    /// - Throws: `UserError` when no display is named or none answers, with the ways that need none.
    static func start() throws(UserError) {
      let instead = "Use --terminal; `forage watch` also draws without a display (--record FILE.png, .gif or .mp4)"
      let hasDriver = getenv("SDL_VIDEODRIVER") != nil
      guard hasDriver || getenv("DISPLAY") != nil || getenv("WAYLAND_DISPLAY") != nil else {
        throw UserError(
          "there is no display to open a window on: DISPLAY and WAYLAND_DISPLAY are not set", fix: instead)
      }
      SDL_SetMainReady()
      SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1")
      SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1")
      SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "1")
      // Without it, compositors turn off their effects for everybody while the window is open.
      SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0")
      guard SDL_Init(SDL_INIT_VIDEO) == 0 else {
        throw UserError("cannot open a window: \(String(cString: SDL_GetError()))", fix: instead)
      }
      // Where no display answers, SDL takes a driver that shows nothing, and nobody could ever close that window.
      let driver = SDL_GetCurrentVideoDriver().map { String(cString: $0) } ?? "none"
      if !hasDriver, ["offscreen", "dummy", "evdev"].contains(driver) {
        SDL_Quit()
        let name = (getenv("DISPLAY") ?? getenv("WAYLAND_DISPLAY")).map { String(cString: $0) } ?? ""
        throw UserError("cannot open a window: the display '\(name)' does not answer", fix: instead)
      }
    }

    /// Opens a window in the middle of the screen, at least 320 x 240 points.
    ///
    /// - Throws: `UserError` when fonts are missing or SDL can make neither window nor renderer.
    init(title: String, options: WatchOptions) throws {
      typesetter = try Typesetter()
      let flags = SDL_WINDOW_RESIZABLE.rawValue | SDL_WINDOW_ALLOW_HIGHDPI.rawValue
      let centered = Int32(bitPattern: 0x2FFF_0000)
      guard
        let window = SDL_CreateWindow(
          "\(title) – Forage", centered, centered, Int32(max(320, options.width)), Int32(max(240, options.height)),
          flags)
      else { throw Window.failure("cannot open a window") }
      SDL_SetWindowMinimumSize(window, 320, 240)
      guard
        let renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_PRESENTVSYNC.rawValue)
          ?? SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE.rawValue)
      else {
        SDL_DestroyWindow(window)
        throw Window.failure("cannot draw in a window")
      }
      self.window = window
      self.renderer = renderer
    }

    /// Gives the window back; SDL itself goes on.
    func close() {
      if let texture { SDL_DestroyTexture(texture) }
      SDL_DestroyRenderer(renderer)
      SDL_DestroyWindow(window)
    }

    /// SDL's last error as one that says what to do instead.
    private static func failure(_ what: String) -> UserError {
      UserError("\(what): \(String(cString: SDL_GetError()))", fix: "Use --terminal or --record FILE.png")
    }

    /// Draws a picture into memory and hands it to SDL as one texture.
    mutating func show(_ draw: (PixelCanvas) -> Void) throws {
      let canvas = try currentCanvas()
      draw(canvas)
      SDL_UpdateTexture(texture, nil, canvas.buffer.pixels, Int32(canvas.buffer.width * 4))
      SDL_RenderClear(renderer)
      SDL_RenderCopy(renderer, texture, nil, nil)
      SDL_RenderPresent(renderer)
    }

    /// A canvas of the window's present size in pixels, with as many pixels a point as the screen has.
    mutating func currentCanvas() throws -> PixelCanvas {
      var (width, height): (Int32, Int32) = (0, 0)
      var points: Int32 = 0
      SDL_GetRendererOutputSize(renderer, &width, &height)
      SDL_GetWindowSize(window, &points, nil)
      width = max(width, 1)
      height = max(height, 1)
      let scale = points > 0 ? Float(width) / Float(points) : 1
      if let canvas, canvas.buffer.width == Int(width), canvas.buffer.height == Int(height), canvas.scale == scale {
        return canvas
      }
      if let texture { SDL_DestroyTexture(texture) }
      texture = SDL_CreateTexture(
        renderer, SDL_PIXELFORMAT_ARGB8888.rawValue, Int32(SDL_TEXTUREACCESS_STREAMING.rawValue), width, height)
      guard texture != nil else { throw Window.failure("cannot draw in a window of \(width)x\(height)") }
      let fresh = PixelCanvas(
        pixelWidth: Int(width), pixelHeight: Int(height), scale: scale, lettering: typesetter)
      canvas = fresh
      return fresh
    }

    /// The key of an event; nil when it is none that the viewer knows.
    ///
    /// Printing keys come as text, so that "+" and "?" are where the person's keyboard has them.
    static func key(of event: SDL_Event) -> Key? {
      if event.type == SDL_TEXTINPUT.rawValue {
        // What a key with alt prints, if anything, came as that key; the right one is there to print.
        guard SDL_GetModState().rawValue & KMOD_LALT.rawValue == 0 else { return nil }
        var text = event.text.text
        let string = withUnsafeBytes(of: &text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return string.first.map(Key.character)
      }
      guard event.type == SDL_KEYDOWN.rawValue else { return nil }
      if let key = modified(event.key.keysym) { return key }
      return switch Int(event.key.keysym.sym) {
      case Int(SDLK_LEFT.rawValue): .left
      case Int(SDLK_RIGHT.rawValue): .right
      case Int(SDLK_UP.rawValue): .up
      case Int(SDLK_DOWN.rawValue): .down
      case Int(SDLK_RETURN.rawValue), Int(SDLK_KP_ENTER.rawValue): .enter
      case Int(SDLK_TAB.rawValue): .tab
      case Int(SDLK_BACKSPACE.rawValue): .backspace
      case Int(SDLK_ESCAPE.rawValue): .escape
      case Int(SDLK_F1.rawValue): .help
      default: nil
      }
    }

    /// A key with control or alt.
    private static func modified(_ pressed: SDL_Keysym) -> Key? {
      guard (0x21..<0x7F).contains(pressed.sym), let scalar = Unicode.Scalar(UInt32(pressed.sym)) else { return nil }
      let letter = Character(scalar)
      let modifiers = UInt32(pressed.mod)
      if modifiers & KMOD_CTRL.rawValue != 0 { return letter.isLetter ? .control(letter) : nil }
      guard modifiers & KMOD_LALT.rawValue != 0 else { return nil }
      guard modifiers & KMOD_SHIFT.rawValue != 0 else { return .alt(letter) }
      return .alt(letter == "/" ? "?" : letter.uppercased().first!)
    }
  }
#endif
