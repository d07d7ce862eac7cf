/// How a file ends.
///
///     │ metadata │ its size, 4 bytes │ PAR1 │
///
/// It begins with PAR1 too.
enum Footer {
  static let magic: [UInt8] = Array("PAR1".utf8)

  /// The ending of files whose footer is encrypted.
  static let encryptedMagic: [UInt8] = Array("PARE".utf8)

  /// The bytes of the size and the magic.
  static let tailByteCount = 8

  /// The bytes that end a file of `metadata`.
  static func bytes(of metadata: FileMetadata) -> [UInt8] {
    let bytes = CompactWriter.bytes(of: metadata)
    let size = UInt32(bytes.count)
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + magic
  }

  /// The size of the metadata that `tail`, a file's last bytes, announces.
  static func metadataByteCount(
    tail: UnsafeRawBufferPointer, fileByteCount: Int
  ) throws(ParquetError) -> Int {
    precondition(tail.count == tailByteCount, "a tail of \(tail.count) bytes")
    let ending = Array(tail[4...])
    if ending == encryptedMagic { throw .unsupported("encrypted files: the footer is encrypted") }
    guard ending == magic else {
      throw ParquetError(.notParquet("it does not end in PAR1"))
    }
    let size = tail.loadUnaligned(as: UInt32.self)
    let most = fileByteCount - tailByteCount - magic.count
    guard Int(UInt32(littleEndian: size)) <= most else {
      throw .damaged("the footer claims \(size) bytes of a file of \(fileByteCount)")
    }
    return Int(UInt32(littleEndian: size))
  }
}
