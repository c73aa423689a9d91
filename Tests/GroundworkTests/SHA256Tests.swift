import Groundwork
import Testing

@Suite("SHA-256") struct SHA256Tests {
  @Test("the digests of the standard's examples")
  func examples() {
    func digest(_ text: String) -> String { Array(text.utf8).withUnsafeBytes { SHA256.hexadecimal($0) } }
    #expect(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    // Lengths around a block's end, where the length no longer fits behind the text.
    #expect(
      digest(String(repeating: "a", count: 64)) == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb")
  }
}
