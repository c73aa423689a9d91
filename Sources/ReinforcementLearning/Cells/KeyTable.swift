/// Keys of a fixed number of words, numbered in the order in which they came, and found again by their hash.
///
/// Not a dictionary: nothing is removed, and the numbers are the places of a caller's own arrays. Different threads may
/// look up at the same time while nobody adds.
public final class KeyTable: @unchecked Sendable {
  /// Words of a key.
  public let width: Int
  /// Keys that were added, hidden ones too.
  public private(set) var count = 0
  /// `[capacity, width]`
  @usableFromInline private(set) var keys: UnsafeMutablePointer<Int32>
  private var capacity = 1024
  /// By hash: the upper half of the hash beside the key's number plus 1; 0 where free. A power of two of places.
  @usableFromInline private(set) var places: UnsafeMutablePointer<UInt64>
  @usableFromInline private(set) var placeCount = 4096

  /// An empty table of keys of that many words (at least 1 is taken), with room for 1,024 of them; it doubles as they
  /// come.
  public init(width: Int) {
    self.width = max(1, width)
    keys = .allocate(capacity: capacity * self.width)
    places = .allocate(capacity: placeCount)
    places.initialize(repeating: 0, count: placeCount)
  }

  deinit {
    keys.deallocate()
    places.deallocate()
  }

  /// The key of a number, `[width]` words.
  @inlinable @inline(__always) public subscript(number: Int) -> UnsafeMutablePointer<Int32> { keys + number &* width }

  /// The number of a key; -1 when it is not there.
  @inlinable @inline(__always) public func find(_ key: UnsafePointer<Int32>) -> Int {
    let hash = hash(key)
    var place = Int(truncatingIfNeeded: hash) & (placeCount &- 1)
    while true {
      let entry = places[place]
      if entry == 0 { return -1 }
      if (entry ^ hash) &>> 32 == 0 {
        let number = Int(entry & 0xffff_ffff) &- 1
        if isEqual(keys + number &* width, key) { return number }
      }
      place = (place &+ 1) & (placeCount &- 1)
    }
  }

  /// The number of a key, a new one when it was not there.
  public func insert(_ key: UnsafePointer<Int32>) -> Int {
    let found = find(key)
    if found >= 0 { return found }
    let number = append(key)
    if count * 2 > placeCount { grow() } else { place(number) }
    return number
  }

  /// A number whose key is not to be found: a cell without a place.
  public func appendHidden() -> Int {
    let zeros = [Int32](repeating: 0, count: width)
    return zeros.withUnsafeBufferPointer { append($0.baseAddress!) }
  }

  /// Forgets all keys.
  public func removeAll() {
    count = 0
    places.update(repeating: 0, count: placeCount)
  }

  @inlinable @inline(__always) func isEqual(_ a: UnsafePointer<Int32>, _ b: UnsafePointer<Int32>) -> Bool {
    for word in 0..<width where a[word] != b[word] { return false }
    return true
  }

  private func append(_ key: UnsafePointer<Int32>) -> Int {
    if count == capacity {
      let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity * 2 * width)
      larger.update(from: keys, count: capacity * width)
      keys.deallocate()
      (keys, capacity) = (larger, capacity * 2)
    }
    self[count].update(from: key, count: width)
    count += 1
    return count - 1
  }

  private func place(_ number: Int) {
    let hash = hash(self[number])
    var place = Int(truncatingIfNeeded: hash) & (placeCount - 1)
    while places[place] != 0 { place = (place + 1) & (placeCount - 1) }
    places[place] = hash & 0xffff_ffff_0000_0000 | UInt64(number + 1)
  }

  /// Twice as many places; the hidden keys, which are not among the old ones, stay hidden.
  private func grow() {
    let old = (places, placeCount)
    placeCount *= 2
    places = .allocate(capacity: placeCount)
    places.initialize(repeating: 0, count: placeCount)
    for index in 0..<old.1 where old.0[index] != 0 { place(Int(old.0[index] & 0xffff_ffff) - 1) }
    place(count - 1)
    old.0.deallocate()
  }

  /// Multiply and fold, a word at a time (the finalizer of SplitMix64 at the end).
  @inlinable @inline(__always) func hash(_ key: UnsafePointer<Int32>) -> UInt64 {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for word in 0..<width {
      hash = (hash ^ UInt64(UInt32(bitPattern: key[word]))) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash &>> 32
    }
    hash = (hash ^ hash &>> 30) &* 0xbf58_476d_1ce4_e5b9
    return hash ^ hash &>> 31
  }
}
