import Glibc
import MartletColumns
import MartletDiagnostics
import MartletParquet
import Testing

@testable import MartletCommand

/// `verify` after `serve --keep-one-in`, whole processes.
struct VerifyCommandTests {
  @Test func `what was served is what training says, once it has caught up`() throws {
    let warehouse = try Warehouse(seed: 81)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.martlet("verify").output.contains("no lookups are kept"))
    let server = try RunningServer(warehouse.folder, ["--keep-one-in", "1"])
    try warehouse.write("pushed.csv", warehouse.orders(of: 3))
    try #require(
      try warehouse.martlet("push", "orders", warehouse.folder + "/pushed.csv").exit == 0)
    try ask(server)
    #expect(try server.end().exit == 0)

    let early = try verify(warehouse)
    #expect(early.exit == 0 && early.said("waiting") == 24 && early.said("compared") == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let report = try verify(warehouse)
    #expect(report.exit == 0, "\(report.text)")
    #expect(report.said("compared") == 24 && report.said("same") == 24, "\(report.text)")
    // By another version of the definitions it is still the one that answered that counts.
    try warehouse.define(windows: "2h, 1d, 400d", filter: "where amount > 5.0")
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let after = try verify(warehouse)
    #expect(after.exit == 0 && after.said("beyond_reach") == 24, "\(after.text)")
  }

  @Test func `rows that come late are told from answers that nothing explains`() throws {
    let warehouse = try Warehouse(seed: 82)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    try #require(try warehouse.martlet("materialize").exit == 0)
    let server = try RunningServer(
      warehouse.folder, ["--keep-one-in", "0", "--keep-one-in", "risk=1"])
    try ask(server)
    #expect(try server.end().exit == 0)
    // Serving could not have seen these: they are of the days before, and came after.
    try warehouse.addDay()
    try #require(try warehouse.martlet("materialize").exit == 0)
    let late = try verify(warehouse)
    #expect(late.exit == 1, "\(late.text)")
    #expect(try #require(late.cause("late")) > 0 && late.cause("unexplained") == 0, "\(late.text)")
    #expect(late.cause("between") == 0)
    #expect(try warehouse.martlet("verify", "risk").output.contains("late"))

    try spoil(warehouse)
    let spoiled = try verify(warehouse)
    #expect(spoiled.exit == 1)
    #expect(try #require(spoiled.cause("unexplained")) + (spoiled.cause("between") ?? 0) > 0)
  }

  /// Asks about each customer, one by one and all at once.
  private func ask(_ server: RunningServer) throws {
    let names = (0..<12).map { "\"c\($0)\"" }
    for keys in names + [names.joined(separator: ",")] {
      let answer = try server.post(
        "/v1/get", "application/json",
        #"{"service":"risk","entities":{"customer":[\#(keys)]},"at":"1970-01-12T00:00:00Z"}"#)
      #expect(answer.status == 200, "\(answer.body)")
    }
  }

  /// Changes one answer in the files of lookups.
  private func spoil(_ warehouse: Warehouse) throws {
    let folder = ".martlet/lookups/risk"
    let names = try RunningProgram("/usr/bin/ls", ["\(warehouse.folder)/\(folder)"]).end().output
    let name = try #require(names.split(separator: "\n").first.map { "\(folder)/\($0)" })
    var reader = try BatchReader(ParquetFile(BytesInMemory(try warehouse.bytes(of: name))))
    let rows = try #require(try reader.next())
    let place = try #require(rows.schema.position(of: "feature.spend__orders_400d"))
    var columns = rows.columns
    let numbers = (0..<rows.rowCount).map { row -> Value in
      guard case .int(let number) = columns[place][row] else { return .null }
      return .int(number + 1_000)
    }
    columns[place] = try #require(Column(.int, numbers))
    var bytes: [UInt8] = []
    var writer = ParquetWriter<Never>(rows.schema) { span in
      bytes += span.withUnsafeBytes { Array($0) }
    }
    writer.append(Batch(rows.schema, columns, rowCount: rows.rowCount))
    writer.finish()
    try warehouse.write(name, bytes)
  }

  private func verify(_ warehouse: Warehouse) throws -> VerifiedRun {
    let run = try warehouse.martlet("verify", "--json")
    let text = run.output + run.talk
    // What is no JSON has no numbers, and the test says so.
    return VerifiedRun(exit: run.exit, text: text, document: try? JSON(reading: run.output))
  }
}

/// What `verify --json` said.
private struct VerifiedRun {
  var exit: Int32
  var text: String
  var document: JSON?

  func said(_ name: String) -> Int64? { Self.number(name, in: document) }

  func cause(_ name: String) -> Int64? {
    guard case .object(let members)? = document else { return nil }
    return Self.number(name, in: members.first { $0.name == "differing" }?.value)
  }

  private static func number(_ name: String, in document: JSON?) -> Int64? {
    guard case .object(let members)? = document,
      case .int(let number)? = members.first(where: { $0.name == name })?.value
    else { return nil }
    return number
  }
}
