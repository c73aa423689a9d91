import Groundwork
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Runs a body with a new directory, which is removed afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let template = Array("/tmp/forage-test-XXXXXX".utf8CString)
  let path = template.withUnsafeBufferPointer { original in
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: original.count)
    defer { copy.deallocate() }
    _ = copy.initialize(from: original)
    return mkdtemp(copy.baseAddress!).map { String(cString: $0) }
  }
  let directory = try #require(path)
  defer { try? Files.remove(directory) }
  try body(directory)
}
