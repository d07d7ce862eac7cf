import CBrotli
import CLZ4
import CZlib
import CZstd
public import MartletDiagnostics

extension LinkedLibrary {
  /// The libraries behind the codecs of Parquet pages.
  public static var codecs: [LinkedLibrary] {
    [
      LinkedLibrary("zstd", fileStem: "libzstd", version: ZSTD_versionString().map(text)),
      LinkedLibrary("snappy", fileStem: "libsnappy", version: nil),
      LinkedLibrary("zlib", fileStem: "libz", version: zlibVersion().map(text)),
      LinkedLibrary("lz4", fileStem: "liblz4", version: LZ4_versionString().map(text)),
      LinkedLibrary("brotli", fileStem: "libbrotlidec", version: brotliVersion),
    ]
  }

  /// Brotli packs its version in hexadecimal digits: one and a half bytes each for minor and patch.
  private static var brotliVersion: String {
    let packed = BrotliDecoderVersion()
    return "\(packed >> 24).\(packed >> 12 & 0xFFF).\(packed & 0xFFF)"
  }
}

private func text(_ characters: UnsafePointer<CChar>) -> String { String(cString: characters) }
