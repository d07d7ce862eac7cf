/// How a CSV file is written, where files differ.
public struct CSVOptions: Sendable, Equatable {
  /// What stands between two fields; `nil` where the first line is to tell.
  public var delimiter: UInt8?

  /// What encloses a field that holds delimiters or line ends; `nil` where nothing does.
  public var quote: UInt8?

  /// A field of these bytes, without quotes, is null, as one without bytes is.
  public var nullText: [UInt8]

  /// The names of the columns, where the first line does not hold them.
  public var names: [String]?

  /// Fields as RFC 4180 has them, below a line of names, unless said otherwise.
  public init(
    delimiter: UInt8? = nil, quote: UInt8? = UInt8(ascii: "\""),
    nullText: [UInt8] = [], names: [String]? = nil
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.nullText = nullText
    self.names = names
  }

  /// What may stand between two fields of a file that does not say, the likeliest first.
  static let delimiters = [",", "\t", ";", "|"].map { UInt8(ascii: $0) }
}
