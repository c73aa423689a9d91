#if Viewer
  import CSDL2
  import Groundwork

  extension Window {
    /// Opens the window with questions about clips and stays until it is closed.
    ///
    /// - Returns: Why questions were passed over, a line each.
    /// - Throws: `UserError` without a display or a font; what the source throws.
    static func run(_ source: some QuestionSource, options: WatchOptions) throws -> [String] {
      var control = try QuestionControl(source, speed: options.stepsPerSecond)
      try start()
      defer { SDL_Quit() }
      var window = try Window(title: "forage label", options: options)
      defer { window.close() }
      var last = SDL_GetPerformanceCounter()
      var isStale = true
      while !control.hasQuit, !Interruption.wasRequested {
        var event = SDL_Event()
        if SDL_WaitEventTimeout(&event, isStale ? 0 : control.isPlaying ? 16 : 100) != 0 {
          repeat {
            if event.type == SDL_QUIT.rawValue { return control.remarks }
            if event.type == SDL_WINDOWEVENT.rawValue { isStale = true }
            // A key that is held down is one answer, not many.
            if event.type == SDL_KEYDOWN.rawValue && event.key.repeat != 0 { continue }
            if let key = Window.key(of: event), try control.press(key) { isStale = true }
          } while SDL_PollEvent(&event) != 0
        }
        let now = SDL_GetPerformanceCounter()
        let seconds = Double(now - last) / Double(SDL_GetPerformanceFrequency())
        last = now
        if try control.advance(seconds: seconds) { isStale = true }
        if isStale {
          let picture = QuestionPicture(state: QuestionState(control))
          try window.show { picture.draw(on: $0) }
          isStale = false
        }
      }
      return control.remarks
    }
  }
#endif
