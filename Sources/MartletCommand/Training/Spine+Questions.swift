import Martlet
import MartletColumns

extension Spine {
  /// The name of the column that says when each row asks: `name`, else `event_time`, else the only one
  /// of times.
  func timeColumn(_ name: String?) throws(CommandError) -> String {
    let attempt = "reading `\(path)`"
    if let name {
      guard let field = fields.first(where: { $0.name == name }) else {
        throw .failed(attempt, "there is no column `\(name)`")
      }
      guard field.type == .time else {
        throw .failed(attempt, "`\(name)` is a column of \(field.type), not of times")
      }
      return name
    }
    let candidates = fields.filter { $0.type == .time }.map(\.name)
    if candidates.contains(Self.usualTimeColumn) { return Self.usualTimeColumn }
    if candidates.count == 1 { return candidates[0] }
    if candidates.isEmpty, let found = try wordsOfUsualTime() {
      throw .failed(attempt, found, help: "a time is written as in 2026-11-10T12:00:00Z")
    }
    let names = candidates.map { "`\($0)`" }.joined(separator: ", ")
    throw .failed(
      attempt, candidates.isEmpty ? "no column holds times" : "several columns hold times",
      help: candidates.isEmpty
        ? "the spine says for each row as of when it asks" : "choose one with `--time`: \(names)")
  }

  /// What stands in the column where times are looked for first, if there is one.
  private func wordsOfUsualTime() throws(CommandError) -> String? {
    let name = Self.usualTimeColumn
    guard let column = try column(named: name) else { return nil }
    let words = "`\(name)` is a column of \(column.type), not of times"
    guard let row = (0..<column.count).first(where: { !column.isNull(at: $0) }) else {
      return words
    }
    return words + ": it has `\(column[row].shown)`"
  }

  /// The column of times called `name`, which was found before.
  func times(_ name: String) throws(CommandError) -> Column {
    guard let times = try column(named: name) else { preconditionFailure("no column `\(name)`") }
    return times
  }

  /// The column that a key or a given value of `service` is read from.
  func column(
    _ name: String, for field: Field, of service: String
  ) throws(CommandError) -> Column {
    let attempt = "reading `\(path)`"
    guard let column = try column(named: name) else {
      throw .failed(
        attempt, "there is no column `\(name)`, which `\(service)` needs (\(field.type))",
        help: "where it has another name: `--key \(field.name)=COLUMN`")
    }
    if column.type == field.type { return column }
    if field.type == .double, case .int(let numbers) = column.values {
      let doubles = Buffer((0..<numbers.count).map { Double(numbers[$0]) })
      return Column(.double(doubles), validity: column.validity)
    }
    throw .failed(
      attempt, "`\(name)` is a column of \(column.type); `\(service)` needs \(field.type)")
  }
}
