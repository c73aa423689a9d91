public import Groundwork

/// A state that can be drawn from any side by a renderer, later and as often as is wanted.
///
/// It holds what the drawing needs of the state. The shapes of the sketch that it belongs to are what is drawn where
/// there is no renderer. It is not compared: what it draws follows from the state as the shapes do.
public struct SpatialView: Sendable, Hashable {
  /// Where it is looked at from, as differences from the scene's own camera.
  public struct Viewpoint: Sendable, Hashable {
    /// Degrees to the right around the scene, and up over it.
    public var turn = 0.0, tilt = 0.0
    /// How many times nearer the camera is, above 0.
    public var zoom = 1.0
    /// Whether contacts and their forces are drawn.
    public var showsContacts = false
    /// Whether goals are drawn.
    public var showsTargets = true

    /// The scene's own camera.
    public init() {}
  }

  /// `[height, width]`, opaque `0xFFRRGGBB`.
  public typealias Pixels = [UInt32]

  /// What draws it: "MuJoCo's renderer".
  private let renderer: String
  private let absence: @Sendable () -> UserError?
  private let render: @Sendable (Viewpoint, _ width: Int, _ height: Int) throws(UserError) -> Pixels

  /// - Parameters:
  ///   - renderer: What draws it.
  ///   - absence: Why nothing does here; nil where it does.
  ///   - render: Draws the state; throws where nothing can.
  public init(
    renderer: String, absence: @escaping @Sendable () -> UserError?,
    render: @escaping @Sendable (Viewpoint, _ width: Int, _ height: Int) throws(UserError) -> Pixels
  ) {
    self.renderer = renderer
    self.absence = absence
    self.render = render
  }

  /// What draws the picture, for its captions: the renderer, or a plain drawing and why.
  public var note: String { absence().map { "plain drawing: \($0)" } ?? "drawn by \(renderer)" }

  /// Whether there is something to draw with.
  public var isAvailable: Bool { absence() == nil }

  /// The state as pixels, `[height, width]`.
  ///
  /// - Throws: `UserError` with the reason where there is nothing to draw with.
  public func pixels(_ viewpoint: Viewpoint, width: Int, height: Int) throws(UserError) -> Pixels {
    try render(viewpoint, width, height)
  }

  /// Always: see above.
  public static func == (_: SpatialView, _: SpatialView) -> Bool { true }

  /// Nothing: see above.
  public func hash(into hasher: inout Hasher) {}
}
