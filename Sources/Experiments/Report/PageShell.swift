/// What every page has: one HTML document that needs nothing else, since styles, pictures and scripts are inside.
enum PageShell {
  /// The whole document.
  ///
  /// - Parameters:
  ///   - title: As text, not markup.
  ///   - style: More rules, behind the common ones.
  ///   - body: Pieces of markup; empty ones are left out.
  ///   - hasMovies: Whether the replay player's script is needed.
  static func document(title: String, style: String = "", body: [String], hasMovies: Bool) -> String {
    let scripts = [ChartDownload.script] + (hasMovies ? [ReplayPlayer.script] : [])
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="forage">
      <title>\(Markup.escaped(title))</title>
      <style>
      \(PageStyle.css + style)
      </style>
      </head>
      <body>
      \((body + scripts.map { "<script>\n\($0)\n</script>" }).filter { !$0.isEmpty }.joined(separator: "\n"))
      </body>
      </html>

      """
  }
}
