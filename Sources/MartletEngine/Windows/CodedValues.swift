import MartletAggregates
import MartletColumns

/// The values of a column as words that rank as the values do.
///
/// Ints, times, bools and doubles are their own words. Everything else is numbered by rank, so that
/// a text takes part in windows as a number and is copied once, when it is the answer:
///
///     texts   "b" "a" "b" "c"      words  1 0 1 2      rows of the ranks  1 0 3
struct CodedValues: Sendable {
  /// The word of each row; a null's is of no use. The bits of doubles rank otherwise than doubles:
  /// `doubles` has these.
  let words: Buffer<Int64>

  /// Doubles as they are; `nil` of other types.
  let doubles: Buffer<Double>?

  /// A row that holds the value of each rank; `nil` where words are their own values.
  let rowOfRank: [Int32]?

  /// The values.
  let column: Column

  init(_ column: Column) {
    self.column = column
    switch column.values {
    case .int(let numbers), .time(let numbers):
      (words, doubles, rowOfRank) = (numbers, nil, nil)
    case .double(let numbers):
      (words, doubles, rowOfRank) = (numbers.reinterpreted(as: Int64.self), numbers, nil)
    case .bool(let flags):
      var numbers = BufferBuilder<Int64>(capacity: flags.count)
      for row in 0..<flags.count { numbers.append(flags[row] ? 1 : 0) }
      (words, doubles, rowOfRank) = (numbers.finish(), nil, nil)
    case .string, .dictionary, .bytes:
      var grouper = Grouper([column.type])
      let ranks = Ranks(grouper.groups(of: [column]), groupCount: grouper.count, column)
      (words, doubles, rowOfRank) = (ranks.words, nil, ranks.rowOfRank)
    case .list, .vector:
      let rows = Buffer((0..<column.count).map { Int32(truncatingIfNeeded: $0) })
      let ranks = Ranks(rows, groupCount: column.count, column)
      (words, doubles, rowOfRank) = (ranks.words, nil, ranks.rowOfRank)
    }
  }

  /// The word that stands for `word` in an answer: a rank becomes the row that holds its value.
  func answer(_ word: Int64) -> Int64 {
    guard let rowOfRank else { return word }
    return Int64(rowOfRank[Int(word)])
  }

  /// The values that `answers` hold, as a column.
  func column(of answers: AnswerColumn) -> Column {
    rowOfRank == nil ? answers.finish(as: column.type) : answers.finish(from: column)
  }

  /// The lists of values that `answers` hold.
  func column(of answers: AnswerLists<Int64>) -> Column {
    var offsets = BufferBuilder<Int32>(capacity: answers.rowCount + 1)
    var validity = BitmapBuilder(capacity: answers.rowCount)
    var elements = BufferBuilder<Int64>()
    offsets.append(0)
    for row in 0..<answers.rowCount {
      for word in answers[row] ?? [] { elements.append(word) }
      validity.append(answers[row] != nil)
      offsets.append(Int32(clamping: elements.count))
    }
    let words = elements.finish()
    let flat = AnswerColumn(rowCount: words.count)
    for index in 0..<words.count { flat.set(Int32(truncatingIfNeeded: index), words[index]) }
    return Column(
      .list(Lists(offsets: offsets.finish(), elements: column(of: flat))),
      validity: validity.finishAsValidity())
  }
}

/// The rank of each row's value among the values of its column.
private struct Ranks {
  var words: Buffer<Int64>
  var rowOfRank: [Int32]

  /// Rows of one group hold equal values; groups that hold equal values share a rank.
  init(_ groups: Buffer<Int32>, groupCount: Int, _ column: Column) {
    var rowOfGroup = [Int32](repeating: -1, count: groupCount)
    for row in 0..<groups.count where rowOfGroup[Int(groups[row])] < 0 {
      rowOfGroup[Int(groups[row])] = Int32(truncatingIfNeeded: row)
    }
    let ranking = RowRanking([column])
    let order = rowOfGroup.indices.sorted {
      ranking.ranksBelow(Int(rowOfGroup[$0]), Int(rowOfGroup[$1]))
    }
    rowOfRank = []
    var rankOfGroup = [Int64](repeating: 0, count: groupCount)
    for group in order {
      let row = rowOfGroup[group]
      if rowOfRank.last.map({ ranking.ranksBelow(Int($0), Int(row)) }) ?? true {
        rowOfRank.append(row)
      }
      rankOfGroup[group] = Int64(rowOfRank.count - 1)
    }
    var words = BufferBuilder<Int64>(capacity: groups.count)
    for row in 0..<groups.count { words.append(rankOfGroup[Int(groups[row])]) }
    self.words = words.finish()
  }
}
