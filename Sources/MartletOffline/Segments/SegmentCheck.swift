import MartletColumns
import MartletParquet

extension SegmentFolder {
  /// What is wrong with the bytes of a segment; `nil` where they are those that were written.
  public func check(
    _ facts: SegmentFacts, checkpoint: () throws -> Void
  ) throws -> OfflineError? {
    let path = path(ofSegment: facts.name)
    let attempt = "checking `\(path)`"
    let file: StoredFile
    do throws(SystemError) { file = try StoredFile(path) } catch {
      let isMissing = error == SystemError.noSuchFile
      return OfflineError(attempt: attempt, reason: isMissing ? .missing : .refused(error.reason))
    }
    guard file.byteCount == facts.byteCount else {
      return OfflineError(
        attempt: attempt,
        reason: .damaged("it has \(file.byteCount) bytes instead of \(facts.byteCount)"))
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
      return OfflineError(
        attempt: attempt, reason: .damaged("its bytes are not those that were written"))
    }
    return nil
  }
}
