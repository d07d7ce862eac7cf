/// A column under construction, a value at a time, for types known only when running.
///
/// Where the type is known beforehand, a `BufferBuilder` or `StringsBuilder` beside a
/// `BitmapBuilder` is quicker.
public final class ColumnBuilder {
  /// What the values are.
  public let type: ColumnType

  // One of these takes the values, by the type: `words` numbers and times by their bits, `texts`
  // strings and bytes, `floats` the numbers of vectors, `offsets` and `elements` lists.
  private var words: BufferBuilder<Int64>
  private var flags = BufferBuilder<Bool>()
  private var texts = StringsBuilder()
  private var floats = BufferBuilder<Float>()
  private var offsets = BufferBuilder<Int32>()
  private let elements: ColumnBuilder?
  private var validity: BitmapBuilder

  /// An empty builder with room for `capacity` values.
  public init(_ type: ColumnType, capacity: Int = 0) {
    self.type = type
    words = BufferBuilder()
    validity = BitmapBuilder(capacity: capacity)
    if case .list(let element) = type {
      elements = ColumnBuilder(element)
      offsets.append(0)
    } else {
      elements = nil
    }
  }

  /// The number of values so far.
  public var count: Int { validity.count }

  /// Appends a null.
  public func appendNull() {
    validity.append(false)
    switch type {
    case .bool: flags.append(false)
    case .int, .double, .time: words.append(0)
    case .string, .bytes: texts.appendEmpty()
    case .list: endList()
    case .vector(let width): floats.append(repeating: 0, count: width)
    }
  }

  /// Appends `value`, or says `false` and appends nothing where it is of another type.
  ///
  /// An int fits a double column when the double is exactly that number.
  public func append(_ value: Value) -> Bool {
    switch (value, type) {
    case (.null, _):
      appendNull()
      return true
    case (.bool(let flag), .bool): flags.append(flag)
    case (.int(let number), .int): words.append(number)
    case (.int(let number), .double):
      guard let exact = Double(exactly: number) else { return false }
      words.append(Int64(bitPattern: exact.bitPattern))
    case (.double(let number), .double): words.append(Int64(bitPattern: number.bitPattern))
    case (.time(let instant), .time): words.append(instant.microseconds)
    case (.string(let text), .string):
      guard texts.hasRoom(for: text.utf8.count) else { return false }
      texts.append(text)
    case (.bytes(let bytes), .bytes):
      guard texts.hasRoom(for: bytes.count) else { return false }
      bytes.withUnsafeBytes { texts.append($0) }
    case (.vector(let numbers), .vector(let width)):
      guard numbers.count == width else { return false }
      floats.append(contentsOf: numbers.span)
    case (.list(let values), .list):
      guard let elements, values.allSatisfy({ $0.fits(elements.type) }) else { return false }
      for value in values { _ = elements.append(value) }
      endList()
    default: return false
    }
    validity.append(true)
    return true
  }

  private func endList() {
    offsets.append(Int32(clamping: elements?.count ?? 0))
  }

  /// The column, and an empty builder left behind.
  public func finish() -> Column {
    let words = take(&words).finish()
    let count = validity.count
    let validity = take(&validity).finishAsValidity()
    let values: Column.Values
    switch type {
    case .bool: values = .bool(take(&flags).finish())
    case .int: values = .int(words)
    case .time: values = .time(words)
    case .double: values = .double(words.reinterpreted(as: Double.self))
    case .string: values = .string(take(&texts).finish())
    case .bytes: values = .bytes(take(&texts).finish())
    case .vector(let width):
      values = .vector(Vectors(width: width, count: count, floats: take(&floats).finish()))
    case .list(let element):
      let lists = take(&offsets).finish()
      offsets.append(0)
      values = .list(
        Lists(offsets: lists, elements: elements?.finish() ?? Column(.zeros(of: element, count: 0)))
      )
    }
    return Column(values, validity: validity)
  }

  private func take<T>(_ builder: inout BufferBuilder<T>) -> BufferBuilder<T> {
    exchange(&builder, with: BufferBuilder())
  }

  private func take(_ builder: inout StringsBuilder) -> StringsBuilder {
    exchange(&builder, with: StringsBuilder())
  }

  private func take(_ builder: inout BitmapBuilder) -> BitmapBuilder {
    exchange(&builder, with: BitmapBuilder())
  }
}

extension Column {
  /// A column of `values`, or `nil` where one of them is of another type.
  public init?(_ type: ColumnType, _ values: some Sequence<Value>) {
    let builder = ColumnBuilder(type)
    for value in values {
      guard builder.append(value) else { return nil }
    }
    self = builder.finish()
  }
}

extension Value {
  /// Whether a column of `type` can hold this value.
  public func fits(_ type: ColumnType) -> Bool {
    switch (self, type) {
    case (.null, _), (.bool, .bool), (.int, .int), (.double, .double), (.string, .string),
      (.time, .time), (.bytes, .bytes):
      true
    case (.int(let number), .double): Double(exactly: number) != nil
    case (.vector(let numbers), .vector(let width)): numbers.count == width
    case (.list(let values), .list(let element)): values.allSatisfy { $0.fits(element) }
    default: false
    }
  }
}
