import MartletParquet

/// Bytes whose reading ends when someone asks for the end of the job.
struct WatchedBytes: ByteSource {
  private let bytes: any ByteSource
  private let interruption: Interruption

  init(_ bytes: any ByteSource, _ interruption: Interruption) {
    self.bytes = bytes
    self.interruption = interruption
  }

  var byteCount: Int { bytes.byteCount }

  func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws {
    try interruption.check()
    try bytes.read(at: offset, into: room)
  }
}
