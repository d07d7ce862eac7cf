import MartletColumns
import Testing

struct XXHash64Tests {
  /// The answers that the algorithm's authors publish, for texts and for the first bytes of the sequence
  /// that their own check hashes: each byte the highest of a number that is multiplied by a prime.
  @Test(
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func `texts have the published hashes`(text: String, expected: UInt64) {
    #expect(Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) } == expected)
  }

  @Test(
    arguments: [
      (0, 0xEF46_DB37_51D8_E999), (1, 0xE934_A84A_DB05_2768), (4, 0x9136_A0DC_A574_57EE),
      (14, 0x8282_DCC4_994E_35C8), (222, 0xB641_AE8C_B691_C174),
    ] as [(Int, UInt64)])
  func `the check's bytes have the published hashes`(count: Int, expected: UInt64) {
    var number: UInt64 = 2_654_435_761
    let bytes = (0..<count).map { _ in
      defer { number &*= 11_400_714_785_074_694_797 }
      return UInt8(truncatingIfNeeded: number >> 56)
    }
    #expect(bytes.withUnsafeBytes { XXHash64.hash($0) } == expected)
  }
}
