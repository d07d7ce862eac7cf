/// A request as whoever answers it sees it: places in the connection's bytes, good for the call.
struct Request {
  let head: RequestHead
  private let bytes: UnsafeRawBufferPointer
  private let bodyRange: Range<Int>

  init(_ head: RequestHead, in bytes: UnsafeRawBufferPointer, body: Range<Int>) {
    self.head = head
    self.bytes = bytes
    bodyRange = body
  }

  var path: UnsafeRawBufferPointer { part(head.path) }

  var body: UnsafeRawBufferPointer { part(bodyRange) }

  /// The bytes at a place that the head names.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  /// The same, as a string of its own; what is no UTF-8 is mended.
  func text(_ range: Range<Int>?) -> String? {
    range.map { String(decoding: part($0), as: UTF8.self) }
  }
}
