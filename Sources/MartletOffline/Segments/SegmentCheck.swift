import MartletColumns
import MartletParquet

extension SegmentFolder {
  /// What is wrong with a segment's file, as far as can be told without reading it.
  public func checkSize(_ facts: SegmentFacts) -> OfflineError? {
    switch opened(facts) {
    case .success: nil
    case .failure(let error): error
    }
  }

  /// What is wrong with the bytes of a segment; `nil` where they are those that were written.
  ///
  /// Where they are not, the first column that cannot be read says where.
  public func check(
    _ facts: SegmentFacts, checkpoint: () throws -> Void
  ) throws -> OfflineError? {
    let attempt = attempt(checking: facts)
    let file: StoredFile
    switch opened(facts) {
    case .success(let found): file = found
    case .failure(let error): return error
    }
    var hash = SHA256()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    var offset = 0
    while offset < file.byteCount {
      try checkpoint()
      let part = UnsafeMutableRawBufferPointer(
        rebasing: room[..<min(room.count, file.byteCount - offset)])
      do { try file.read(at: offset, into: part) } catch {
        return OfflineError(attempt: attempt, reason: .damaged("it cannot be read: \(error)"))
      }
      hash.add(UnsafeRawBufferPointer(part))
      offset += part.count
    }
    guard hash.digest().hexadecimal == facts.name else {
      let place = try firstBrokenPage(of: file, checkpoint: checkpoint).map { ": \($0)" } ?? ""
      return OfflineError(
        attempt: attempt, reason: .damaged("its bytes are not those that were written\(place)"))
    }
    return nil
  }

  /// What is wrong with the pages of a segment whose bytes are those that were written: its writer's
  /// mistake, and so one that `check` cannot see.
  public func checkPages(
    _ facts: SegmentFacts, checkpoint: () throws -> Void
  ) throws -> OfflineError? {
    switch opened(facts) {
    case .success(let file):
      return try firstBrokenPage(of: file, checkpoint: checkpoint).map {
        OfflineError(attempt: attempt(checking: facts), reason: .damaged("\($0)"))
      }
    case .failure(let error): return error
    }
  }

  private func attempt(checking facts: SegmentFacts) -> String {
    "checking `\(path(ofSegment: facts.name))`"
  }

  /// The file of a segment, as long as it was written.
  private func opened(_ facts: SegmentFacts) -> Result<StoredFile, OfflineError> {
    let attempt = attempt(checking: facts)
    let file: StoredFile
    do throws(SystemError) { file = try StoredFile(path(ofSegment: facts.name)) } catch {
      let isMissing = error == SystemError.noSuchFile
      return .failure(
        OfflineError(attempt: attempt, reason: isMissing ? .missing : .refused(error.reason)))
    }
    guard file.byteCount == facts.byteCount else {
      return .failure(
        OfflineError(
          attempt: attempt,
          reason: .damaged("it has \(file.byteCount) bytes instead of \(facts.byteCount)")))
    }
    return .success(file)
  }

  private func firstBrokenPage(
    of file: StoredFile, checkpoint: () throws -> Void
  ) throws -> ParquetError? {
    let parquet: ParquetFile
    do throws(ParquetError) { parquet = try ParquetFile(file) } catch { return error }
    for group in parquet.metadata.rowGroups.indices {
      for column in parquet.columns.indices {
        try checkpoint()
        do throws(ParquetError) { _ = try parquet.verify(column: column, ofRowGroup: group) } catch
        {
          return error
        }
      }
    }
    return nil
  }
}

extension [UInt8] {
  /// Two digits a byte.
  var hexadecimal: String {
    map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0\(digits)" : digits
    }.joined()
  }
}
