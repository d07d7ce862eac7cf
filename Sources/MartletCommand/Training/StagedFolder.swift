import Glibc
import MartletOffline

/// A folder whose files appear under its name all at once, or not at all.
///
///     .parts.4711.partial/part-00000.parquet … ──commit: rename──▶ parts/part-00000.parquet …
struct StagedFolder {
  /// Where it will be, and where its files are written.
  let path: String
  let partial: String

  /// Begins the folder that will be at `path`, where there is none or an empty one.
  init(at path: String) throws(CommandError) {
    self.path = path
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    partial = "\(path[..<slash]).\(path[slash...]).\(getpid()).partial"
    UnfinishedFiles.ofProcess.add(folder: partial)
    do throws(CommandError) { try Folder.make(partial) } catch {
      UnfinishedFiles.ofProcess.forget(folder: partial)
      throw error
    }
  }

  /// Where the file is written that will be at `file`, in this folder.
  func place(of file: String) -> String { partial + file.dropFirst(path.count) }

  /// Makes all files visible.
  func commit() throws(CommandError) {
    if rename(partial, path) != 0 {
      // A folder with hidden files in it is not replaced: those that were written move into it.
      guard errno == ENOTEMPTY || errno == EEXIST else {
        let refusal = SystemError.last
        abandon()
        throw .failed("writing `\(path)`", refusal)
      }
      for name in UnfinishedFiles.names(in: partial) {
        guard rename("\(partial)/\(name)", "\(path)/\(name)") == 0 else {
          throw .failed("writing `\(path)`", SystemError.last)
        }
      }
      rmdir(partial)
    }
    UnfinishedFiles.ofProcess.forget(folder: partial)
  }

  /// Removes what was written.
  func abandon() {
    UnfinishedFiles.remove(folder: partial)
    UnfinishedFiles.ofProcess.forget(folder: partial)
  }
}
