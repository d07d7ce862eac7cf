import MartletColumns
import MartletOffline
import MartletSources

/// The files of a training set, while its rows come, stretch by stretch.
///
///     rows 0 …      ──append──▶ ┌ part-00000 ┐
///     rows 65,536 … ──append──▶ │ part-00000 │ part-00001 ┐ ──commit──▶ all under their names
///
/// A file is open from its first row to its last, and hashed meanwhile. Unless `commit` is called none
/// appears.
final class TrainingFiles {
  private let staged: StagedFolder?
  private let workers: Workers
  private let isHashed: Bool
  private let makeWriter: (TrainingOutput.Part, @escaping TableWriters.Sink) -> any TableWriter
  private let checkpoint: () throws -> Void
  private let standardOutput: (Span<UInt8>) throws -> Void
  private var files: [File]

  /// How many rows have come.
  private var rowCount = 0
  private var isCommitted = false

  private struct File {
    let part: TrainingOutput.Part
    var writer: (any TableWriter)?

    /// What is written to; `nil` before it is opened, and of standard output.
    var output: OutputFile?

    /// Takes in what is written.
    var hash: WrittenHash?

    /// The SHA-256 of its bytes, once all are written.
    var content: Aside<SHA256>?

    /// How many of the part's rows are written.
    var written = 0
    var isFinished = false
  }

  init(
    _ parts: [TrainingOutput.Part], in staged: StagedFolder?, _ workers: Workers,
    isHashed: Bool,
    makeWriter: @escaping (TrainingOutput.Part, @escaping TableWriters.Sink) -> any TableWriter,
    checkpoint: @escaping () throws -> Void,
    standardOutput: @escaping (Span<UInt8>) throws -> Void
  ) {
    self.staged = staged
    self.workers = workers
    self.isHashed = isHashed
    self.makeWriter = makeWriter
    self.checkpoint = checkpoint
    self.standardOutput = standardOutput
    files = parts.map { File(part: $0) }
  }

  deinit { if !isCommitted { staged?.abandon() } }

  /// Writes the rows that come next to the files that they belong to.
  func append(_ rows: Batch) throws {
    let came = rowCount..<rowCount + rows.rowCount
    rowCount = came.upperBound
    for index in files.indices {
      switch files[index].part.rows {
      case .range(let range):
        let overlap = range.clamped(to: came)
        guard !overlap.isEmpty else { continue }
        try append(overlap.count, to: index) { taken in
          let first = overlap.lowerBound - came.lowerBound
          return rows.slice(first + taken.lowerBound..<first + taken.upperBound)
        }
      case .some(let numbers):
        let first = files[index].written
        var end = first
        while end < numbers.count, Int(numbers[end]) < came.upperBound { end += 1 }
        guard end > first else { continue }
        let shift = Int32(truncatingIfNeeded: came.lowerBound)
        let chosen = Buffer((first..<end).map { numbers[$0] - shift })
        try append(chosen.count, to: index) { taken in
          let numbers = chosen.slice(taken)
          return Batch(
            rows.schema, rows.columns.map { $0.gathered(at: numbers.span) }, rowCount: taken.count)
        }
      }
      if files[index].written == files[index].part.rows.count { try finish(index) }
    }
  }

  /// Makes all files visible.
  func commit() throws {
    // A part without rows is a file all the same.
    for index in files.indices where !files[index].isFinished { try finish(index) }
    for file in files {
      guard let output = file.output else { continue }
      do throws(SystemError) { try output.commit() } catch {
        throw CommandError.failed("writing `\(file.part.path)`", error)
      }
    }
    try staged?.commit()
    isCommitted = true
  }

  /// The SHA-256 of the files' bytes: of their hashes where they are several, and `nil` where they are
  /// not hashed. They are written.
  func content() throws -> [UInt8]? {
    var hashes: [[UInt8]] = []
    for file in files {
      guard let content = file.content else { return nil }
      hashes.append(try content.value().digest())
    }
    return hashes.count == 1 ? hashes[0] : SHA256.digest(Array(hashes.joined()))
  }

  private func append(_ count: Int, to index: Int, _ rows: (Range<Int>) -> Batch) throws {
    // As many as a row group of Parquet has, so that none is put together from pieces.
    let step = 1 << 19
    for start in stride(from: 0, to: count, by: step) {
      try checkpoint()
      let taken = start..<min(start + step, count)
      try withErrors(of: index) { try writer(of: index).append(rows(taken)) }
      files[index].written += taken.count
    }
  }

  private func finish(_ index: Int) throws {
    try withErrors(of: index) { try writer(of: index).finish() }
    files[index].writer = nil
    if let hash = files[index].hash.take() { files[index].content = try hash.finish() }
    files[index].isFinished = true
  }

  /// The writer of file `index`, which is opened with its first row.
  private func writer(of index: Int) throws -> any TableWriter {
    if let writer = files[index].writer { return writer }
    let part = files[index].part
    let made: any TableWriter
    if part.path == "-" {
      let standardOutput = standardOutput
      made = makeWriter(part) { try standardOutput($0) }
    } else {
      let output = try OutputFile(at: staged.map { $0.place(of: part.path) } ?? part.path)
      let hash = isHashed ? WrittenHash(isApart: workers.count > 1) : nil
      (files[index].output, files[index].hash) = (output, hash)
      made = makeWriter(part) { bytes in
        try hash?.add(bytes)
        try output.write(bytes.bytes)
      }
    }
    files[index].writer = made
    return made
  }

  private func withErrors(of index: Int, _ body: () throws -> Void) throws {
    do { try body() } catch let error as SystemError {
      throw CommandError.failed("writing `\(files[index].part.path)`", error)
    }
  }
}
