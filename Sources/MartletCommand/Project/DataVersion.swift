import MartletColumns
import MartletRegistry

/// The flags by which a command that reads what is stored names a version of the data.
enum DataVersion {
  static let number = Flag.optional(
    "data", .int(in: 1...Int.max), "Read this version of the data; else the newest.")
  static let moment = Flag.optional(
    "data-at", .instant, "Read the data as it was stored at this moment.")
}

extension Invocation {
  /// Whether a version of the data is asked for.
  var namesData: Bool { self[DataVersion.number] != nil || self[DataVersion.moment] != nil }

  /// The version of the data that is asked for, which is there; `nil` where none is.
  func dataVersion(in registry: Registry) throws -> Int? {
    guard let moment = self[DataVersion.moment] else {
      guard let number = self[DataVersion.number] else { return nil }
      let newest = try withRegistryErrors(registry.currentData)
      guard number <= newest else {
        throw CommandError.failed(
          path.spelled,
          "there is no version \(number) of the data"
            + (newest == 0 ? ": nothing is materialized" : "; the newest is \(newest)"))
      }
      return number
    }
    guard self[DataVersion.number] == nil else {
      throw CommandError.usage(
        path, "`--data` and `--data-at` both name a version", help: ["give one of them"])
    }
    return try withRegistryErrors { () throws(RegistryError) in try registry.data(asOf: moment) }
  }
}
