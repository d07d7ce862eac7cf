import MartletColumns
import MartletOffline
import MartletParquet
import MartletSources

extension Command {
  /// `martlet file convert`
  static let fileConvert = Command(
    "convert", "Rewrite a file as zstd Parquet, or convert it to CSV or JSON Lines and back.",
    about: """
      What is read and written is told by the endings of the names: `.parquet`, and `.csv`, `.tsv`, \
      `.jsonl` or `.ndjson`, the last four with `.gz` or `.zst` behind them too. From Parquet to Parquet \
      rows, their order, values, nulls and types stay to the bit: narrow and unsigned integers, floats, \
      decimals, nanoseconds, structs and maps. So do notes in the footer, but for pyarrow's and pandas' \
      own when --columns leaves some out. Text keeps values, and of types what can be told from them. \
      The output appears whole or not at all, and its bytes do not depend on --threads.
      """,
    operands: [input, output], flags: [level, columns, threads],
    examples: [
      Example("martlet file convert orders.parquet orders-small.parquet --level 9"),
      Example("martlet file convert orders.parquet ids.parquet --columns order_id,customer_id"),
      Example("martlet file convert orders.csv.gz orders.parquet"),
    ],
    run: convertFile)
}

private let input = Operand.required(.path("IN"), "The file to read.")
private let output = Operand.required(.path("OUT"), "The file to write.")
private let level = Flag.value(
  "level", .int(in: Compression.zstdLevels), default: 3, "How hard zstd tries, from 1 to 22.")
private let columns = Flag.optional("columns", .columnNames, "Keep these columns alone.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func convertFile(_ invocation: Invocation) throws -> ExitCode {
  Allocator.returnLargeBlocks()
  let (from, to) = (invocation[input], invocation[output])
  let target = try FileFormat.written(to: to)
  do {
    let workers = invocation[threads].map { Workers(count: $0) } ?? .asManyAsProcessors
    let rows: any ConvertibleRows =
      if let format = FileFormat.ofText(at: from) {
        try TextRowsToConvert(
          TextTable(at: from, format, invocation), columns: invocation[columns], to: target,
          invocation)
      } else {
        try ParquetRowsToConvert(
          .opened(at: from), at: from, columns: invocation[columns], to: target, workers)
      }
    var options = rows.options
    options.compression = .zstd(level: invocation[level])
    let file = try OutputFile(at: to)
    let writer = TableWriters.make(
      target.kind, compressed: target.compression, rows.schema, options,
      forEach: { workers.forEach($0, $1) }, sink: { try file.write($0.bytes) })
    try invocation.talk.showingProgress(
      of: "converting", counting: "rows", total: rows.rowCount
    ) { progress in
      try rows.read { batch in
        try invocation.interruption.check()
        try writer.append(batch)
        progress.advance(by: batch.rowCount)
      }
    }
    try writer.finish()
    try file.commit()
    rows.remark.map { invocation.talk.say($0) }
  } catch let error as ParquetError {
    throw CommandError.failed("reading `\(from)`", "\(error)")
  } catch let error as SystemError {
    throw CommandError.failed("writing `\(to)`", error)
  }
  return .done
}

extension FileFormat {
  /// What is written to `path`: Parquet, where the name has no ending.
  fileprivate static func written(to path: String) throws(CommandError) -> FileFormat {
    if let format = FileFormat(path: path) { return format }
    let name = path.split(separator: "/").last ?? ""
    guard name.dropFirst().contains(".") else { return FileFormat(.parquet) }
    throw .failed(
      "writing `\(path)`", "its ending is none of those that are written",
      help:
        "these are: `.parquet`, and `.csv`, `.tsv`, `.jsonl`, `.ndjson`, with `.gz` or `.zst` too")
  }
}
