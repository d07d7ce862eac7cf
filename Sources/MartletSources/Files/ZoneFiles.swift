import Glibc
public import MartletColumns

/// The rules of time zones, from this machine's time zone database.
public enum ZoneFiles {
  /// The rules of the zone called `name`.
  public static func rules(of name: String) throws(SourceError) -> ZoneRules {
    let attempt = "reading the rules of the time zone `\(name)`"
    guard isName(name) else {
      throw SourceError(attempt: attempt, reason: .nothingThere)
    }
    let file: LocalFile
    do throws(SourceError) { file = try LocalFile("\(folder)/\(name)") } catch {
      throw SourceError(attempt: attempt, reason: error.reason)
    }
    let bytes = try file.bytes()
    do throws(ZoneFileError) { return try ZoneRules(file: bytes) } catch {
      throw SourceError(attempt: attempt, reason: .damaged("the \(error.part) cannot be read"))
    }
  }
}
