import MartletColumns
import MartletDiagnostics

extension Diagnostic {
  static func unfitKey(_ parameter: Parameter, _ type: ColumnType) -> Diagnostic {
    .error("unfit-key", "a \(type) cannot be a key")
      .pointing(at: parameter.type.range, "two that look alike may differ")
      .help("keys are of type string, int, bool, time or bytes")
  }

  static func entityWithoutKeys(_ name: Name) -> Diagnostic {
    .error("entity-without-keys", "`\(name.text)` has no key to know it by")
      .pointing(at: name.range)
      .help("`entity \(name.text)(\(name.text)_id: string)`")
  }

  static func secondProject(_ range: TextRange, _ first: TextRange) -> Diagnostic {
    .error("second-project", "a project is described once")
      .pointing(at: range, "again here")
      .because(first, "first here")
  }

  static func missingFrom(_ name: Name) -> Diagnostic {
    .error("missing-from", "`\(name.text)` does not say where its rows are")
      .pointing(at: name.range)
      .help("`from \"data/\(name.text).parquet\"`, or `from pushes` if they are only pushed")
  }

  static func remoteSource(
    _ address: TextLiteral, _ scheme: Substring, of source: String
  ) -> Diagnostic {
    let rest = address.text.dropFirst(scheme.count + 3)
    let name = rest.split(separator: "/").last ?? "\(source).parquet"
    return .error("remote-source", "no run can read what lies at `\(scheme)://`")
      .pointing(at: address.range, "an address, and no path")
      .help(
        scheme == "file"
          ? "name the path alone: `from \"\(rest)\"`"
          : "copy or mount it below the project's folder: `from \"data/\(name)\"`")
  }

  static func missingAt(_ name: Name, candidates: [String]) -> Diagnostic {
    .error("missing-at", "`\(name.text)` does not say when its rows happen")
      .pointing(at: name.range)
      .help("`at \(candidates.first ?? "event_time")`")
      .note("without its time, no row can be kept from the past's sight")
  }

  static func notATime(
    _ column: Name, _ type: ColumnType, _ word: String, _ definition: TextRange
  ) -> Diagnostic {
    .error("not-a-time", "`\(word)` needs a column of type time")
      .pointing(at: column.range, "is \(type.withArticle)")
      .because(definition, "declared here")
      .help("`\(column.text): time`")
  }

  static func knownIsAt(_ column: Name) -> Diagnostic {
    .warning("known-is-at", "a row is always known by the time it happens, says `known`")
      .pointing(at: column.range, "the same column as `at`")
      .help("name the column that tells when the row arrived, or remove the line")
  }

  static func emptyLength(_ quantity: Quantity) -> Diagnostic {
    .error("empty-length", "`\(quantity.written.shortened)` is no time at all")
      .pointing(at: quantity.range, "must be longer than nothing")
  }

  static func badZone(_ zone: TextLiteral) -> Diagnostic {
    .error("bad-zone", "`\(zone.text.shortened)` does not name a time zone")
      .pointing(at: zone.range)
      .help("zones are named as in `\"Europe/Berlin\"`, or `\"UTC\"`")
  }

  static func unknownZone(_ place: TextRange, _ name: String, near: String?) -> Diagnostic {
    .error("unknown-zone", "there is no time zone `\(name.shortened)`")
      .pointing(at: place, "not found")
      .help(near.map { "did you mean `\"\($0)\"`?" })
  }

  static func badCron(_ line: TextLiteral) -> Diagnostic {
    .error("bad-cron", "this is no cron line")
      .pointing(at: line.range, "five fields: minute, hour, day, month, weekday")
      .help("`\"0 3 * * *\"` is three in the morning, every day")
  }

  // MARK: Keys

  static func missingKey(
    _ source: Name, _ key: Field, _ entity: Entity, near: String?
  ) -> Diagnostic {
    .error("missing-key", "`\(source.text)` has no column `\(key.name)`")
      .pointing(at: source.range, "whose rows are to be about `\(entity.name)`")
      .because(entity.description.text, "known by its `\(key.name)`")
      .help(
        "if the column has another name, say so: `from \(source.text) by \(near ?? "its_name")`")
  }

  static func keyType(
    _ range: TextRange, _ name: String, _ type: ColumnType, _ key: Field, of entity: String,
    _ definition: TextRange
  ) -> Diagnostic {
    .error(
      "key-type", "`\(name)` is \(type.withArticle), the key of `\(entity)` \(key.type.withArticle)"
    )
    .pointing(at: range, "used as `\(key.name)`")
    .because(definition, "\(type.withArticle)")
  }

  static func keyCount(_ range: TextRange, _ entity: Entity) -> Diagnostic {
    .error("key-count", "`\(entity.name)` is known by \(entity.keys.count) keys")
      .pointing(at: range, "as many belong here")
      .because(entity.description.text, entity.keys.map(\.name).joined(separator: ", "))
  }
}
