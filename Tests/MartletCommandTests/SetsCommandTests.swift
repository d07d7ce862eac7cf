import Glibc
import Testing

@testable import MartletCommand

/// Training sets and snapshots that are recorded, and built again.
struct SetsCommandTests {
  @Test func `a training set is built again to the same bytes, whatever came since`() throws {
    let warehouse = try Warehouse(seed: 41)
    defer { warehouse.remove() }
    let folder = warehouse.folder
    #expect(try warehouse.martlet("sets", "list").output == "no training set was built yet\n")
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    try warehouse.train(["--out", folder + "/first.parquet", "--statuses"])
    let first = try warehouse.bytes(of: "first.parquet")
    #expect(try warehouse.martlet("sets", "verify", "1").output == "as it was built\n")
    // New rows, new meanings, merged and pruned segments.
    for _ in 0..<3 { try warehouse.disturb() }
    try warehouse.define(windows: "5h", filter: "where amount > 3.0")
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    _ = try warehouse.martlet("compact", "--all")
    _ = try warehouse.martlet("compact", "--prune", "--keep", "0s")
    let run = try warehouse.martlet("sets", "rebuild", "1", "--out", folder + "/again.parquet")
    #expect(run.exit == 0 && run.talk.contains("the same bytes as training set 1"), "\(run.talk)")
    #expect(try warehouse.bytes(of: "again.parquet") == first)
    let list = try warehouse.martlet("sets", "list", "--json").output
    #expect(list.split(separator: "\n").count == 2)
    #expect(try warehouse.martlet("sets", "show", "1").output.contains("data version 2"))
    try warehouse.write("first.parquet", Array(first.dropLast()))
    #expect(try warehouse.martlet("sets", "verify", "1").exit == 1)
    #expect(try warehouse.martlet("sets", "show", "7").exit == 3)
    // Another spine is another training set.
    let spine = try warehouse.bytes(of: "spine.parquet")
    try warehouse.write("other.parquet", spine + [0])
    let other = try warehouse.martlet(
      "sets", "rebuild", "1", "--out", folder + "/x.parquet", "--spine", folder + "/other.parquet")
    #expect(other.exit == 3 && other.talk.contains("is not the spine that it was built from"))
  }

  @Test func `a snapshot has every entity that has a row by then, as training would`() throws {
    let warehouse = try Warehouse(seed: 42)
    defer { warehouse.remove() }
    let folder = warehouse.folder
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let words = ["snapshot", "risk", "--at", "1970-01-10T00:00:00Z", "--project", folder, "--out"]
    #expect(try martlet(words + [folder + "/snap.jsonl"]).exit == 0)
    // The snapshot's own rows are a spine for which training says the same.
    let run = try warehouse.martlet(
      "train", "risk", "--spine", folder + "/keys.jsonl", "--out", folder + "/same.jsonl")
    #expect(run.exit != 0)
    let lines = String(decoding: try warehouse.bytes(of: "snap.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count > 6)
    let keys = lines.map { line in line.prefix { $0 != "Z" } + "Z\"}" }.joined(separator: "\n")
    try warehouse.write("keys.jsonl", keys + "\n")
    let again = try warehouse.martlet(
      "train", "risk", "--spine", folder + "/keys.jsonl", "--out", folder + "/same.jsonl")
    #expect(again.exit == 0, "\(again.talk)")
    #expect(try warehouse.bytes(of: "same.jsonl") == warehouse.bytes(of: "snap.jsonl"))
  }
}
