import Testing

@testable import MartletServing

struct AnswerHeadTests {
  @Test(arguments: [0, 1, 9, 10, 512, 1_234_567])
  func `tells the length of what follows it`(length: Int) throws {
    var queue = ByteQueue()
    queue.append("before")
    let head = AnswerHead(status: .ok, contentType: "text/plain", fields: "A: b\r\n")
    let size = head.append(to: &queue, at: HTTPDate(second: 0)) {
      $0.append([UInt8](repeating: 0x78, count: length))
    }
    let text = String(decoding: queue.unsafeBytes, as: UTF8.self)
    let parts = text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
    let field = try #require(parts[0].split(separator: "\r\n").last)
    let digits = try #require(field.split(separator: ":").last).filter { $0 != " " }
    #expect(field.hasPrefix("Content-Length:"))
    #expect(Int(String(digits)) == length)
    #expect(size == length)
    #expect(parts[1].utf8.count == length)
    #expect(text.hasPrefix("beforeHTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"))
  }

  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
  ])
  func `writes dates as RFC 9110 does`(second: Int, text: String) {
    #expect(HTTPDate(second: second).text == text)
  }
}

struct ByteQueueTests {
  @Test func `keeps bytes in order through every kind of change`() {
    var queue = ByteQueue()
    var model: [UInt8] = []
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, bound)
    }
    for step in 0..<20_000 {
      switch next(6) {
      case 0, 1:
        let bytes = (0..<next(40)).map { UInt8(truncatingIfNeeded: step &+ $0) }
        queue.append(bytes)
        model += bytes
      case 2:
        queue.append(UInt8(truncatingIfNeeded: step))
        model.append(UInt8(truncatingIfNeeded: step))
      case 3:
        let count = next(model.count + 1)
        queue.removeFirst(count)
        model.removeFirst(count)
      case 4:
        let start = next(model.count + 1)
        let end = start + next(model.count - start + 1)
        queue.remove(start..<end)
        model.removeSubrange(start..<end)
      default: queue.releaseIfEmpty()
      }
      guard queue.unsafeBytes.elementsEqual(model) else {
        Issue.record("differs at step \(step)")
        return
      }
    }
  }
}
