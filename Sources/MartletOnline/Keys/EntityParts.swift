/// The keys that lie behind an entity's own: an entity's key says itself where it ends, so that what
/// follows is no other entity's.
///
///     table │ entity                    the entity's rows, or what its chapters hold
///     table │ entity │ 01 │ number      a chapter
///     table │ entity │ 02 │ hash        an id that some chapter holds: the event time of its row
enum EntityParts {
  static func chapter(_ number: UInt32, of key: some Collection<UInt8>) -> [UInt8] {
    var bytes = Array(key)
    bytes.append(1)
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    return bytes
  }

  static func id(_ hash: UInt64, of key: some Collection<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    appendId(hash, of: key, to: &bytes)
    return bytes
  }

  static func appendId(
    _ hash: UInt64, of key: some Collection<UInt8>, to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: key)
    bytes.append(2)
    bytes.append(bigEndian: hash)
  }
}
