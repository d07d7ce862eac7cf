import MartletParquet

/// The names of a CSV file's columns, and how the file is written.
struct CSVHeader {
  let names: [String]
  let options: CSVOptions

  /// Whether the first record holds the names.
  var isInFile: Bool { options.names == nil }

  /// The header of `file`. Where the options leave open what stands between two fields, it is what
  /// finds the most of the `wanted` columns in the first line; without any, the most columns.
  init(of file: TextFileBytes, _ options: CSVOptions, wanted: [String]?) throws(SourceError) {
    if let delimiter = options.delimiter {
      self = try Self(of: file, options, delimiter)
      return
    }
    var best: (header: CSVHeader, score: Int)?
    for delimiter in CSVOptions.delimiters {
      // What is no CSV with one delimiter may be with the next; with none, the first tells why not.
      guard let header = try? Self(of: file, options, delimiter) else { continue }
      let names = Set(header.names)
      let score = wanted?.count { names.contains($0) } ?? header.names.count
      if score > best?.score ?? -1 { best = (header, score) }
    }
    if let best {
      self = best.header
    } else {
      self = try Self(of: file, options, CSVOptions.delimiters[0])
    }
  }

  private init(
    of file: TextFileBytes, _ options: CSVOptions, _ delimiter: UInt8
  ) throws(SourceError) {
    var options = options
    options.delimiter = delimiter
    self.options = options
    if let names = options.names {
      self.names = names
      return
    }
    names = try file.reading("the header") {
      var records = CSVRecords(try file.stream(), options)
      var names: [String] = []
      _ = try records.nextRow { row in
        names = row.places.map { String(decoding: row.bytes($0), as: UTF8.self) }
      }
      return names
    }
  }
}
