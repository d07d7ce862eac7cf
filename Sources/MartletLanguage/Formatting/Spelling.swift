import MartletColumns
import MartletDiagnostics

/// How names and texts are written in definitions, for whoever writes definitions by program.
public enum Spelling {
  /// `name`, in backquotes where it needs them; `nil` where no definition can hold it.
  public static func name(_ name: String) -> String? {
    let cannotBeQuoted = name.utf8.contains { $0 == UInt8(ascii: "`") || $0 < 32 }
    if name.isEmpty || cannotBeQuoted { return nil }
    return Name(text: name, range: nowhere).written
  }

  /// `text` in quotes.
  public static func text(_ text: String) -> String {
    TextLiteral(text: text, range: nowhere).written
  }

  private static let nowhere = TextRange(file: 0, start: 0, end: 0)
}
