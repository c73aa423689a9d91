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
      var last = Clock.seconds
      var isStale = true
      // Whether the key that came last is held down: what it prints comes as an event of its own, which does not say.
      var isHeld = false
      while !control.hasQuit, !Interruption.wasRequested {
        var event = SDL_Event()
        var keys: [Key] = []
        let start = Clock.seconds
        let hasCome = SDL_WaitEventTimeout(&event, isStale ? 0 : control.needsTime ? 16 : 100) != 0
        let waited = Clock.seconds - start
        if hasCome {
          repeat {
            if event.type == SDL_QUIT.rawValue { return control.remarks }
            if event.type == SDL_WINDOWEVENT.rawValue { isStale = true }
            if event.type == SDL_KEYDOWN.rawValue { isHeld = event.key.repeat != 0 }
            if event.type == SDL_KEYUP.rawValue { isHeld = false }
            // A key that is held down is one answer, not many.
            if isHeld { continue }
            if let key = Window.key(of: event) { keys.append(key) }
          } while SDL_PollEvent(&event) != 0
        }
        if try control.take(keys, waited: waited, since: &last) { isStale = true }
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
