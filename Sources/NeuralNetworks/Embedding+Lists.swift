internal import CKernels

/// How an input row becomes the list of table rows that are added up.
extension Embedding {
  /// Writes the lists of rows, `[rows, listCount]`.
  func list(_ input: InputRows, rows: Int, into lists: UnsafeMutablePointer<Int32>) {
    let stride = background.isShared ? 2 * lookups : lookups
    var outside = 0
    for row in 0..<rows { outside += list(input[row], into: lists + row * stride) }
    precondition(outside == 0, "\(outside) numbers of '\(name)' are outside its categories \(description.categories)")
  }

  /// Writes one row's list; returns how many numbers were outside their categories.
  func list(_ row: UnsafeRawPointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    if let crop = description.crop { return listCrop(row, crop, into: indices) }
    let bytes = row + offset
    switch background {
    case .omitted(let background):
      return foreground(bytes, background) { count, lookup, value in indices[count] = base[lookup] + value } end: {
        if $0 < lookups { indices[$0] = -2 }
      }
    case .shared(let background):
      return foreground(bytes, background) { count, lookup, value in
        indices[2 * count] = base[lookup] + value
        indices[2 * count + 1] = base[lookup] + Int32(background[lookup])
      } end: {
        if $0 < lookups { indices[2 * $0] = -2 }
      }
    case .none: break
    }
    if description.element == .uint8 {
      return forage_lookup_u8(
        lookups, bytes.assumingMemoryBound(to: UInt8.self), base, limit, Int32(description.ignored ?? -1), indices)
    }
    var outside = 0
    for lookup in 0..<lookups {
      if !look(InputField.read(bytes, lookup, description.element), lookup, into: &indices[lookup]) { outside += 1 }
    }
    return outside
  }

  /// The index of one number: -1 where it stands for nothing; whether it is one of its categories.
  @inline(__always)
  private func look(_ value: Int, _ lookup: Int, into index: inout Int32) -> Bool {
    index = -1
    if value == description.ignored { return true }
    guard value >= 0 && value < Int(limit[lookup]) else { return false }
    index = base[lookup] + Int32(value)
    return true
  }

  /// The list of a window of a larger image; cells beyond its edges add nothing.
  private func listCrop(
    _ row: UnsafeRawPointer, _ crop: InputField.Crop, into indices: UnsafeMutablePointer<Int32>
  ) -> Int {
    let channels = description.categories.count
    let left = InputField.read(row + crop.column.offset, 0, crop.column.element) - crop.width / 2
    let top = InputField.read(row + crop.row.offset, 0, crop.row.element) - crop.height / 2
    var outside = 0
    var lookup = 0
    for y in top..<top + crop.height {
      for x in left..<left + crop.width {
        let isInside = y >= 0 && y < crop.imageHeight && x >= 0 && x < crop.imageWidth
        for channel in 0..<channels {
          if !isInside {
            indices[lookup] = -1
          } else {
            let place = (y * crop.imageWidth + x) * channels + channel
            let value = InputField.read(row + offset, place, description.element)
            if !look(value, lookup, into: &indices[lookup]) { outside += 1 }
          }
          lookup += 1
        }
      }
    }
    return outside
  }

  /// Calls `add(number of the difference, lookup, value)` where a row differs from the background, and `end` with how
  /// many there were; eight numbers at a time, since nearly all are the background's.
  ///
  /// - Returns: How many numbers were outside their categories.
  @inline(__always)
  private func foreground(
    _ bytes: UnsafeRawPointer, _ background: [UInt8], add: (Int, Int, Int32) -> Void, end: (Int) -> Void
  ) -> Int {
    var outside = 0
    var count = 0
    background.withUnsafeBytes { background in
      let background = background.baseAddress!
      func compare(_ lookups: Range<Int>) {
        for lookup in lookups {
          let value = Int32(bytes.load(fromByteOffset: lookup, as: UInt8.self))
          guard value != Int32(background.load(fromByteOffset: lookup, as: UInt8.self)) else { continue }
          guard value < limit[lookup] else {
            outside += 1
            continue
          }
          add(count, lookup, value)
          count += 1
        }
      }
      let whole = lookups & ~7
      for lookup in stride(from: 0, to: whole, by: 8)
      where bytes.loadUnaligned(fromByteOffset: lookup, as: UInt64.self)
        != background.loadUnaligned(fromByteOffset: lookup, as: UInt64.self)
      {
        compare(lookup..<lookup + 8)
      }
      compare(whole..<lookups)
    }
    end(count)
    return outside
  }
}
