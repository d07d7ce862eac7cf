import MartletColumns

/// Reads a page's values of bytes, one at a time.
struct TextReader {
  private enum Source {
    case plain
    case fixed(width: Int)
    case dictionary(RunReader, Strings)
    case deltaLength(DeltaReader)
    case deltaBytes(prefixes: DeltaReader, suffixes: DeltaReader)
    case split(width: Int, index: Int, count: Int)
  }

  private var source: Source
  private var bytes: NumberReader.Bytes
  /// The value before, where values are told by what they share with it.
  private var last = LastValue()

  private init(_ source: Source, _ bytes: NumberReader.Bytes) {
    self.source = source
    self.bytes = bytes
  }

  /// The values of `bytes` in `encoding`, each of `fixedByteCount` bytes where that is said.
  init(
    _ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, fixedByteCount: Int?,
    nothing: UnsafeRawPointer
  ) throws(ParquetError) {
    var rest = NumberReader.Bytes(bytes, nothing: nothing)
    switch encoding {
    case .plain:
      self.init(fixedByteCount.map { .fixed(width: $0) } ?? .plain, rest)
    case .deltaLengthByteArray where fixedByteCount == nil:
      let lengths = try DeltaReader(bytes, nothing: nothing)
      rest.place = try lengths.endOfNumbers()
      self.init(.deltaLength(lengths), rest)
    case .deltaByteArray:
      let prefixes = try DeltaReader(bytes, nothing: nothing)
      rest.place = try prefixes.endOfNumbers()
      let suffixes = try DeltaReader(
        UnsafeRawBufferPointer(start: rest.place, count: rest.left), nothing: nothing)
      rest.place = try suffixes.endOfNumbers()
      self.init(.deltaBytes(prefixes: prefixes, suffixes: suffixes), rest)
    case .byteStreamSplit:
      guard let width = fixedByteCount else { fallthrough }
      self.init(.split(width: width, index: 0, count: bytes.count / width), rest)
    default: throw .unsupported("\(encoding) of such values")
    }
  }

  /// The values of `dictionary` that `codes` number.
  init(_ codes: RunReader, of dictionary: Strings, nothing: UnsafeRawPointer) {
    let none = UnsafeRawBufferPointer(start: nothing, count: 0)
    self.init(.dictionary(codes, dictionary), .init(none, nothing: nothing))
  }

  /// Calls `body` with each of the next `count` values; the pointers are good for the call.
  mutating func read(
    _ count: Int, _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    switch source {
    case .plain:
      for _ in 0..<count {
        let size = try bytes.take(4).loadUnaligned(as: UInt32.self)
        try body(try take(Int(size)))
      }
    case .fixed(let width):
      for _ in 0..<count { try body(try take(width)) }
    case .dictionary(var codes, let dictionary):
      var code: Int32 = 0
      for _ in 0..<count {
        try codes.read(1, into: &code)
        try NumberReader.checkCodes(&code, 1, within: dictionary.count)
        try dictionary.withBytes(at: Int(code), body)
      }
      source = .dictionary(codes, dictionary)
    case .deltaLength(var lengths):
      for _ in 0..<count { try body(try take(Int(try lengths.next()))) }
      source = .deltaLength(lengths)
    case .deltaBytes(var prefixes, var suffixes):
      for _ in 0..<count {
        let prefix = try prefixes.next()
        let suffix = try take(Int(try suffixes.next()))
        guard prefix >= 0, prefix <= last.count else {
          throw .damaged("a value shares \(prefix) bytes with one of \(last.count)")
        }
        try body(last.replace(behind: Int(prefix), by: suffix))
      }
      source = .deltaBytes(prefixes: prefixes, suffixes: suffixes)
    case .split(let width, let index, let all):
      guard count <= all - index else { throw .truncated }
      var value = [UInt8](repeating: 0, count: width)
      for index in index..<index + count {
        for part in 0..<width {
          value[part] = bytes.place.load(fromByteOffset: part * all + index, as: UInt8.self)
        }
        try value.span.bytes.withUnsafeBytes { (value) throws(ParquetError) in try body(value) }
      }
      source = .split(width: width, index: index + count, count: all)
    }
  }

  private mutating func take(_ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: try bytes.take(count), count: count)
  }
}
