/// What the arms of a bandit are called, and the task in words: for agents that read.
///
/// The settings (buttons, advertisements, videos, garments) are EVOLvE's; the words are ours.
///
/// Source: Nie et al. 2024, "EVOLvE: Evaluating and Optimizing LLMs For In-Context Exploration".
public enum BanditScenario: String, Codable, Hashable, Sendable, CaseIterable {
  /// Arms with numbers.
  case none
  /// Buttons in colours.
  case buttons
  /// Advertisements with letters.
  case ads
  /// Videos with letters: A, B, ... Z, AA, ...
  case videos
  /// Garments with names.
  case clothes

  private static let colors = [
    "blue", "green", "red", "yellow", "purple", "orange", "cyan", "brown", "pink", "grey", "teal", "gold", "maroon",
    "olive", "navy", "coral", "lime", "indigo", "salmon", "turquoise",
  ]
  private static let garments = [
    "linen shirt", "wool coat", "denim jacket", "silk scarf", "rain cape", "cotton dress", "leather belt",
    "knit sweater", "flannel pyjamas", "tweed vest", "canvas shoes", "felt hat", "velvet skirt", "cargo trousers",
    "fleece hoodie", "satin gown", "corduroy cap", "mohair shawl", "quilted parka", "striped socks",
  ]

  /// One thing that can be chosen.
  var unit: String {
    switch self {
    case .none: "arm"
    case .buttons: "button"
    case .ads: "advertisement"
    case .videos: "video"
    case .clothes: "item"
    }
  }

  /// The arms' names, all different; beyond a list's end they get a number.
  func names(_ count: Int) -> [String] {
    (0..<count).map { arm in
      func listed(_ list: [String]) -> String {
        arm < list.count ? list[arm] : "\(list[arm % list.count]) \(arm / list.count + 1)"
      }
      switch self {
      case .none: return "arm\(arm)"
      case .buttons: return listed(BanditScenario.colors)
      case .ads: return "ad " + BanditScenario.letters(arm)
      case .videos: return BanditScenario.letters(arm)
      case .clothes: return listed(BanditScenario.garments)
      }
    }
  }

  /// A, B, ..., Z, AA, AB, ...
  static func letters(_ number: Int) -> String {
    var (rest, text) = (number, "")
    repeat {
      text = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(rest % 26))) + text
      rest = rest / 26 - 1
    } while rest >= 0
    return text
  }

  /// The task in words.
  ///
  /// - Parameter detailed: Whether they say what exploring and exploiting are.
  func text(_ names: [String], detailed: Bool) -> String {
    // As many as the signal has room for beside the rest.
    var list = names.joined(separator: ", ")
    if list.utf8.count > 1200 { list = names.prefix(20).joined(separator: ", ") + " and so on to \(names.last!)" }
    let who: String
    switch self {
    case .none: who = "In front of you are \(names.count) arms: \(list). Pulling one pays a reward by chance."
    case .buttons: who = "In a room are \(names.count) buttons: \(list). Pressing one pays a reward by chance."
    case .ads:
      who = "You run a page that shows one of \(names.count) advertisements: \(list). A reward is a visitor's click."
    case .videos:
      who = "You recommend one of \(names.count) videos: \(list). A reward says how much a viewer liked it."
    case .clothes:
      who = "You recommend one of \(names.count) items of a shop: \(list). A reward says how much a customer liked it."
    }
    let goal = " Every \(unit) has an average reward that you do not know. Your aim is the largest sum of rewards."
    let advice =
      detailed
      ? " A \(unit) that was rarely chosen may be better than it seems, so it pays to try all of them early (to "
        + "explore); once one is clearly better, it pays to keep to it (to exploit)." : ""
    return who + goal + advice + " Answer with the name of one \(unit) and nothing else."
  }
}
