import MartletDiagnostics
import MartletParquet
import MartletSources
import Synchronization

extension Command {
  /// `martlet file check`
  static let fileCheck = Command(
    "check", "Read all of a file and verify every checksum.",
    about: """
      Every page of every column is read, its checksum held against its bytes, decompressed and \
      decoded. What is damaged is listed, all of it; exits with 1 when something is. Where pages carry \
      no checksum, which is usual, that is said: damage in them may look like values. Of CSV and JSON \
      Lines every row is read, as text and as values, and the first that is wrong is told.
      """,
    operands: [input], flags: [columns, threads],
    examples: [
      Example("martlet file check data/orders.parquet"),
      Example("martlet file check data/orders.jsonl.zst"),
    ],
    run: checkFile)
}

private let input = Operand.required(.file, "The file: Parquet, CSV or JSON Lines.")
private let columns = Flag.optional("columns", .columnNames, "Read these columns alone.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func checkFile(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks()
  let path = invocation[input]
  let report: any FileReport =
    if let format = FileFormat.ofText(at: path) {
      try TextReport(of: path, format, invocation)
    } else {
      try ParquetReport(of: .opened(at: path), at: path, invocation)
    }
  switch invocation.form {
  case .text: for line in report.lines { try invocation.output.line(line) }
  case .json: try invocation.output.line(report.json.text)
  }
  return report.isSound ? .done : .no
}

/// What reading all of a file showed.
private protocol FileReport {
  /// Whether nothing is wrong with it.
  var isSound: Bool { get }

  /// For people.
  var lines: [String] { get }

  /// For machines.
  var json: JSON { get }
}

/// What reading all of a file of text showed.
private struct TextReport: FileReport {
  let path: String
  let format: FileFormat

  /// How many columns were asked for; `nil` where all were.
  private let asked: Int?

  /// What was read; `nil` where that already failed.
  private var table: TextTable?

  /// The first thing that is wrong: what comes behind it cannot be told apart.
  private var fault: String?

  init(of path: String, _ format: FileFormat, _ invocation: Invocation) throws {
    (self.path, self.format, asked) = (path, format, invocation[columns]?.count)
    do {
      let table = try TextTable(at: path, format, invocation)
      self.table = table
      if invocation[columns] == nil, let fault = table.fault { throw fault }
      try table.read(table.schema(of: invocation[columns]), invocation) { _ in }
    } catch let error as SourceError {
      guard error.reason.isOfContent else { throw error }
      fault = "\(error.reason)"
    }
  }

  var isSound: Bool { fault == nil }

  private var columnCount: Int? { table.map { asked ?? $0.description.columns.count } }

  var lines: [String] {
    if let fault { return ["\(path): \(fault)"] }
    let rows = table?.description.rowCount ?? 0
    // A frame of zstd need not have one.
    let checksum = format.compression == .gzip ? " with its checksum" : ""
    return [
      "\(path): sound: \(count(rows, "row")), \(count(columnCount ?? 0, "column")), \(format.spoken)\(checksum)"
    ]
  }

  var json: JSON {
    [
      "path": .string(path), "format": .string("\(format)"), "sound": .bool(isSound),
      "rows": table.map { .count($0.description.rowCount) } ?? nil,
      "columns": columnCount.map { .count($0) } ?? nil,
      "faults": .strings(fault.map { [$0] } ?? []),
    ]
  }
}

extension SourceError.Reason {
  /// Whether it is the file's content that is wrong, and not that the file could not be read.
  fileprivate var isOfContent: Bool {
    switch self {
    case .damaged, .badValue, .otherColumns: true
    case .nothingThere, .refused, .noRegularFile, .unknownKind: false
    }
  }
}

/// What reading all of a Parquet file showed.
private struct ParquetReport: FileReport {
  let path: String
  let file: ParquetFile

  /// The columns that were read.
  private let positions: [Int]

  /// What is wrong, the first fault of each column of each row group.
  private(set) var faults: [ParquetError] = []
  private var pages = ParquetFile.VerifiedPages()

  init(of file: ParquetFile, at path: String, _ invocation: Invocation) throws {
    (self.file, self.path) = (file, path)
    let workers = invocation[threads].map { Workers(count: $0) } ?? .asManyAsProcessors
    do throws(ParquetError) { positions = try file.positions(of: invocation[columns]) } catch {
      throw CommandError.failed("reading `\(path)`", "\(error)")
    }
    let positions = positions
    let total = file.rowCount * positions.count
    try invocation.talk.showingProgress(of: "checking", counting: "values", total: total) {
      progress in
      for (index, rowGroup) in file.metadata.rowGroups.enumerated() {
        try invocation.interruption.check()
        let results = RowGroupResults(count: positions.count)
        workers.forEach(positions.count) { place in
          let result = Result { () throws(ParquetError) in
            try file.verify(column: positions[place], ofRowGroup: index)
          }
          results.set(place, result)
        }
        for result in results.all {
          switch result {
          case .success(let found): pages.add(found)
          case .failure(let fault): faults.append(fault)
          }
        }
        progress.advance(by: Int(rowGroup.rowCount) * positions.count)
      }
    }
  }

  var isSound: Bool { faults.isEmpty }

  var lines: [String] {
    if !faults.isEmpty { return faults.map { "\(path): \($0)" } }
    let facts = [
      count(file.rowCount, "row"), count(positions.count, "column"),
      count(file.metadata.rowGroups.count, "row group"), count(pages.count, "page"),
    ]
    return ["\(path): sound: \(facts.joined(separator: ", "))\(checksums)"]
  }

  private var checksums: String {
    let bare = pages.count - pages.checkedCount
    if bare == 0 { return pages.count == 0 ? "" : ", each with its checksum" }
    if bare == pages.count { return ", none with a checksum" }
    return ", \(bare) of them without a checksum"
  }

  var json: JSON {
    [
      "path": .string(path), "format": "parquet", "sound": .bool(isSound),
      "rows": .count(file.rowCount),
      "pages": .count(pages.count), "pages_with_checksum": .count(pages.checkedCount),
      "faults": .strings(faults.map { "\($0)" }),
    ]
  }
}

/// What each column of a row group came to, filled in from any thread.
private final class RowGroupResults: Sendable {
  typealias Found = Result<ParquetFile.VerifiedPages, ParquetError>

  private let found: Mutex<[Found?]>

  init(count: Int) { found = Mutex(Array(repeating: nil, count: count)) }

  func set(_ position: Int, _ result: Found) { found.withLock { $0[position] = result } }

  /// In the columns' order.
  var all: [Found] { found.withLock { $0.compactMap(\.self) } }
}
