/// Texts that repeat: each row says which of a few distinct texts it holds.
///
///     codes       0  1  0  0  2
///     dictionary  approved · declined · pending
///
/// Invariants:
/// - Every code is an index into `dictionary`; a null's slot holds code 0, so that a dictionary is
///   empty only where there are no rows or all of them are null.
public struct DictionaryStrings: Sendable {
  /// For each row, the index of its text.
  public let codes: Buffer<Int32>

  /// The texts. They may repeat, and not all need be used.
  public let dictionary: Strings

  /// Rows of `codes` into `dictionary`.
  public init(codes: Buffer<Int32>, dictionary: Strings) {
    self.codes = codes
    self.dictionary = dictionary
    checkInvariants()
  }

  /// A part of what was checked as a whole.
  private init(partWith codes: Buffer<Int32>, of dictionary: Strings) {
    self.codes = codes
    self.dictionary = dictionary
  }

  /// The number of rows.
  public var count: Int { codes.count }

  /// The text of row `index`, or an empty one where the dictionary is empty.
  public subscript(index: Int) -> String {
    dictionary.count == 0 ? "" : dictionary[Int(codes[index])]
  }

  /// The rows in `range`, sharing this memory.
  public func slice(_ range: Range<Int>) -> DictionaryStrings {
    DictionaryStrings(partWith: codes.slice(range), of: dictionary)
  }

  /// Each row's own text, copied; an empty one for rows clear in `validity`.
  public func flattened(keeping validity: Bitmap? = nil) -> Strings {
    if dictionary.count == 0 { return .empties(count) }
    guard let validity else { return dictionary.gathered(at: codes.span) }
    var result = StringsBuilder(capacity: count)
    for row in 0..<count {
      if validity[row] {
        dictionary.withBytes(at: Int(codes[row])) { result.append($0) }
      } else {
        result.appendEmpty()
      }
    }
    return result.finish()
  }
}

extension DictionaryStrings {
  func checkInvariants() {
    #if MARTLET_CHECKS
      for index in 0..<count {
        let code = Int(codes[index])
        precondition(
          code >= 0 && code < max(dictionary.count, 1), "code \(code) of \(dictionary.count)")
      }
    #endif
  }
}
