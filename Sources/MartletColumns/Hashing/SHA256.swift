import CCrypto

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
///
///     var hash = SHA256()
///     hash.add(page.bytes)
///     hash.add(footer.bytes)
///     hash.digest()
///
/// OpenSSL's: what every file that is read or written goes through is worth code for each processor.
public struct SHA256: Sendable {
  private var context = SHA256_CTX()

  /// The hash of no bytes.
  public init() { SHA256_Init(&context) }

  /// The hash of `bytes`.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.add($0) }
    return hash.digest()
  }

  /// Adds the bytes that come next.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    SHA256_Update(&context, bytes.baseAddress, bytes.count)
  }

  /// The 32 bytes of the hash of all that was added.
  public func digest() -> [UInt8] {
    var last = context
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      SHA256_Final(digest.baseAddress, &last)
      count = digest.count
    }
  }

  /// What OpenSSL says it is: `3.0.19`.
  public static var libraryVersion: String {
    String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
  }
}
