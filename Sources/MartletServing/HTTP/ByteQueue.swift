import Glibc

/// Bytes that are added at one end and taken from the other, in one run of memory.
///
///     memory │ taken │ start ── held ── end │ room │
///
/// A queue that holds nothing may give its memory back, so that ten thousand idle connections hold
/// none.
///
/// Invariants:
/// - `0 <= start <= end <= memory.count`, and both are 0 when nothing is held.
struct ByteQueue: ~Copyable {
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  /// The least memory that a queue takes; most requests and answers fit into it.
  static let block = 16 * 1024

  init() { memory = UnsafeMutableRawBufferPointer(start: nil, count: 0) }

  deinit { memory.deallocate() }

  /// The number of bytes held.
  var count: Int { end - start }

  var isEmpty: Bool { start == end }

  /// The bytes held, for reading.
  var span: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      let held = UnsafeRawBufferPointer(rebasing: memory[start..<end])
      let span = Span<UInt8>(_unsafeBytes: held)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// The bytes held; the pointer is good until the queue is next changed.
  var unsafeBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Appends what `body` writes into room for at least `room` bytes; `body` returns how many it wrote.
  mutating func append(
    upTo room: Int, writing body: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    reserve(room)
    let written = body(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
    precondition(written >= 0 && written <= memory.count - end, "wrote \(written)")
    end += written
  }

  /// Appends one byte.
  mutating func append(_ byte: UInt8) {
    if end == memory.count { reserve(1) }
    memory[end] = byte
    end += 1
  }

  /// Appends `bytes`.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    reserve(bytes.count)
    UnsafeMutableRawBufferPointer(rebasing: memory[end...]).copyMemory(from: bytes)
    end += bytes.count
  }

  /// Appends `bytes`.
  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Appends a literal, which is there already and only needs copying.
  mutating func append(_ literal: StaticString) {
    literal.withUTF8Buffer { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends `text` in UTF-8.
  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Replaces the byte that stands `offset` bytes after the first held one.
  mutating func replace(at offset: Int, with byte: UInt8) {
    precondition(offset >= 0 && offset < count, "byte \(offset) of \(count)")
    memory[start + offset] = byte
  }

  /// Takes the first `taken` bytes away.
  mutating func removeFirst(_ taken: Int) {
    precondition(taken >= 0 && taken <= count, "\(taken) bytes of \(count)")
    start += taken
    if start == end { (start, end) = (0, 0) }
  }

  /// Takes the last `taken` bytes away.
  mutating func removeLast(_ taken: Int) {
    precondition(taken >= 0 && taken <= count, "\(taken) bytes of \(count)")
    end -= taken
    if start == end { (start, end) = (0, 0) }
  }

  /// Takes the bytes at `range`, counted from the first held one, out of the middle.
  mutating func remove(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    move(from: range.upperBound, to: range.lowerBound, count: count - range.upperBound)
    removeLast(range.count)
  }

  /// Moves `count` held bytes within the queue; the two places may overlap.
  mutating func move(from source: Int, to target: Int, count moved: Int) {
    precondition(source >= 0 && target >= 0 && moved >= 0, "from \(source) to \(target)")
    precondition(source + moved <= count && target + moved <= count, "beyond \(count)")
    guard moved > 0, source != target, let base = memory.baseAddress else { return }
    memmove(base + start + target, base + start + source, moved)
  }

  /// Gives the memory back, if nothing is held.
  mutating func releaseIfEmpty() {
    guard isEmpty, memory.count > 0 else { return }
    memory.deallocate()
    memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  /// Makes room for `more` bytes behind the held ones.
  mutating func reserve(_ more: Int) {
    if memory.count - end >= more { return }
    let held = count
    if memory.count - held >= more, start >= held {
      // What is held fits into the room of what was taken.
      if let base = memory.baseAddress { memcpy(base, base + start, held) }
    } else {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(held + more, memory.count * 2, ByteQueue.block), alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
      memory.deallocate()
      memory = larger
    }
    (start, end) = (0, held)
  }
}
