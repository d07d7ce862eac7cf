import Glibc
import Synchronization

/// A file that appears under its name whole, or not at all.
///
///     .train.parquet.4711-1.partial ──commit: sync, rename, sync the folder──▶ train.parquet
///                 └── thrown away, interrupted, never committed ──▶ removed
///
/// What stood at the name before stays until the commit. A name that is no regular file, such as a
/// pipe or `/dev/null`, cannot be replaced and is written as it is.
public final class OutputFile {
  /// The name under which it will appear.
  public let path: String
  private let unfinished: UnfinishedFiles
  private var state: State

  /// How many bytes the system was not told yet to bring to the disk; it is told often, so that `commit`
  /// finds most of them there.
  private var waiting = 0
  private static let mostWaiting = 4 << 20

  private enum State {
    case partial(Descriptor, at: String, for: String)
    case direct(Descriptor)
    case closed
  }

  /// Opens a file that will be at `path`.
  public init(
    at path: String, listedIn unfinished: UnfinishedFiles = .ofProcess
  ) throws(SystemError) {
    self.path = path
    self.unfinished = unfinished
    var facts = stat()
    if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
      state = .direct(try Self.open(path, O_WRONLY))
      return
    }
    // The file behind a symbolic link is replaced, not the link.
    let target = Self.resolved(path)
    let partial = Self.partialName(for: target)
    unfinished.add(partial)
    do {
      state = .partial(
        try Self.open(partial, O_WRONLY | O_CREAT | O_EXCL), at: partial, for: target)
    } catch {
      unfinished.forget(partial)
      throw error
    }
  }

  deinit { abandon() }

  /// Writes the bytes that come next.
  public func write(_ bytes: RawSpan) throws(SystemError) {
    switch state {
    case .partial(let descriptor, _, _):
      try descriptor.write(bytes)
      waiting += bytes.byteCount
      guard waiting >= Self.mostWaiting else { return }
      waiting = 0
      descriptor.beginWriting()
    case .direct(let descriptor): try descriptor.write(bytes)
    case .closed: preconditionFailure("`\(path)` is written to after its end")
    }
  }

  /// Makes the file visible under its name; it is on the disk when this returns.
  public func commit() throws(SystemError) {
    switch state {
    case .closed:
      preconditionFailure("`\(path)` is committed twice")
    case .direct(let descriptor):
      state = .closed
      guard close(descriptor.number) == 0 else { throw .last }
    case .partial(let descriptor, let partial, let target):
      guard fsync(descriptor.number) == 0, rename(partial, target) == 0 else {
        let refusal = SystemError.last
        abandon()
        throw refusal
      }
      unfinished.forget(partial)
      state = .closed
      close(descriptor.number)
      try Self.syncFolder(of: target)
    }
  }

  /// Removes what was written; what stood at the name before stays.
  public func abandon() {
    switch state {
    case .closed: return
    case .direct(let descriptor): close(descriptor.number)
    case .partial(let descriptor, let partial, _):
      close(descriptor.number)
      unlink(partial)
      unfinished.forget(partial)
    }
    state = .closed
  }
}

extension OutputFile {
  private static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
    let number = Glibc.open(path, flags | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw .last }
    return Descriptor(number: number)
  }

  private static func resolved(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(cString: whole)
  }

  private static let counter = Atomic<Int>(0)

  private static func partialName(for target: String) -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    let (folder, name) = split(target)
    return "\(folder).\(name).\(getpid())-\(number).partial"
  }

  private static func syncFolder(of target: String) throws(SystemError) {
    let folder = split(target).folder
    let descriptor = try open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor.number) }
    guard fsync(descriptor.number) == 0 else { throw .last }
  }

  /// The folder, with its slash, and the name in it.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}
