/// Bytes are no JSON, or not the JSON that was asked for.
public struct JSONError: Error, Equatable, Sendable {
  /// What is wrong.
  public var reason: Reason

  /// Where, in bytes from the beginning.
  public var offset: Int

  /// `reason`, found `offset` bytes from the beginning.
  public init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// What can be wrong with JSON.
  public enum Reason: Equatable, Sendable {
    /// Something else stands where this belongs: "a comma or `}`".
    case expected(String)

    /// The bytes end too early.
    case truncated

    /// Something follows the document.
    case goesOn

    /// A number that JSON does not write so: `01`, `.5`, `+1`.
    case badNumber

    /// A number that 64 bits do not hold: `1e400`, or an int of twenty digits.
    case numberTooLarge

    /// A number with a point or an exponent where an int belongs.
    case noInt

    /// A backslash that escapes nothing.
    case badEscape

    /// Half of a pair of surrogates.
    case loneSurrogate

    /// Bytes that are no UTF-8.
    case noUnicode

    /// A control character that is not escaped.
    case controlCharacter

    /// A name that its object has already.
    case duplicateName(String)

    /// More objects and arrays inside one another than are read.
    case tooDeep
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String { "\(reason) at byte \(offset + 1)" }
}

extension JSONError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .expected(let what): "\(what) is expected"
    case .truncated: "the JSON ends too early"
    case .goesOn: "something follows the JSON"
    case .badNumber: "this is no number as JSON writes them"
    case .numberTooLarge: "the number is too large for 64 bits"
    case .noInt: "an int is expected, without a point or an exponent"
    case .badEscape: "the backslash escapes nothing that JSON knows"
    case .loneSurrogate: "the escape is half of a pair of surrogates"
    case .noUnicode: "the text is not UTF-8"
    case .controlCharacter: "a control character stands in a text unescaped"
    case .duplicateName(let name): "the object has `\(name)` twice"
    case .tooDeep: "objects and arrays are nested too deep"
    }
  }
}

extension JSONError {
  /// The line and the column in `document`, both from 1, as editors count; columns are bytes.
  public func place(in document: UnsafeRawBufferPointer) -> (line: Int, column: Int) {
    var place = (line: 1, column: 1)
    for byte in document.prefix(offset) {
      place = byte == UInt8(ascii: "\n") ? (place.line + 1, 1) : (place.line, place.column + 1)
    }
    return place
  }
}
