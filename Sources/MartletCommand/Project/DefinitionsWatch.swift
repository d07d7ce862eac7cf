import Glibc
import MartletSources

/// The definitions' files of a call, looked at a few times a second.
///
/// Looking is a few calls for each file, with no thread and no handle of its own, and sees what any file
/// system does; a project of a thousand files takes a hundredth of a second.
struct DefinitionsWatch {
  private let folder: String?
  private let interruption: Interruption
  private var seen: [String: FileStamp]

  private static let pauseInMicroseconds: UInt32 = 50_000
  private static let pausesBetweenLooks = 5

  /// The files as they are now.
  init(of invocation: Invocation) {
    folder = invocation.settings.project.value.map { "\($0)/featuredefs" }
    interruption = invocation.interruption
    seen = Self.look(at: folder)
  }

  /// Returns once a file is another than when it was last looked at, or new, or gone.
  mutating func waitForChange() throws {
    while true {
      for _ in 0..<Self.pausesBetweenLooks {
        try interruption.check()
        usleep(Self.pauseInMicroseconds)
      }
      let now = Self.look(at: folder)
      if now != seen {
        seen = now
        return
      }
    }
  }

  private static func look(at folder: String?) -> [String: FileStamp] {
    // A folder that cannot be read has no files, and the check itself says why.
    guard let folder, let paths = try? DefinitionFiles.paths(below: folder) else { return [:] }
    var stamps: [String: FileStamp] = [:]
    for path in paths {
      // A file that went in between is not there.
      stamps[path] = try? FileStamp(of: "\(folder)/\(path)")
    }
    return stamps
  }
}
