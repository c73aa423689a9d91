extension RewardScores {
  /// Some of the components, for the model that writes them; they share this one's memory.
  public func part(first: Int, count: Int) -> RewardScores {
    RewardScores(part: first, components: count, of: self)
  }

  /// Writes every component's values times its weight to other scores, which may be these.
  public func weigh(by parts: [RewardComponent], into target: RewardScores) {
    precondition(parts.count == components && target.components == components && target.count == count)
    for (component, part) in parts.enumerated() {
      let (from, to) = (self[component], target[component])
      let weight = Float(part.weight)
      for place in 0..<count { to[place] = from[place] * weight }
    }
  }

  /// All components together, `[count]`.
  public var sums: [Float] {
    var sums = [Float](repeating: 0, count: count)
    for component in 0..<components {
      let values = self[component]
      for index in sums.indices { sums[index] += values[index] }
    }
    return sums
  }
}
