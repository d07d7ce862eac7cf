/// The part of a stream that lies in memory: what is not used yet, and what was read ahead.
///
///     │ …used… │ …next record… │ …read ahead… │ …free… │ slack │
///              start                          end
///
/// Behind the end lies enough memory for a load of 64 bytes, whatever it holds.
struct ReadingRoom: ~Copyable {
  /// Where the bytes begin that are not used yet.
  private(set) var start = 0

  /// Where the bytes end that were read.
  private(set) var end = 0

  /// The stream has no more bytes than were read.
  private(set) var isAll = false

  private let stream: any ByteStream
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private static let slack = 64

  /// The bytes of `stream`, read about `capacity` at a time.
  init(_ stream: any ByteStream, capacity: Int) {
    self.stream = stream
    self.capacity = max(capacity, 1)
    memory = .allocate(byteCount: self.capacity + Self.slack, alignment: 64)
  }

  deinit { memory.deallocate() }

  /// Where the memory begins, of which `start` and `end` are offsets; good until more is read.
  var base: UnsafeMutableRawPointer { memory }

  /// The bytes that are read and not used.
  var rest: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: memory + start, count: end - start)
  }

  /// Marks the bytes before `offset` as used.
  mutating func use(upTo offset: Int) { start = offset }

  /// Moves what is not used to the front and reads what comes next behind it; makes more room where
  /// there is none.
  mutating func readAhead() throws {
    let restCount = end - start
    if restCount == capacity {
      let larger = UnsafeMutableRawPointer.allocate(
        byteCount: capacity * 2 + Self.slack, alignment: 64)
      larger.copyMemory(from: memory + start, byteCount: restCount)
      memory.deallocate()
      memory = larger
      capacity *= 2
    } else if start > 0 {
      memory.copyMemory(from: memory + start, byteCount: restCount)
    }
    (start, end) = (0, restCount)
    while end < capacity {
      let free = UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end)
      let count = try stream.read(into: free)
      if count == 0 {
        isAll = true
        return
      }
      end += count
    }
  }
}
