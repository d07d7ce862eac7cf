import MartletColumns
import MartletDiagnostics
import MartletParquet

extension FileDescription {
  /// Fills in what a file of JSON Lines holds, by the members of its objects.
  mutating func describeJSONLines(_ bytes: any ByteSource, _ rowLimit: Int?) throws(SourceError) {
    let file = TextFileBytes(path: path, bytes: bytes, compression: format.compression)
    var lines = JSONLines(try file.reading("row 1") { try file.stream() }, [])
    var survey = JSONSurvey(watchesDistinct: rowLimit != nil)
    do {
      while rowCount < rowLimit ?? .max {
        guard try lines.nextObject({ reader throws(JSONError) in try survey.note(&reader) }) else {
          isWhole = true
          break
        }
        rowCount += 1
      }
    } catch {
      throw file.located(error, at: rowCount)
    }
    columns = survey.columns(rowCount: rowCount)
  }
}

/// What the members of some objects are, and of the objects inside them.
struct JSONSurvey {
  private struct Member {
    var guess = TypeGuess()
    var distinct = DistinctValues()
  }

  private let watchesDistinct: Bool
  private var names: [String] = []
  private var members: [String: Member] = [:]

  /// More different members are no table.
  private static let mostMembers = 10_000

  init(watchesDistinct: Bool) { self.watchesDistinct = watchesDistinct }

  /// Notes the members of the object that comes next.
  mutating func note(_ reader: inout JSONReader) throws(JSONError) {
    try note(&reader, under: "")
  }

  /// Goes no deeper than the reader lets it.
  private mutating func note(
    _ reader: inout JSONReader, under prefix: String
  ) throws(JSONError) {
    try reader.beginObject()
    while let name = try reader.nextName() {
      let name = prefix + name
      guard try reader.nextKind() != .object else {
        try note(&reader, under: name + ".")
        continue
      }
      var member = members[name] ?? Member()
      if members[name] == nil {
        guard names.count < Self.mostMembers else {
          throw JSONError(
            reason: .expected("a table: \(Self.mostMembers) different members at most"),
            offset: reader.offset)
        }
        names.append(name)
      }
      // Taken out while it changes, so that nothing is copied.
      members[name] = nil
      if watchesDistinct {
        try Self.note(&reader, into: &member.guess, &member.distinct)
      } else {
        var unwatched = DistinctValues()
        unwatched.noteNull()
        try Self.note(&reader, into: &member.guess, &unwatched)
      }
      members[name] = member
    }
  }

  private static func note(
    _ reader: inout JSONReader, into guess: inout TypeGuess, _ distinct: inout DistinctValues
  ) throws(JSONError) {
    switch try reader.nextKind() {
    case .null:
      try reader.readNull()
      guess.noteNull()
      distinct.noteNull()
    case .string:
      try reader.readText()
      reader.withText { text in
        guess.note(text, .quoted)
        distinct.note(text)
      }
    case .number:
      let text = try reader.readNumber()
      guess.note(text, .number)
      distinct.note(text)
    case .bool:
      _ = try reader.readBool()
      guess.note(UnsafeRawBufferPointer(start: nil, count: 0), .flag)
      distinct.noteNull()
    case .object:
      try reader.skip()
      guess.noteObject()
      distinct.noteNull()
    case .array:
      distinct.noteNull()
      try reader.beginArray()
      try guess.noteList { element throws(JSONError) in
        var unwatched = DistinctValues()
        unwatched.noteNull()
        while try reader.nextElement() { try note(&reader, into: &element, &unwatched) }
      }
    }
  }

  /// The members, in the order in which they were met, as columns of `rowCount` rows.
  func columns(rowCount: Int) -> [FileDescription.Column] {
    names.compactMap { name in
      guard let member = members[name] else { return nil }
      let nullCount = rowCount - member.guess.valueCount
      return FileDescription.Column(
        name: name, type: member.guess.type, remark: member.guess.remark, nullCount: nullCount,
        isDistinct: watchesDistinct && nullCount == 0 && member.distinct.isDistinct)
    }
  }
}
