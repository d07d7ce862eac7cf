import MartletColumns
import MartletDiagnostics
import MartletLanguage

/// What the definitions say of the project itself, read before they are compiled: where the store is
/// must be known even while they are wrong.
struct ProjectBlock {
  var store: Setting<String>?
  var zone: Setting<String>?
  var memory: Setting<Int64>?
  var retain: Setting<TimeLength>?

  /// The first `project { … }` below `folder`; `nil` where there is none that can be read.
  init?(below folder: String) {
    // What is wrong with the files is said by the command that goes on to read them.
    guard let paths = try? DefinitionFiles.paths(below: "\(folder)/featuredefs") else { return nil }
    for path in paths {
      // Likewise.
      guard let file = try? DefinitionFiles.read("\(folder)/featuredefs/\(path)"),
        file.mayBegin("project"), let written = WrittenSettings(in: parse(file, number: 0).value)
      else { continue }
      func origin(_ place: TextRange?) -> SettingOrigin {
        let line = file.line(at: Int(place?.start ?? 0)) + 1
        return .projectFile("featuredefs/\(path):\(line)")
      }
      let settings = written.settings
      store = settings.store.map { path in
        Setting(
          value: path.hasPrefix("/") ? path : "\(folder)/\(path)", origin: origin(written.store))
      }
      zone = settings.zone.map { Setting(value: $0, origin: origin(written.zone)) }
      memory = settings.memoryInBytes.map { Setting(value: $0, origin: origin(written.memory)) }
      retain = settings.retain.map { Setting(value: $0, origin: origin(written.retain)) }
      return
    }
    return nil
  }
}

extension TextFile {
  /// Whether a line begins with `word`: most files are told apart without being parsed.
  fileprivate func mayBegin(_ word: String) -> Bool {
    let word = Array(word.utf8)
    return lineStarts.contains { start in
      bytes[Int(start)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        .starts(with: word)
    }
  }
}
