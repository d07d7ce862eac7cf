import MartletOffline

/// Standard output: the data that a command was asked for.
///
/// Buffered, and told apart from talk: nothing but the answer is written here, so that it can be
/// piped. The buffer is ours because the C library's is lost when a process ends in a crash.
final class Output {
  private let descriptor: Descriptor
  private var buffer: [UInt8] = []
  private let bufferSizeInBytes = 64 << 10

  init(to descriptor: Descriptor) { self.descriptor = descriptor }

  /// Writes `text` and ends the line.
  func line(_ text: String) throws(OutputError) {
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= bufferSizeInBytes { try flush() }
  }

  /// Writes `text` as it is.
  func write(_ text: String) throws(OutputError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= bufferSizeInBytes { try flush() }
  }

  /// Writes bytes as they are.
  func write(_ bytes: Span<UInt8>) throws(OutputError) {
    bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    if buffer.count >= bufferSizeInBytes { try flush() }
  }

  /// Hands everything over to the system.
  func flush() throws(OutputError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    do throws(SystemError) {
      try descriptor.write(buffer.span.bytes)
    } catch {
      throw error.code == SystemError.closedPipe ? .closed : .refused(error)
    }
  }
}

/// Why an answer could not be written.
enum OutputError: Error, Equatable {
  /// The reader has gone, as `head` does when it has seen enough.
  case closed
  case refused(SystemError)
}
