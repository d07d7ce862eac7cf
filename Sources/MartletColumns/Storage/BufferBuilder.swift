/// Values under construction: grows by doubling, and gives its memory away when finished.
///
/// Hot loops reserve once, write through `withUnsafeMutableSpace`, and settle with the count that
/// they wrote.
public struct BufferBuilder<Element: BitwiseCopyable>: ~Copyable {
  private var allocation: Allocation
  private var start: UnsafeMutablePointer<Element>

  /// The number of values so far.
  public private(set) var count = 0

  /// The number of values that fit before the memory must grow.
  public private(set) var capacity: Int

  /// An empty builder with room for `capacity` values.
  public init(capacity: Int = 0) {
    precondition(capacity >= 0, "a capacity of \(capacity)")
    self.capacity = capacity
    allocation = Allocation(byteCount: capacity * MemoryLayout<Element>.stride)
    start = allocation.start.assumingMemoryBound(to: Element.self)
  }

  /// Makes room for `more` further values.
  public mutating func reserve(_ more: Int) {
    precondition(more >= 0, "room for \(more)")
    if capacity - count < more { grow(to: count + more) }
  }

  private mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2, 16)
    let allocation = Allocation(byteCount: larger * MemoryLayout<Element>.stride)
    let start = allocation.start.assumingMemoryBound(to: Element.self)
    start.update(from: self.start, count: count)
    self.allocation = allocation
    self.start = start
    capacity = larger
  }

  /// Appends one value.
  public mutating func append(_ element: Element) {
    if count == capacity { grow(to: count + 1) }
    start[count] = element
    count += 1
  }

  /// Appends one value, `count` times.
  public mutating func append(repeating element: Element, count more: Int) {
    reserve(more)
    (start + count).update(repeating: element, count: more)
    count += more
  }

  /// Appends the values of `elements`.
  public mutating func append(contentsOf elements: Span<Element>) {
    elements.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends the values of `elements`.
  public mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress else { return }
    reserve(elements.count)
    (start + count).update(from: source, count: elements.count)
    count += elements.count
  }

  /// Appends what `body` writes into room for `capacity` values; `body` returns how many it wrote.
  ///
  /// The room holds whatever was there before. `Allocation`'s slack lies behind it.
  public mutating func append<Failure: Error>(
    upTo capacity: Int,
    writing body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Int
  ) throws(Failure) {
    reserve(capacity)
    let written = try body(UnsafeMutableBufferPointer(start: start + count, count: capacity))
    precondition(written >= 0 && written <= capacity, "wrote \(written) of \(capacity)")
    count += written
  }

  /// Replaces the value at `index`.
  public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      return start[index]
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      start[index] = newValue
    }
  }

  /// Forgets the values and keeps the memory.
  public mutating func removeAll() { count = 0 }

  /// The values so far, for reading.
  public var span: Span<Element> {
    @_lifetime(borrow self)
    borrowing get {
      let span = Span(_unsafeStart: UnsafePointer(start), count: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// The values so far, to change in place.
  public var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      let span = MutableSpan(_unsafeStart: start, count: count)
      return _overrideLifetime(span, mutating: &self)
    }
  }

  /// Calls `body` with the values so far, to change in place; the pointer is good for the call.
  public mutating func withUnsafeMutableBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeMutableBufferPointer(start: start, count: count))
  }

  /// The value at `index`, which the caller knows to be there.
  @inline(__always)
  func unchecked(_ index: Int) -> Element { start[index] }

  /// The values, in memory that is shared from now on.
  public consuming func finish() -> Buffer<Element> {
    Buffer(of: allocation, count: count)
  }
}
