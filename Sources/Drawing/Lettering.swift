/// Draws lines of text as masks; who has no typeface leaves texts out.
///
/// The viewer has one (SDL2_ttf); reports and judges of pictures work without.
public protocol Lettering: AnyObject {
  /// A line drawn, `pixels` high; nil where there is nothing to draw.
  func mask(of text: String, pixels: Float, face: Face) -> GlyphMask?
  /// The width in pixels of that line.
  func width(of text: String, pixels: Float, face: Face) -> Int
}

/// A piece of drawn text: how opaque each pixel is, 0 to 255, `[height, width]`.
public struct GlyphMask: Hashable, Sendable {
  /// Pixels.
  public var width, height: Int
  /// `[height, width]`, row by row, 0 clear to 255 opaque.
  public var opacities: [UInt8]

  /// - Precondition: There are width times height opacities; who paints it relies on that.
  public init(width: Int, height: Int, opacities: [UInt8]) {
    (self.width, self.height, self.opacities) = (width, height, opacities)
  }
}
