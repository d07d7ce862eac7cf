import MartletDiagnostics
import MartletParquet
import MartletSources

extension Command {
  /// `martlet file schema`
  static let fileSchema = Command(
    "schema", "Show a file's columns: types, encodings and sizes.",
    about: """
      A Parquet file's footer says them. CSV and JSON Lines say no types, so all rows are read, and the \
      types are those that fit every value.
      """,
    operands: [input],
    examples: [
      Example("martlet file schema data/orders.parquet"),
      Example("martlet file schema data/orders.csv.gz"),
      Example("martlet file schema data/orders.parquet --json | jq .columns"),
    ]
  ) { invocation in
    let path = invocation[input]
    let facts: any FileFacts =
      if let format = FileFormat.ofText(at: path) {
        TextFacts(try TextTable(at: path, format, invocation))
      } else {
        ParquetFacts(try .opened(at: path), at: path)
      }
    switch invocation.form {
    case .text:
      let columns = invocation.terminal.output.columns
      for line in facts.lines(columns: columns, paint: invocation.paint) {
        try invocation.output.line(line)
      }
    case .json: try invocation.output.line(facts.json.text)
    }
    return .done
  }
}

private let input = Operand.required(.file, "The file: Parquet, CSV or JSON Lines.")

/// What is told of a file's columns.
private protocol FileFacts {
  /// For people.
  func lines(columns width: Int?, paint: Paint) -> [String]

  /// For machines.
  var json: JSON { get }
}

/// What the rows of a file of text tell of it.
private struct TextFacts: FileFacts {
  private let table: TextTable
  private var file: FileDescription { table.description }

  init(_ table: TextTable) { self.table = table }

  func lines(columns width: Int?, paint: Paint) -> [String] {
    var shown = Table(.left("Column"), .left("Type"), .right("Nulls"))
    for column in file.columns {
      shown.append(column.name, typeName(of: column), "\(column.nullCount)")
    }
    return shown.lines(columns: width, paint: paint) + [
      "", "\(count(file.rowCount, "row")) of \(file.format.spoken)",
    ]
  }

  var json: JSON {
    [
      "path": .string(file.path), "format": .string("\(file.format)"),
      "rows": .count(file.rowCount),
      "columns": .array(
        file.columns.map { column in
          [
            "name": .string(column.name), "type": .string(typeName(of: column)),
            "nulls": .count(column.nullCount),
            "remark": column.remark.map { .string($0) } ?? nil,
          ]
        }),
    ]
  }

  private func typeName(of column: FileDescription.Column) -> String {
    table.type(of: column).map { "\($0)" } ?? "not read"
  }
}

/// What a Parquet file's footer tells of it.
private struct ParquetFacts: FileFacts {
  var path: String
  var file: ParquetFile
  var columns: [ColumnFacts]

  init(_ file: ParquetFile, at path: String) {
    self.path = path
    self.file = file
    columns = file.columns.indices.map { ColumnFacts(file, $0) }
  }

  func lines(columns width: Int?, paint: Paint) -> [String] {
    var table = Table(
      .left("Column"), .left("Type"), .left("Stored as"), .left("Encodings"), .left("Codec"),
      .right("Nulls"), .right("Bytes"), .right("Plain"))
    for column in columns {
      table.append(
        column.name, column.type, column.storage, column.encodings.joined(separator: " "),
        column.codecs.joined(separator: " "), column.nullCount.map { "\($0)" } ?? "?",
        "\(column.byteCount)", "\(column.plainByteCount)")
    }
    let writer = file.metadata.createdBy.map { ", written by \($0)" } ?? ""
    let groups = file.metadata.rowGroups.count
    return table.lines(columns: width, paint: paint) + [
      "", "\(count(file.rowCount, "row")) in \(count(groups, "row group"))\(writer)",
    ]
  }

  var json: JSON {
    [
      "path": .string(path), "format": "parquet", "rows": .count(file.rowCount),
      "row_groups": .array(
        file.metadata.rowGroups.map { ["rows": .int($0.rowCount), "bytes": .int($0.byteCount)] }),
      "written_by": file.metadata.createdBy.map { .string($0) } ?? nil,
      "notes": .array(
        (file.metadata.keyValues ?? []).map {
          ["key": .string($0.key), "value": $0.value.map { .string($0) } ?? nil]
        }),
      "columns": .array(columns.map(\.json)),
    ]
  }
}

/// What the footer tells of one column, over all row groups.
private struct ColumnFacts {
  var name: String
  var type: String
  var storage: String
  var encodings: [String]
  var codecs: [String]
  /// `nil` where a row group does not say.
  var nullCount: Int64?
  var byteCount: Int64 = 0
  var plainByteCount: Int64 = 0

  init(_ file: ParquetFile, _ position: Int) {
    let column = file.columns[position]
    name = column.name
    switch column.type {
    case .success(let type): self.type = "\(type)"
    case .failure: type = "not read"
    }
    storage = ([column.logicalType.map { "\($0)" }, "\(column.physicalType)"].compactMap(\.self))
      .joined(separator: " as ")
    nullCount = 0
    var encodings: Set<String> = []
    var codecs: Set<String> = []
    for rowGroup in file.metadata.rowGroups {
      guard let chunk = rowGroup.columns[position].metadata else { continue }
      // Levels are always run lengths; how values are written is what tells columns apart.
      encodings.formUnion(chunk.encodings.filter { $0 != .rle }.map { "\($0)" })
      codecs.insert("\(chunk.codec)")
      let nulls = chunk.statistics?.nullCount
      nullCount = nullCount.flatMap { sum in nulls.map { sum &+ $0 } }
      byteCount &+= chunk.compressedByteCount
      plainByteCount &+= chunk.uncompressedByteCount
    }
    self.encodings = encodings.sorted()
    self.codecs = codecs.sorted()
  }

  var json: JSON {
    [
      "name": .string(name), "type": .string(type), "stored_as": .string(storage),
      "encodings": .strings(encodings), "codecs": .strings(codecs),
      "nulls": nullCount.map { .int($0) } ?? nil, "bytes": .int(byteCount),
      "plain_bytes": .int(plainByteCount),
    ]
  }
}
