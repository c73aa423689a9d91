#if Viewer
  import CSDL2
  import Drawing
  import Groundwork

  /// Draws lines of text with SDL2_ttf, and keeps what it drew: most of a picture's text is the same in the next.
  ///
  /// One at a time may live, on one thread: SDL2_ttf's library is started and ended with it.
  final class Typesetter: Lettering {
    /// A cut at a size, which is opened once.
    private struct FontKey: Hashable {
      var face: Face
      var pixels: Int
    }
    /// A line in a cut at a size.
    private struct LineKey: Hashable {
      var font: FontKey
      var text: String
    }

    /// The file of each cut; a missing one is stood in for by another.
    private let paths: [Face: String]
    /// Open fonts, by cut and size.
    private var fonts: [FontKey: OpaquePointer] = [:]
    /// Up to 768 drawn lines; all are forgotten when there are more.
    private var masks: [LineKey: GlyphMask] = [:]
    /// Up to 4096 measured lines; all are forgotten when there are more.
    private var widths: [LineKey: Int] = [:]

    /// Where distributions put the DejaVu fonts.
    private static let directories = [
      "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu", "/usr/share/fonts/TTF",
      "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/ttf-dejavu", "/usr/local/share/fonts/dejavu",
      "/usr/share/fonts",
    ]

    /// - Throws: `UserError` when no DejaVu font is installed, naming the package.
    init() throws {
      var paths: [Face: String] = [:]
      let names: [(Face, String)] = [
        (.regular, "DejaVuSans.ttf"), (.bold, "DejaVuSans-Bold.ttf"), (.mono, "DejaVuSansMono.ttf"),
      ]
      for (face, name) in names {
        paths[face] = Self.directories.map { $0 + "/" + name }.first(where: Files.exists)
      }
      guard let any = paths[.regular] ?? paths[.bold] else {
        throw UserError(
          "no DejaVu font in \(Self.directories[0]) or the other usual directories",
          fix: "Install the package fonts-dejavu-core, or use --terminal")
      }
      for face in Face.allCases where paths[face] == nil { paths[face] = any }
      self.paths = paths
      guard TTF_Init() == 0 else {
        throw UserError("SDL2_ttf does not start: \(String(cString: SDL_GetError()))", fix: "Use --terminal")
      }
      // Here rather than at the first text, where nothing could be said about it.
      guard font(FontKey(face: .regular, pixels: 12)) != nil else {
        throw UserError(
          "cannot read the font '\(any)': \(String(cString: SDL_GetError()))",
          fix: "Reinstall the package fonts-dejavu-core, or use --terminal")
      }
    }

    deinit {
      for font in fonts.values { TTF_CloseFont(font) }
      TTF_Quit()
    }

    /// The width in pixels of a line.
    func width(of text: String, pixels: Float, face: Face) -> Int {
      let key = LineKey(font: FontKey(face: face, pixels: rounded(pixels)), text: text)
      if let known = widths[key] { return known }
      guard !text.isEmpty, let font = font(key.font) else { return 0 }
      var width: Int32 = 0
      TTF_SizeUTF8(font, text, &width, nil)
      if widths.count > 4096 { widths.removeAll(keepingCapacity: true) }
      widths[key] = Int(width)
      return Int(width)
    }

    /// A line drawn; nil where there is nothing to draw.
    ///
    /// - Parameter pixels: The line's size, rounded to whole pixels.
    /// - Complexity: A look-up for a line that was drawn before.
    func mask(of text: String, pixels: Float, face: Face) -> GlyphMask? {
      let key = LineKey(font: FontKey(face: face, pixels: rounded(pixels)), text: text)
      if let known = masks[key] { return known }
      guard !text.isEmpty, let font = font(key.font),
        let surface = TTF_RenderUTF8_Blended(font, text, SDL_Color(r: 255, g: 255, b: 255, a: 255))
      else { return nil }
      defer { SDL_FreeSurface(surface) }
      let (width, height) = (Int(surface.pointee.w), Int(surface.pointee.h))
      let pitch = Int(surface.pointee.pitch)
      guard width > 0, height > 0, let base = surface.pointee.pixels else { return nil }
      var mask = GlyphMask(width: width, height: height, opacities: [])
      mask.opacities.reserveCapacity(width * height)
      for row in 0..<height {
        let line = (base + row * pitch).assumingMemoryBound(to: UInt32.self)
        for column in 0..<width { mask.opacities.append(UInt8(line[column] >> 24)) }
      }
      if masks.count > 768 { masks.removeAll(keepingCapacity: true) }
      masks[key] = mask
      return mask
    }

    /// Whole pixels, 5 to 400, so that few fonts are opened.
    private func rounded(_ pixels: Float) -> Int { min(max(Int(pixels.rounded()), 5), 400) }

    /// The open font, opened at its first use; nil when the file cannot be read.
    private func font(_ key: FontKey) -> OpaquePointer? {
      if let open = fonts[key] { return open }
      guard let path = paths[key.face], let font = TTF_OpenFont(path, Int32(key.pixels)) else { return nil }
      TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL)
      fonts[key] = font
      return font
    }
  }
#endif
