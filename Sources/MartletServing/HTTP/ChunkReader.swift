/// Takes a chunked body out of its chunks, where it lies.
///
///     before  │ head │ body so far │ 5;x CR LF │ hello CR LF │ 0 CR LF │ CR LF │ next request
///     after   │ head │ body so far │ hello │ next request
///
/// Steps: read a size, move the chunk's bytes down to the body's end, and begin again; a chunk of size
/// 0 is followed by trailing fields, which are checked and dropped, and an empty line.
struct ChunkReader {
  /// Where the body ends so far.
  private(set) var bodyEnd: Int
  private let bodyStart: Int
  private var position: Int
  private var stage = Stage.size
  private var lines: LineReader

  private enum Stage {
    case size
    case data(left: Int)
    case dataEnd
    case trailer(from: Int)
    case complete
  }

  init(from bodyStart: Int) {
    self.bodyStart = bodyStart
    bodyEnd = bodyStart
    position = bodyStart
    lines = LineReader(from: bodyStart)
  }

  /// Reads on in `queue`, which begins with the request; `true` once the body is complete.
  ///
  /// Whatever stood between the body's end and what is not read yet is gone when this returns.
  mutating func advance(
    _ queue: inout ByteQueue, bodyLimit: Int, _ limits: RequestLimits
  ) throws(RequestRefusal) -> Bool {
    let isComplete = try read(&queue, bodyLimit, limits)
    queue.remove(bodyEnd..<position)
    // Trailing fields are counted from where they began, wherever that has moved to.
    if case .trailer(let start) = stage { stage = .trailer(from: start - (position - bodyEnd)) }
    position = bodyEnd
    lines = LineReader(from: position)
    return isComplete
  }

  private mutating func read(
    _ queue: inout ByteQueue, _ bodyLimit: Int, _ limits: RequestLimits
  ) throws(RequestRefusal) -> Bool {
    while true {
      switch stage {
      case .size:
        guard let line = try nextLine(queue, within: limits.chunkLineBytes, or: .chunk) else {
          return false
        }
        let size = try size(queue.span, line)
        if size > bodyLimit - (bodyEnd - bodyStart) { throw .bodyTooLarge(limit: bodyLimit) }
        stage = size == 0 ? .trailer(from: position) : .data(left: size)
      case .data(let left):
        let part = min(left, queue.count - position)
        queue.move(from: position, to: bodyEnd, count: part)
        bodyEnd += part
        position += part
        if part < left {
          stage = .data(left: left - part)
          return false
        }
        stage = .dataEnd
      case .dataEnd:
        guard queue.count >= position + 2 else {
          if queue.count > position, queue.span[position] != 0x0D { throw .chunk }
          return false
        }
        let bytes = queue.span
        guard bytes[position] == 0x0D, bytes[position + 1] == 0x0A else { throw .chunk }
        position += 2
        stage = .size
      case .trailer(let start):
        let room = limits.headBytes - (position - start)
        guard let line = try nextLine(queue, within: room, or: .headTooLarge) else { return false }
        if line.isEmpty {
          stage = .complete
          return true
        }
        try checkTrailer(queue.span, line)
      case .complete:
        return true
      }
    }
  }

  private mutating func nextLine(
    _ queue: borrowing ByteQueue, within count: Int, or refusal: RequestRefusal
  ) throws(RequestRefusal) -> Range<Int>? {
    if lines.position != position { lines = LineReader(from: position) }
    guard let line = try lines.next(in: queue.span, before: position + count, or: refusal) else {
      return nil
    }
    position = lines.position
    return line
  }

  /// A chunk's size: at most fifteen hexadecimal digits, then nothing or an extension.
  private func size(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestRefusal) -> Int {
    var index = line.lowerBound
    var size = 0
    while index < line.upperBound, let digit = bytes[index].hexadecimalDigit {
      if index - line.lowerBound == 15 { throw .chunk }
      size = size << 4 | digit
      index += 1
    }
    guard index > line.lowerBound else { throw .chunk }
    if index < line.upperBound {
      guard bytes[index] == UInt8(ascii: ";") else { throw .chunk }
      for rest in index..<line.upperBound where !FieldSyntax.isValue(bytes[rest]) { throw .chunk }
    }
    return size
  }

  private func checkTrailer(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestRefusal) {
    var index = line.lowerBound
    while index < line.upperBound, FieldSyntax.isToken(bytes[index]) { index += 1 }
    guard index > line.lowerBound, index < line.upperBound, bytes[index] == UInt8(ascii: ":")
    else { throw .fieldName }
    for rest in index..<line.upperBound where !FieldSyntax.isValue(bytes[rest]) {
      throw .fieldValue
    }
  }
}

extension UInt8 {
  /// What the character stands for in base 16.
  var hexadecimalDigit: Int? {
    switch self {
    case 0x30...0x39: Int(self) - 0x30
    case 0x41...0x46: Int(self) - 0x37
    case 0x61...0x66: Int(self) - 0x57
    default: nil
    }
  }
}
