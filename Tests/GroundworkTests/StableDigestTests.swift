import Groundwork
import Testing

@Suite struct StableDigestTests {
  @Test("the digest of a text is the same in every run, and one bit of the text changes about half of it")
  func digests() {
    #expect(StableDigest.of("forage") == StableDigest.of(Array("forage".utf8)))
    #expect(StableDigest.of("") == 0xf52a_15e9_a9b5_e89b)
    let changed = (0..<100).map { (StableDigest.of("text \($0)") ^ StableDigest.of("text \($0 ^ 1)")).nonzeroBitCount }
    #expect(changed.allSatisfy { (12...52).contains($0) })
  }
}
