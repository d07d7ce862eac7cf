import Glibc
import MartletColumns
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

    // The sources themselves say the same, whatever is stored.
    let draft = try martlet(words + [folder + "/draft.jsonl", "--draft"])
    #expect(draft.exit == 0 && !draft.talk.contains("training set"), "\(draft.talk)")
    #expect(try warehouse.bytes(of: "draft.jsonl") == warehouse.bytes(of: "snap.jsonl"))
  }

  @Test func `files that are not stored yet are named, and rows that were known late`() throws {
    let warehouse = try Warehouse(seed: 45)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let words = ["--spine", warehouse.folder + "/spine.parquet", "--partial", "--out", "-"]
    let before = try martlet(
      ["train", "risk", "--project", warehouse.folder, "--format", "csv"] + words)
    #expect(!before.talk.contains("not stored as they are now"), "\(before.talk)")
    #expect(before.talk.contains("known later than they happened"), "\(before.talk)")
    try warehouse.addDay()
    let after = try martlet(
      ["train", "risk", "--project", warehouse.folder, "--format", "csv"] + words)
    #expect(
      after.talk.contains(
        "1 new file and 0 changed ones of `orders` are not stored as they are now: "
          + "`martlet materialize spend` reads them"), "\(after.talk)")
    #expect(after.output == before.output)
  }

  @Test func `what differs between two training sets is named and counted`() throws {
    let warehouse = try Warehouse(seed: 43)
    defer { warehouse.remove() }
    let folder = warehouse.folder
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    try warehouse.train(["--out", folder + "/first.parquet"])
    let same = try warehouse.martlet("sets", "diff", "1", "1")
    #expect(same.exit == 0, "\(same.talk)")
    #expect(same.output == "0 rows added, 0 lost, 150 in both, 0 of them changed\n")
    // Later rows change values, another definition changes columns, and rows of the spine come and go.
    try warehouse.addDay()
    try warehouse.define(windows: "2h, 5h")
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    try warehouse.train(["--out", folder + "/all.csv"])
    var lines = String(decoding: try warehouse.bytes(of: "all.csv"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: ",").prefix(2).joined(separator: ",") }
    lines.removeLast(3)
    lines.append("newcomer,1970-01-05 00:00:00Z")
    try warehouse.write("fewer.csv", lines.joined(separator: "\n") + "\n")
    let train = try warehouse.martlet(
      "train", "risk", "--spine", folder + "/fewer.csv", "--out", folder + "/third.csv", "--partial"
    )
    #expect(train.exit == 0, "\(train.talk)")
    let run = try warehouse.martlet("sets", "diff", "1", "3")
    #expect(run.exit == 1, "\(run.talk)")
    let words = run.output.split(separator: "\n").map(String.init)
    #expect(
      words.first
        == "columns added: spend__paid_5h, spend__most_5h, spend__orders_5h, spend__items_5h")
    #expect(
      words.dropFirst().first?.hasPrefix("columns lost: spend__paid_1d, spend__paid_400d") == true)
    #expect(run.output.contains("1 row added, 3 lost, 147 in both, "), "\(run.output)")
    let unknown = try warehouse.martlet("sets", "diff", "1", "3", "--by", "nobody")
    #expect(unknown.exit == 3 && unknown.talk.contains("not both have columns of one type called"))
  }

  @Test func `an exported training set says by what bytes it is known`() throws {
    let warehouse = try Warehouse(seed: 44)
    defer { warehouse.remove() }
    let folder = warehouse.folder
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    try warehouse.train(["--out", folder + "/first.parquet"])
    let run = try warehouse.martlet("sets", "export", "1", "--out", folder + "/given")
    #expect(run.exit == 0, "\(run.talk)")
    #expect(
      try warehouse.bytes(of: "given/set/first.parquet") == warehouse.bytes(of: "first.parquet"))
    #expect(
      try warehouse.bytes(of: "given/spine/spine.parquet") == warehouse.bytes(of: "spine.parquet"))
    let manifest = String(decoding: try warehouse.bytes(of: "given/manifest.json"), as: UTF8.self)
    let hash = SHA256.digest(try warehouse.bytes(of: "first.parquet")).hexadecimal
    #expect(manifest.contains(#""path":"set/first.parquet""#) && manifest.contains(hash))
    #expect(manifest.contains(#""path":"definitions/featuredefs/a.martlet""#), "\(manifest)")
    #expect(manifest.contains(#""path":"customers.csv""#) && manifest.contains(#""segments":[""#))
    let again = try warehouse.martlet("sets", "export", "1", "--out", folder + "/given")
    #expect(again.exit == 3 && again.talk.contains("is not empty"))
  }
}
