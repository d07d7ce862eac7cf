import MartletColumns
import MartletParquet

extension FileDescription {
  /// Fills in what a CSV file holds, by the texts of its rows.
  mutating func describeCSV(_ bytes: any ByteSource, _ rowLimit: Int?) throws(SourceError) {
    let file = TextFileBytes(path: path, bytes: bytes, compression: format.compression)
    let options = CSVOptions(delimiter: format.kind == .tsv ? UInt8(ascii: "\t") : nil)
    let header = try CSVHeader(of: file, options, wanted: nil)
    let width = header.names.count
    var guesses = [TypeGuess](repeating: TypeGuess(), count: width)
    var distinct = [DistinctValues](repeating: DistinctValues(), count: width)
    let watchesDistinct = rowLimit != nil
    var records = CSVRecords(
      try file.reading("the header") { try file.stream() }, header.options)
    _ = try file.reading("the header") { try records.skip(1) }
    do {
      while rowCount < rowLimit ?? .max {
        let count = min(1_024, rowLimit.map { $0 - rowCount } ?? 1_024)
        let isMore = try records.next(count, width: max(width, 1)) { rows in
          for column in 0..<width {
            for row in 0..<rows.count {
              let place = rows.places[row * width + column]
              if place.isNull {
                guesses[column].noteNull()
                if watchesDistinct { distinct[column].noteNull() }
              } else {
                // Quotes say nothing of the type: many programs quote everything.
                guesses[column].note(rows.bytes(place), .plain)
                if watchesDistinct { distinct[column].note(rows.bytes(place)) }
              }
            }
          }
          rowCount += rows.count
        }
        guard isMore else {
          isWhole = true
          break
        }
      }
    } catch {
      throw file.located(error, at: rowCount)
    }
    columns = (0..<width).map { column in
      Column(
        name: header.names[column], type: guesses[column].type, remark: guesses[column].remark,
        nullCount: guesses[column].nullCount,
        isDistinct: watchesDistinct && rowCount > 0 && distinct[column].isDistinct)
    }
  }
}
