public import Groundwork

/// A comparison's report: `report.html`, which stands alone, and `report.json` with the same figures.
public struct Report: Sendable {
  /// What both files show.
  public var figures: ComparisonFigures
  /// Episodes to be played in the page.
  public var movies: [ReplayMovie]

  /// A report of those figures; without movies its page plays none.
  public init(_ figures: ComparisonFigures, movies: [ReplayMovie] = []) {
    self.figures = figures
    self.movies = movies
  }

  /// The page. The same figures and movies give the same bytes.
  public var html: String { Page(figures: figures, movies: movies).html }

  /// Writes both files into a directory, which is made when it is missing.
  ///
  /// - Returns: The path of the page.
  /// - Throws: `UserError` when the directory cannot be written to.
  @discardableResult
  public func write(to directory: String) throws(UserError) -> String {
    try Files.makeDirectory(directory)
    try Files.writeAtomically(figures.json.text(pretty: true) + "\n", to: directory + "/report.json")
    let page = directory + "/report.html"
    try Files.writeAtomically(html, to: page)
    return page
  }
}
