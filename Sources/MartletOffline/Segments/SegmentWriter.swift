import Glibc
public import MartletColumns
import MartletEngine
import MartletParquet
public import MartletPlan
import Synchronization

/// A segment that is on the disk under a name that nobody reads.
public struct SealedSegment: Sendable {
  /// What is to be known of it.
  public var facts: SegmentFacts

  let partialPath: String
}

/// Writes one segment of a set.
///
///     rows by entity, time ──Parquet, zstd──▶ .run-12-1.partial ──sync──▶ sealed
///
/// The bytes are a function of the rows and of the set's layout.
public struct SegmentWriter: ~Copyable {
  private let partialPath: String
  private let attempt: String
  private let target: PartialFile
  private var writer: ParquetWriter<SystemError>
  private var tally: SegmentTally

  /// Rows of a group: a hundred thousand or so, so that a range of entities is read without much
  /// of the rest.
  public static let rowsPerGroup = 1 << 17

  /// A writer of piece `piece` of run `run`, of `plan`, into `folder`.
  public init(
    _ plan: SetPlan, in folder: SegmentFolder, run: Int, piece: Int, level: Int = 3,
    forEach: @escaping (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
  ) throws(OfflineError) {
    let attempt = "writing a segment of `\(plan.name)`"
    try folder.make()
    let partialPath = folder.partialPath(run: run, piece: piece)
    var options = WritingOptions()
    options.compression = .zstd(level: level)
    options.leastSaving = WritingOptions.leastSavingOfValues
    options.rowsPerGroup = Self.rowsPerGroup
    options.sortedBy = plan.schema.fields.prefix(plan.keys.count + 1).map { .init($0.name) }
    options.notes = [("martlet.set", plan.name), ("martlet.layout", "\(plan.layout)")]
    let target: PartialFile
    do throws(SystemError) { target = try PartialFile(partialPath) } catch {
      throw OfflineError(attempt: attempt, reason: .refused(error.reason))
    }
    self.attempt = attempt
    self.partialPath = partialPath
    self.target = target
    tally = SegmentTally(plan)
    // While columns are encoded, what was written last is hashed beside them.
    let hash = target.hash
    writer = ParquetWriter(
      plan.segmentSchema, options,
      forEach: { count, body in
        forEach(count + 1) { if $0 == 0 { hash.catchUp() } else { body($0 - 1) } }
      },
      sink: { (bytes) throws(SystemError) in try target.write(bytes.bytes) })
  }

  /// Adds rows, which come after those before.
  public mutating func append(_ rows: Batch) throws(OfflineError) {
    tally.add(rows)
    do throws(SystemError) { try writer.append(rows) } catch {
      throw OfflineError(attempt: attempt, reason: .refused(error.reason))
    }
  }

  /// The segment, all of it on the disk.
  public consuming func seal(repeatCount: Int) throws(OfflineError) -> SealedSegment {
    let (attempt, target, partialPath, tally) = (attempt, target, partialPath, tally)
    do throws(SystemError) {
      try writer.finish()
      try target.sync()
    } catch {
      throw OfflineError(attempt: attempt, reason: .refused(error.reason))
    }
    let facts = SegmentFacts(
      name: target.hash.name, byteCount: target.byteCount, rowCount: tally.rowCount,
      entityCount: tally.entityCount, span: tally.span, repeatCount: repeatCount)
    return SealedSegment(facts: facts, partialPath: partialPath)
  }
}

/// A file on its way, with the hash of its bytes. It is removed unless it is sealed.
private final class PartialFile {
  private let path: String
  private let descriptor: Descriptor
  let hash = HashOfWritten()
  private(set) var byteCount = 0
  private var isSealed = false

  init(_ path: String) throws(SystemError) {
    self.path = path
    UnfinishedFiles.ofProcess.add(path)
    let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard number >= 0 else {
      UnfinishedFiles.ofProcess.forget(path)
      throw .last
    }
    descriptor = Descriptor(number: number)
  }

  deinit {
    close(descriptor.number)
    guard !isSealed else { return }
    unlink(path)
    UnfinishedFiles.ofProcess.forget(path)
  }

  func write(_ bytes: RawSpan) throws(SystemError) {
    try descriptor.write(bytes)
    hash.note(bytes)
    byteCount += bytes.byteCount
  }

  func sync() throws(SystemError) {
    guard fsync(descriptor.number) == 0 else { throw .last }
    isSealed = true
  }
}

/// The hash of a file's bytes, which are noted as they are written and hashed when there is time.
private final class HashOfWritten: Sendable {
  private struct State {
    var hash = SHA256()
    var waiting: [UInt8] = []
  }

  private let state = Mutex(State())

  /// Notes bytes that come next.
  func note(_ bytes: RawSpan) {
    state.withLock { state in
      bytes.withUnsafeBytes { state.waiting.append(contentsOf: $0) }
    }
  }

  /// Hashes what waits for it.
  func catchUp() {
    state.withLock { state in
      state.waiting.withUnsafeBytes { state.hash.add($0) }
      state.waiting.removeAll(keepingCapacity: true)
    }
  }

  /// The hash of all bytes, in hexadecimal.
  var name: String {
    catchUp()
    return state.withLock { $0.hash.digest().hexadecimal }
  }
}
