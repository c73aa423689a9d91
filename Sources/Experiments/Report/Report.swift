public import Groundwork

/// A comparison's report: `report.html`, which stands alone, `report.json` with the same figures, and two tables for
/// statistics programs: `comparison.csv` of the runs, `arms.csv` of the arms.
public struct Report: Sendable {
  /// What all files show.
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

  /// Writes the files into a directory, which is made when it is missing.
  ///
  /// - Returns: The path of the page.
  /// - Throws: `UserError` when the directory cannot be written to.
  @discardableResult
  public func write(to directory: String) throws(UserError) -> String {
    try Files.makeDirectory(directory)
    try Files.writeAtomically(figures.json.text(pretty: true) + "\n", to: directory + "/report.json")
    try Files.writeAtomically(figures.runTable, to: directory + "/comparison.csv")
    try Files.writeAtomically(figures.armTable, to: directory + "/arms.csv")
    let page = directory + "/report.html"
    try Files.writeAtomically(html, to: page)
    return page
  }
}
