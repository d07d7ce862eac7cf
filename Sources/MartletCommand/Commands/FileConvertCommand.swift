import MartletColumns
import MartletOffline
import MartletParquet

extension Command {
  /// `martlet file convert`
  static let fileConvert = Command(
    "convert", "Rewrite a Parquet file with zstd, checksums and a page index.",
    about: """
      Rows, their order, values, nulls and types stay to the bit: narrow and unsigned integers, \
      floats, decimals, nanoseconds, structs and maps. So do notes in the footer, but for pyarrow's \
      and pandas' own when --columns leaves some out. The output appears whole or not at all, and \
      its bytes do not depend on --threads.
      """,
    operands: [input, output], flags: [level, columns, threads],
    examples: [
      Example("martlet file convert orders.parquet orders-small.parquet --level 9"),
      Example("martlet file convert orders.parquet ids.parquet --columns order_id,customer_id"),
    ],
    run: convertFile)
}

private let input = Operand.required(.path("IN"), "The Parquet file to read.")
private let output = Operand.required(.path("OUT"), "The Parquet file to write.")
private let level = Flag.value(
  "level", .int(in: Compression.zstdLevels), default: 3, "How hard zstd tries, from 1 to 22.")
private let columns = Flag.optional("columns", .columnNames, "Keep these columns alone.")
private let threads = Flag.optional(
  "threads", .int(in: 1...1_024), "Use this many threads; else one a processor.")

private func convertFile(_ invocation: Invocation) throws -> ExitCode {
  returnLargeBlocksToSystem()
  let (from, to) = (invocation[input], invocation[output])
  let file = try ParquetFile.opened(at: from)
  let workers = invocation[threads].map { Workers(count: $0) } ?? .asManyAsProcessors
  var options = WritingOptions()
  options.compression = .zstd(level: invocation[level])
  options.notes = file.notes(keepingAllColumns: invocation[columns] == nil)
  do {
    var reader = try BatchReader(
      file, columns: invocation[columns], as: .stored, forEach: { workers.forEach($0, $1) })
    options.stored = reader.stored
    let target = try OutputFile(at: to)
    var writer = ParquetWriter<SystemError>(
      reader.schema, options, forEach: { workers.forEach($0, $1) },
      sink: { (bytes) throws(SystemError) in try target.write(bytes.bytes) })
    try invocation.talk.showingProgress(
      of: "converting", counting: "rows", total: file.rowCount
    ) { progress in
      while let batch = try reader.next() {
        try invocation.interruption.check()
        try writer.append(batch)
        progress.advance(by: batch.rowCount)
      }
    }
    try writer.finish()
    try target.commit()
  } catch let error as ParquetError {
    throw CommandError.failed("reading `\(from)`", "\(error)")
  } catch let error as SystemError {
    throw CommandError.failed("writing `\(to)`", error)
  }
  return .done
}

extension ParquetFile {
  /// The footer's notes. Those that describe all columns in order go where some are left out.
  fileprivate func notes(keepingAllColumns: Bool) -> [(key: String, value: String)] {
    (metadata.keyValues ?? []).compactMap { note in
      guard keepingAllColumns || !["ARROW:schema", "pandas"].contains(note.key) else { return nil }
      return note.value.map { (note.key, $0) }
    }
  }
}
