/// Where a value's text lies, and what the file says of it.
struct TextPlace: BitwiseCopyable {
  /// Its first byte, from the beginning of the memory that was read.
  var start: UInt32

  /// How many bytes, and above them the kind.
  private var countAndKind: UInt32

  /// What the file says of a text.
  enum Kind: UInt32 {
    /// There is no value.
    case null
    /// A text that says by itself what it is, as CSV has it.
    case plain
    /// The insides of quotes.
    case quoted
    /// JSON's number, flag, array or object, as written.
    case number, flag, array, object
  }

  /// No text is longer, nor does it begin further from the beginning.
  static let mostBytes = 1 << 28

  @inline(__always)
  init(_ start: Int, count: Int, _ kind: Kind) {
    self.start = UInt32(truncatingIfNeeded: start)
    countAndKind = UInt32(truncatingIfNeeded: count) | kind.rawValue &<< 28
  }

  static let null = TextPlace(0, count: 0, .null)

  var count: Int {
    @inline(__always) get { Int(countAndKind & (1 &<< 28 &- 1)) }
  }

  var kind: Kind {
    @inline(__always) get { Kind(rawValue: countAndKind &>> 28) ?? .null }
  }

  var isNull: Bool {
    @inline(__always) get { countAndKind < 1 &<< 28 }
  }
}

extension TextPlace.Kind {
  /// As a sentence says it: "the file has a number".
  var spoken: String {
    switch self {
    case .null: "a null"
    case .plain, .quoted: "a text"
    case .number: "a number"
    case .flag: "`true` or `false`"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Some rows of texts: where each lies that the rows have in a column, row after row.
struct TextRows {
  /// What the places count from.
  var base: UnsafeRawPointer

  /// The texts' places, `width` a row.
  var places: UnsafeBufferPointer<TextPlace>

  /// How many texts a row has.
  var width: Int

  /// How many rows these are.
  var count: Int

  /// How many bytes they take in the file.
  var byteCount: Int

  /// All bytes are known to be UTF-8, and need not be looked at again.
  var isUnicode: Bool

  @inline(__always)
  func bytes(_ place: TextPlace) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + Int(place.start), count: place.count)
  }
}
