/// Values of one type, any of which may be null.
///
/// Copies and slices share memory; nothing about a column ever changes.
///
/// Invariants:
/// - `validity`, if there, has a bit for each row, set where there is a value. There is none when
///   no row is null.
/// - A null's slot holds the type's zero (0, false, an empty text or list), so that what a kernel
///   reads there is always the same.
public struct Column: Sendable {
  /// The values, by the type's storage.
  public enum Values: Sendable {
    case bool(Buffer<Bool>)
    case int(Buffer<Int64>)
    case double(Buffer<Double>)
    case string(Strings)
    /// Texts that repeat. The type is `string`, as of `Values.string`.
    case dictionary(DictionaryStrings)
    /// Microseconds since the beginning of 1970, UTC.
    case time(Buffer<Int64>)
    case bytes(Strings)
    indirect case list(Lists)
    case vector(Vectors)
  }

  /// The values. A null's slot holds zero.
  public let values: Values

  /// Which rows have a value; `nil` when all have.
  public let validity: Bitmap?

  /// A column of `values`, of which those clear in `validity` are null.
  public init(_ values: Values, validity: Bitmap? = nil) {
    self.values = values
    self.validity = validity
    if let validity { precondition(validity.count == values.count, "\(validity.count) bits") }
    checkInvariants()
  }

  /// A part of what was checked as a whole.
  private init(part values: Values, with validity: Bitmap?) {
    self.values = values
    self.validity = validity
  }

  /// The number of rows.
  public var count: Int { values.count }

  /// What the values are.
  public var type: ColumnType { values.type }

  /// Whether row `index` is null.
  public func isNull(at index: Int) -> Bool {
    precondition(index >= 0 && index < count, "row \(index) of \(count)")
    guard let validity else { return false }
    return !validity[index]
  }

  /// How many rows are null. Reads the bitmap.
  public func countNulls() -> Int {
    guard let validity else { return 0 }
    return count - validity.countSetBits()
  }

  /// The rows in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Column {
    Column(part: values.slice(range), with: validity?.slice(range))
  }

  /// A column of `count` nulls.
  public static func nulls(of type: ColumnType, count: Int) -> Column {
    Column(
      .zeros(of: type, count: count),
      validity: count == 0 ? nil : Bitmap(repeating: false, count: count))
  }
}

extension Column.Values {
  /// The number of rows.
  public var count: Int {
    switch self {
    case .bool(let flags): flags.count
    case .int(let numbers), .time(let numbers): numbers.count
    case .double(let numbers): numbers.count
    case .string(let texts), .bytes(let texts): texts.count
    case .dictionary(let texts): texts.count
    case .list(let lists): lists.count
    case .vector(let vectors): vectors.count
    }
  }

  /// What the values are.
  public var type: ColumnType {
    switch self {
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .string, .dictionary: .string
    case .time: .time
    case .bytes: .bytes
    case .list(let lists): .list(lists.elements.type)
    case .vector(let vectors): .vector(width: vectors.width)
    }
  }

  /// The rows in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> Self {
    switch self {
    case .bool(let flags): .bool(flags.slice(range))
    case .int(let numbers): .int(numbers.slice(range))
    case .double(let numbers): .double(numbers.slice(range))
    case .string(let texts): .string(texts.slice(range))
    case .dictionary(let texts): .dictionary(texts.slice(range))
    case .time(let instants): .time(instants.slice(range))
    case .bytes(let texts): .bytes(texts.slice(range))
    case .list(let lists): .list(lists.slice(range))
    case .vector(let vectors): .vector(vectors.slice(range))
    }
  }

  /// `count` zeros of `type`, as nulls have them.
  public static func zeros(of type: ColumnType, count: Int) -> Self {
    switch type {
    case .bool: .bool(Buffer(repeating: false, count: count))
    case .int: .int(Buffer(repeating: 0, count: count))
    case .double: .double(Buffer(repeating: 0, count: count))
    case .string: .string(.empties(count))
    case .time: .time(Buffer(repeating: 0, count: count))
    case .bytes: .bytes(.empties(count))
    case .list(let element):
      .list(
        Lists(
          offsets: Buffer(repeating: 0, count: count + 1),
          elements: Column(.zeros(of: element, count: 0))))
    case .vector(let width):
      .vector(
        Vectors(width: width, count: count, floats: Buffer(repeating: 0, count: count * width)))
    }
  }
}

extension Strings {
  /// `count` empty texts.
  static func empties(_ count: Int) -> Strings {
    Strings(offsets: Buffer(repeating: 0, count: count + 1), bytes: [])
  }
}
