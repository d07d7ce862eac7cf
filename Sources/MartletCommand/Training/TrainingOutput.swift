import MartletColumns
import MartletDiagnostics
import MartletOffline
import MartletParquet
import MartletSources

/// Where a training set goes: one file, several, or standard output.
///
///     train.parquet              one file
///     parts/                     parts/part-00000.parquet, … by ranges of rows
///     train.parquet, a split     train-train.parquet, train-test.parquet
///     parts/, a split            parts/train.parquet, parts/test.parquet
///
/// Files appear when all are written. A folder's do at once: it is written under another name. Of a
/// split beside each other, a kill between two renames may leave the first.
struct TrainingOutput {
  /// How rows are written.
  let kind: FileFormat.Kind

  private let target: Target

  private enum Target {
    case standardOutput
    case file(stem: String, ending: String)
    case folder(String)
  }

  /// A file and the rows that go into it.
  struct Part {
    var path: String
    var rows: Rows

    enum Rows {
      case range(Range<Int>)
      case some(Buffer<Int32>)

      var count: Int {
        switch self {
        case .range(let range): range.count
        case .some(let rows): rows.count
        }
      }
    }
  }

  /// Files at `path`: a folder where it is one or ends with a slash, standard output where it is `-`.
  init(at path: String, _ format: FileFormat?) throws(CommandError) {
    let attempt = "writing `\(path)`"
    let found = format ?? FileFormat(path: path)
    if let compression = found?.compression, compression != .none {
      throw .failed(
        attempt, "text is not written compressed",
        help: "Parquet is, and smaller; or `--out - --format csv | zstd`")
    }
    let isFolder = path.hasSuffix("/") || Folder.isFolder(path)
    let name = path.split(separator: "/").last ?? ""
    // Said before anything is computed: nobody wants Parquet that is called a spreadsheet.
    guard found != nil || isFolder || !name.dropFirst().contains(".") else {
      throw .failed(
        attempt, "its ending is none of those that are written",
        help: "these are: `.parquet`, `.csv`, `.tsv`, `.jsonl`, `.ndjson`")
    }
    let parent = Folder.parent(of: path)
    guard path == "-" || Folder.isFolder(parent) else {
      throw .failed(
        attempt, "there is no folder `\(parent)`", help: "`mkdir -p \(parent)` makes it")
    }
    kind = found?.kind ?? .parquet
    if path == "-" {
      target = .standardOutput
    } else if isFolder {
      target = .folder(path.hasSuffix("/") ? String(path.dropLast()) : path)
      guard try Folder.isEmptyOrMissing(path) else {
        throw .failed(
          attempt, "the folder is not empty",
          help: "what lies there already would be taken for a part of the training set")
      }
    } else {
      let ending = ".\(kind.rawValue)"
      target =
        path.hasSuffix(ending)
        ? .file(stem: String(path.dropLast(ending.count)), ending: ending)
        : .file(stem: path, ending: "")
    }
  }

  /// What is called the output in talk.
  var isStandardOutput: Bool { if case .standardOutput = target { true } else { false } }

  /// The file for all of `rowCount` rows; in a folder one for each `rowsPerFile`.
  func parts(rowCount: Int, rowsPerFile: Int) -> [Part] {
    switch target {
    case .standardOutput: return [Part(path: "-", rows: .range(0..<rowCount))]
    case .file(let stem, let ending):
      return [Part(path: stem + ending, rows: .range(0..<rowCount))]
    case .folder(let folder):
      let starts = rowCount == 0 ? [0] : Array(stride(from: 0, to: rowCount, by: rowsPerFile))
      return starts.enumerated().map { number, start in
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return Part(
          path: "\(folder)/part-\(padded).\(kind.rawValue)",
          rows: .range(start..<min(start + rowsPerFile, rowCount)))
      }
    }
  }

  /// A file for each part of a split.
  func parts(of split: [(name: String, rows: Buffer<Int32>)]) -> [Part] {
    split.map { name, rows in
      switch target {
      case .standardOutput: Part(path: "-", rows: .some(rows))
      case .file(let stem, let ending):
        Part(path: "\(stem)-\(name)\(ending)", rows: .some(rows))
      case .folder(let folder):
        Part(path: "\(folder)/\(name).\(kind.rawValue)", rows: .some(rows))
      }
    }
  }

  /// Opens the files of `parts`, for rows with the columns of `schema`.
  ///
  /// - Parameter isHashed: Whether somebody will ask for their hash.
  func files(
    of parts: [Part], _ schema: Schema, _ options: WritingOptions, isHashed: Bool,
    _ workers: Workers, _ invocation: Invocation
  ) throws -> TrainingFiles {
    var staged: StagedFolder?
    if case .folder(let folder) = target { staged = try StagedFolder(at: folder) }
    return TrainingFiles(parts, in: staged, workers, isHashed: isHashed) { part, sink in
      TableWriters.make(
        kind, schema, options, forEach: { workers.forEach($0, $1) }, sink: sink)
    } checkpoint: {
      try invocation.interruption.check()
    } standardOutput: {
      try invocation.output.write($0)
    }
  }
}
