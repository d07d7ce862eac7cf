import Martlet
import MartletColumns
import MartletSources

/// A name of the service's, and the spine's column that stands for it.
struct KeyColumn: Sendable {
  var name: String
  var column: String
}

extension ValueKind where Value == KeyColumn {
  /// `NAME=COLUMN`.
  static var keyColumn: Self {
    ValueKind(placeholder: "NAME=COLUMN", completion: .nothing) { text throws(WrongValue) in
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex,
        text.index(after: sign) != text.endIndex
      else { throw WrongValue(expected: "a name, `=` and a column, as in `customer_id=cust`") }
      return KeyColumn(
        name: String(text[..<sign]), column: String(text[text.index(after: sign)...]))
    }
  }
}

extension ValueKind where Value == FileFormat {
  /// How a file's rows are written: `csv`, `jsonl.gz`.
  static var fileFormat: Self {
    let kinds = FileFormat.Kind.allCases
    return ValueKind(
      placeholder: "FORMAT", completion: .words(kinds.map(\.rawValue))
    ) { text throws(WrongValue) in
      guard let format = FileFormat(path: ".\(text)") else {
        throw WrongValue(expected: kinds.spoken)
      }
      return format
    }
  }
}

extension [FileFormat.Kind] {
  /// `parquet`, `csv`, `tsv` or `jsonl`.
  var spoken: String {
    dropLast().map { "`\($0.rawValue)`" }.joined(separator: ", ")
      + (last.map { " or `\($0.rawValue)`" } ?? "")
  }
}

extension ValueKind where Value == TrainingSplit {
  /// `train=0.8,test=0.2`
  static var trainingSplit: Self {
    ValueKind(placeholder: "NAME=SHARE,…", completion: .nothing) { text throws(WrongValue) in
      let wrong = WrongValue(
        expected: "names with shares that add up to 1, as in `train=0.8,test=0.2`")
      var parts: [(name: String, share: Double)] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(separator: "=", omittingEmptySubsequences: false)
        // A part's name becomes a part of a file's.
        guard words.count == 2, let share = Double(words[1]),
          words[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
        else { throw wrong }
        parts.append((String(words[0]), share))
      }
      guard let split = TrainingSplit(parts) else { throw wrong }
      return split
    }
  }
}

extension ValueKind where Value == AsOfClock {
  /// `known` or `event`.
  static var asOfClock: Self {
    let words = AsOfClock.allCases.map(\.rawValue)
    return ValueKind(placeholder: "known|event", completion: .words(words)) {
      text throws(WrongValue) in
      guard let clock = AsOfClock(rawValue: text) else {
        throw WrongValue(expected: "`known` or `event`")
      }
      return clock
    }
  }
}

extension ValueKind where Value == TrainingSplit.Basis {
  /// `entity` or `time`.
  static var splitBasis: Self {
    let words = TrainingSplit.Basis.allCases.map(\.rawValue)
    return ValueKind(placeholder: "entity|time", completion: .words(words)) {
      text throws(WrongValue) in
      guard let basis = TrainingSplit.Basis(rawValue: text) else {
        throw WrongValue(expected: "`entity` or `time`")
      }
      return basis
    }
  }
}
