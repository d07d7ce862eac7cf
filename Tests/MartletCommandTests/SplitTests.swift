import Glibc
import SeededRandom
import Testing

/// The same rows in any files, in any runs, in any order: one answer.
struct SplitTests {
  @Test(arguments: getenv("MARTLET_NIGHTLY") == nil ? 1...4 : 1...60)
  func `however rows are dealt to files and runs, they answer the same`(_ seed: UInt64) throws {
    let warehouse = try Warehouse(seed: seed)
    defer { warehouse.remove() }
    var random = SeededGenerator(seed)
    // Numbers that come twice, ties in time and rows that are the same all through among them.
    var rows = (1...6).flatMap { warehouse.orders(of: $0).split(separator: "\n").dropFirst() }
    rows += rows.prefix(20)
    rows += rows.prefix(40).map { $0.replacing(#/i\d,/#, with: "i9,") }.map { Substring($0) }
    unlink("\(warehouse.folder)/orders/1.csv")
    try write(rows, "all", in: warehouse)
    _ = try warehouse.martlet("apply", "--yes")
    #expect(try warehouse.martlet("materialize").exit == 0)
    let whole = try warehouse.stored()
    #expect(try warehouse.drafted() == whole)

    unlink("\(warehouse.folder)/orders/all.csv")
    _ = try RunningProgram("/usr/bin/rm", ["-r", warehouse.folder + "/.martlet"]).end()
    _ = try warehouse.martlet("apply", "--yes")
    rows.shuffle(using: &random)
    while !rows.isEmpty {
      let count = min(rows.count, Int.random(in: 1...120, using: &random))
      // Names in an order that is not the one in which they come.
      try write(
        rows.prefix(count), "f\(UInt32.random(in: 0...(.max), using: &random))", in: warehouse)
      rows.removeFirst(count)
      if rows.isEmpty || Bool.random(using: &random) {
        let run = try warehouse.martlet("materialize", "--offline")
        #expect(run.exit == 0, "\(run.talk)")
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        _ = try warehouse.martlet("compact", "--all")
      }
    }
    #expect(try warehouse.stored() == whole)
  }

  private func write(
    _ rows: some Sequence<Substring>, _ name: String, in warehouse: Warehouse
  ) throws {
    let lines = ["number,customer,amount,item,event_time,known_at"] + rows
    try warehouse.write("orders/\(name).csv", lines.joined(separator: "\n") + "\n")
  }
}
