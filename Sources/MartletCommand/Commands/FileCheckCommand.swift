import MartletDiagnostics
import MartletParquet
import Synchronization

extension Command {
  /// `martlet file check`
  static let fileCheck = Command(
    "check", "Read all of a file and verify every checksum.",
    about: """
      Every page of every column is read, its checksum held against its bytes, decompressed and \
      decoded. What is damaged is listed, all of it; exits with 1 when something is. Where pages carry \
      no checksum, which is usual, that is said: damage in them may look like values.
      """,
    operands: [input], flags: [threads],
    examples: [Example("martlet file check data/orders.parquet")],
    run: checkFile)
}

private let input = Operand.required(.file, "The Parquet file.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func checkFile(_ invocation: Invocation) throws -> ExitCode {
  returnLargeBlocksToSystem()
  let path = invocation[input]
  let file = try ParquetFile.opened(at: path)
  let report = try FileReport(of: file, at: path, invocation)
  switch invocation.form {
  case .text: for line in report.lines { try invocation.output.line(line) }
  case .json: try invocation.output.line(report.json.text)
  }
  return report.faults.isEmpty ? .done : .no
}

/// What reading all of a file showed.
private struct FileReport {
  let path: String
  let file: ParquetFile

  /// What is wrong, the first fault of each column of each row group.
  private(set) var faults: [ParquetError] = []
  private var pages = ParquetFile.VerifiedPages()

  init(of file: ParquetFile, at path: String, _ invocation: Invocation) throws {
    (self.file, self.path) = (file, path)
    let workers = invocation[threads].map { Workers(count: $0) } ?? .asManyAsProcessors
    let total = file.rowCount * file.columns.count
    try invocation.talk.showingProgress(of: "checking", counting: "values", total: total) {
      progress in
      for (index, rowGroup) in file.metadata.rowGroups.enumerated() {
        try invocation.interruption.check()
        let results = RowGroupResults(count: file.columns.count)
        workers.forEach(file.columns.count) { position in
          let result = Result { () throws(ParquetError) in
            try file.verify(column: position, ofRowGroup: index)
          }
          results.set(position, result)
        }
        for result in results.all {
          switch result {
          case .success(let found): pages.add(found)
          case .failure(let fault): faults.append(fault)
          }
        }
        progress.advance(by: Int(rowGroup.rowCount) * file.columns.count)
      }
    }
  }

  var lines: [String] {
    if !faults.isEmpty { return faults.map { "\(path): \($0)" } }
    let facts = [
      count(file.rowCount, "row"), count(file.columns.count, "column"),
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
      "path": .string(path), "sound": .bool(faults.isEmpty), "rows": .count(file.rowCount),
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
