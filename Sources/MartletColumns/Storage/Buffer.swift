/// Values side by side in memory that never changes again.
///
/// Copies and slices share the memory. A buffer is made by a `BufferBuilder`, which gives its
/// memory away when it is finished.
///
///     owner ──▶ │ · · · · · · · · · · · · │ slack │
///                     ╰── start, count ──╯
public struct Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  // Sendable because nobody writes to `owner` any more once a buffer of it exists.
  private let owner: Allocation
  private let start: UnsafePointer<Element>

  /// The number of values.
  public let count: Int

  /// The first `count` values that `owner` holds, from `offset` on.
  init(of owner: Allocation, from offset: Int = 0, count: Int) {
    self.owner = owner
    self.start = UnsafePointer(owner.start.assumingMemoryBound(to: Element.self) + offset)
    self.count = count
  }

  private init(owner: Allocation, start: UnsafePointer<Element>, count: Int) {
    self.owner = owner
    self.start = start
    self.count = count
  }

  /// No values.
  public init() {
    self.init(of: Allocation(byteCount: 0), count: 0)
  }

  /// The values of `elements`, copied.
  public init(_ elements: some Collection<Element>) {
    var builder = BufferBuilder<Element>(capacity: elements.count)
    for element in elements { builder.append(element) }
    self = builder.finish()
  }

  /// The values of `span`, copied.
  public init(copying span: Span<Element>) {
    var builder = BufferBuilder<Element>(capacity: span.count)
    builder.append(contentsOf: span)
    self = builder.finish()
  }

  /// One value, `count` times.
  public init(repeating element: Element, count: Int) {
    var builder = BufferBuilder<Element>(capacity: count)
    builder.append(repeating: element, count: count)
    self = builder.finish()
  }

  /// The values, for loops.
  public var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = Span(_unsafeStart: start, count: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// Where the values begin, for kernels that read many buffers at once. It is good as long as one of
  /// the buffer's copies is there.
  var unsafeStart: UnsafePointer<Element> { start }

  /// Calls `body` with the values; the pointer is good for the call.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try body(UnsafeBufferPointer(start: start, count: count))
  }

  /// The value at `index`.
  public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "index \(index) of \(count)")
    return start[index]
  }

  /// The same bits as values of another type of the same size, sharing this memory.
  public func reinterpreted<Other: BitwiseCopyable>(as type: Other.Type) -> Buffer<Other> {
    precondition(
      MemoryLayout<Other>.stride == MemoryLayout<Element>.stride, "\(Element.self) as \(type)")
    let start = UnsafeRawPointer(start).assumingMemoryBound(to: type)
    return Buffer<Other>(owner: owner, start: start, count: count)
  }

  /// The values in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Buffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    return Buffer(owner: owner, start: start + range.lowerBound, count: range.count)
  }
}

extension Buffer: Equatable {
  /// Whether both hold the same bits.
  public static func == (one: Buffer, other: Buffer) -> Bool {
    one.count == other.count
      && (one.start == other.start
        || UnsafeRawBufferPointer(start: one.start, count: one.byteCount)
          .elementsEqual(UnsafeRawBufferPointer(start: other.start, count: other.byteCount)))
  }

  /// Whether both are the same part of the same memory, which is quick to see.
  func isIdentical(to other: Buffer) -> Bool { start == other.start && count == other.count }

  /// The bytes that the values take.
  public var byteCount: Int { count * MemoryLayout<Element>.stride }
}

extension Buffer: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}
