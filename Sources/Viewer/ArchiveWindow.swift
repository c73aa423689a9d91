#if Viewer
  import CSDL2
  import Drawing
  import Groundwork
  import ReinforcementLearning

  extension Window {
    /// Opens the window with an archive's map and stays until it is closed.
    ///
    /// - Parameter trajectory: The way to the cell of that number; it is shown in the same window, and leaving
    ///   it leads back.
    /// - Throws: `UserError` without a display or a font; what `trajectory` throws.
    static func run<P: Playback>(_ map: ArchiveMap, options: WatchOptions, trajectory: (Int) throws -> P) throws {
      try start()
      defer { SDL_Quit() }
      var window = try Window(title: map.title, options: options)
      defer { window.close() }
      var control = ArchiveControl(map)
      var isStale = true
      while !Interruption.wasRequested {
        var event = SDL_Event()
        if SDL_WaitEventTimeout(&event, isStale ? 0 : 100) != 0 {
          repeat {
            switch try window.request(of: event, &control) {
            case .nothing: break
            case .redraw: isStale = true
            case .quit: return
            case .watch(let cell):
              var options = options
              options.advancesEpisodes = false
              if try window.play(try PlaybackControl(try trajectory(cell), options: options)) { return }
              isStale = true
            }
          } while SDL_PollEvent(&event) != 0
        }
        if isStale {
          let picture = ArchiveMapPicture(control: control, hasControls: true)
          try window.show { picture.draw(on: $0) }
          isStale = false
        }
      }
    }

    /// What an event asks of the map.
    private mutating func request(of event: SDL_Event, _ control: inout ArchiveControl) throws -> ArchiveControl.Request
    {
      if event.type == SDL_QUIT.rawValue { return .quit }
      if event.type == SDL_WINDOWEVENT.rawValue { return .redraw }
      if event.type == SDL_MOUSEBUTTONDOWN.rawValue, event.button.button == UInt8(SDL_BUTTON_LEFT) {
        let picture = ArchiveMapPicture(control: control, hasControls: true)
        let point = Sketch.Point(Float(event.button.x), Float(event.button.y))
        return control.choose(at: picture.sketchPoint(at: point, on: try currentCanvas()))
      }
      return Window.key(of: event).map { control.press($0) } ?? .nothing
    }
  }
#endif
