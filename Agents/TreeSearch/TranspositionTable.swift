import ReinforcementLearning

/// From a state at a time of its episode to the node that stands for it: open addressing with linear probing.
///
/// The time is part of the key, so that no path leads in a circle and a state near the time limit is not taken for
/// the same state with time to spare.
struct TranspositionTable {
  private var keys: [UInt64] = []
  private var nodes: [Int32] = []
  private var count = 0

  /// The key of a state; never 0, which marks a free place.
  static func key(digest: UInt64, elapsed: Int) -> UInt64 {
    max(1, RandomSource.mixed(digest, UInt64(elapsed), 0))
  }

  mutating func removeAll() {
    for index in keys.indices { keys[index] = 0 }
    count = 0
  }

  /// The node of that key; when there is none, `node` becomes it and nil is returned.
  mutating func find(_ key: UInt64, orInsert node: Int) -> Int? {
    if 2 * (count + 1) > keys.count { grow() }
    var place = Int(truncatingIfNeeded: key) & (keys.count - 1)
    while keys[place] != 0 {
      if keys[place] == key { return Int(nodes[place]) }
      place = (place + 1) & (keys.count - 1)
    }
    keys[place] = key
    nodes[place] = Int32(node)
    count += 1
    return nil
  }

  private mutating func grow() {
    let (oldKeys, oldNodes) = (keys, nodes)
    keys = [UInt64](repeating: 0, count: max(1024, 2 * oldKeys.count))
    nodes = [Int32](repeating: 0, count: keys.count)
    count = 0
    for (key, node) in zip(oldKeys, oldNodes) where key != 0 { _ = find(key, orInsert: Int(node)) }
  }
}
