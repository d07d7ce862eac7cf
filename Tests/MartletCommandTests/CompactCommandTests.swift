import Glibc
import Testing

@testable import MartletCommand

/// `compact`, `runs`, `status` and repair, whole processes.
struct CompactCommandTests {
  @Test(arguments: 21...23)
  func `merging changes no answer, of this version or an older one`(_ seed: UInt64) throws {
    let warehouse = try Warehouse(seed: seed)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for _ in 0..<2 {
      _ = try warehouse.martlet("materialize")
      try warehouse.disturb()
      try warehouse.addDay()
    }
    _ = try warehouse.martlet("materialize")
    let before = try warehouse.stored()
    #expect(try before == warehouse.drafted())
    let version = try #require(try warehouse.dataVersion())
    let run = try warehouse.martlet("compact", "--all")
    #expect(run.exit == 0 && run.output.contains("segments merged"), "\(run.output)")
    #expect(try warehouse.stored() == before)
    #expect(try warehouse.martlet("compact", "--all").output.contains("spend: nothing to merge"))
    let older = try warehouse.martlet(
      "train", "risk", "--spine", warehouse.folder + "/spine.parquet", "--out",
      warehouse.folder + "/older.jsonl", "--data", "\(version)")
    #expect(older.exit == 0)
    #expect(try warehouse.bytes(of: "older.jsonl") == before)
    // What was merged stays while a training set needs it.
    let files = try warehouse.segmentFiles(of: "spend")
    _ = try warehouse.martlet("compact", "--prune", "--keep", "0s")
    #expect(try warehouse.segmentFiles(of: "spend") == files && files.count > 1)
    #expect(try warehouse.stored() == before)
    try warehouse.disturb()
    #expect(try warehouse.martlet("materialize").exit == 0)
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `many small runs are merged by the way`() throws {
    let warehouse = try Warehouse(seed: 24)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    for _ in 0..<5 {
      #expect(try warehouse.martlet("materialize", "spend").exit == 0)
      try warehouse.addDay()
    }
    let runs = try warehouse.martlet("runs", "list").output
    #expect(runs.contains("compact      committed"), "\(runs)")
    _ = try warehouse.martlet("materialize")
    _ = try warehouse.martlet("compact", "--all")
    // What nobody needs is given up once it is asked for.
    let files = try warehouse.segmentFiles(of: "spend")
    let said = try warehouse.martlet("compact", "--prune", "--keep", "0s", "--dry-run")
    #expect(said.output.contains("would be deleted"))
    #expect(try warehouse.segmentFiles(of: "spend") == files && files.count > 1)
    _ = try warehouse.martlet("compact", "--prune", "--keep", "0s")
    #expect(try warehouse.segmentFiles(of: "spend").count == 1)
    #expect(try warehouse.stored() == warehouse.drafted())
  }

  @Test func `a broken segment is named, and made again`() throws {
    let warehouse = try Warehouse(seed: 25)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let before = try warehouse.stored()
    let name = try #require(try warehouse.segmentFiles(of: "spend").first)
    let path = ".martlet/offline/spend/\(name)"
    var bytes = try warehouse.bytes(of: path)
    bytes[bytes.count / 2] ^= 1
    try warehouse.write(path, bytes)
    let repair = try warehouse.martlet("materialize", "--repair")
    #expect(repair.exit == 0)
    #expect(repair.talk.contains("spend: checking") && repair.talk.contains("1 broken"))
    #expect(try warehouse.stored() == before)
    unlink("\(warehouse.folder)/\(path)")
    #expect(try warehouse.martlet("materialize", "--repair").exit == 0)
    #expect(try warehouse.stored() == before)
  }

  @Test func `doctor reads everything, and names what mends what is broken`() throws {
    let warehouse = try Warehouse(seed: 28)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let sound = try warehouse.martlet("doctor", "--deep")
    #expect(sound.exit == 0 && sound.output.contains("each as it was written"), "\(sound.output)")
    let name = try #require(try warehouse.segmentFiles(of: "spend").first)
    let path = ".martlet/offline/spend/\(name)"
    let bytes = try warehouse.bytes(of: path)
    var broken = bytes
    broken[40] ^= 1
    try warehouse.write(path, broken)
    #expect(try warehouse.martlet("doctor").exit == 0)
    let found = try warehouse.martlet("doctor", "--deep")
    #expect(found.exit == 1 && found.output.contains("row group 0, column"), "\(found.output)")
    #expect(found.output.contains("= help: `martlet materialize --repair`"))
    unlink("\(warehouse.folder)/\(path)")
    let missing = try warehouse.martlet("doctor")
    #expect(missing.exit == 1 && missing.output.contains("not all there"), "\(missing.output)")
    try warehouse.write(path, bytes)
    #expect(try warehouse.martlet("doctor", "--deep").exit == 0)
  }

  @Test func `a broken segment that only older data has is given up, and nothing read again`()
    throws
  {
    let warehouse = try Warehouse(seed: 29)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let old = try #require(try warehouse.segmentFiles(of: "spend").first)
    try warehouse.addDay()
    _ = try warehouse.martlet("materialize")
    _ = try warehouse.martlet("compact", "--all")
    let before = try (warehouse.stored(), warehouse.dataVersion())
    try warehouse.write(".martlet/offline/spend/\(old)", [1, 2, 3])
    let doctor = try warehouse.martlet("doctor", "--deep")
    #expect(doctor.exit == 1 && doctor.output.contains("only older versions of the data have it"))
    let repair = try warehouse.martlet("materialize", "--repair")
    #expect(
      repair.exit == 0 && repair.talk.contains("1 segment of older versions"), "\(repair.talk)")
    #expect(repair.output.isEmpty, "\(repair.output)")
    #expect(try (warehouse.stored(), warehouse.dataVersion()) == before)
    #expect(try warehouse.martlet("doctor", "--deep").exit == 0)
  }

  @Test func `what a merge that died left is removed by the next`() throws {
    let warehouse = try Warehouse(seed: 30)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let files = try warehouse.segmentFiles(of: "spend")
    try warehouse.write(".martlet/offline/spend/.run-7-1.partial", [1])
    try warehouse.write(".martlet/offline/spend/\(String(repeating: "0", count: 64)).parquet", [1])
    #expect(try warehouse.martlet("compact").exit == 0)
    #expect(try warehouse.segmentFiles(of: "spend") == files)
  }

  @Test func `a missing segment is an error that says what to do`() throws {
    let warehouse = try Warehouse(seed: 26)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    _ = try warehouse.martlet("materialize")
    let name = try #require(try warehouse.segmentFiles(of: "spend").first)
    unlink("\(warehouse.folder)/.martlet/offline/spend/\(name)")
    let run = try warehouse.martlet(
      "train", "risk", "--spine", warehouse.folder + "/spine.parquet", "--out", "/dev/null")
    #expect(run.exit == 3 && run.talk.contains("`martlet materialize --repair` makes it again"))
  }

  @Test func `status tells what is due, runs what was done`() throws {
    let warehouse = try Warehouse(seed: 27)
    defer { warehouse.remove() }
    _ = try warehouse.martlet("apply", "--yes")
    let never = try warehouse.martlet("status")
    #expect(never.exit == 1 && never.output.contains("spend  never"))
    _ = try warehouse.martlet("materialize")
    let fresh = try warehouse.martlet("status")
    #expect(fresh.exit == 0 && fresh.output.contains("spend  fresh"))
    #expect(fresh.output.hasSuffix("definitions version 1, data version 2\n"))
    #expect(try warehouse.martlet("runs", "show", "1").output.contains("orders"))
    #expect(try warehouse.martlet("runs", "show", "9").exit == 3)
    try warehouse.define(windows: "1d", filter: "where amount > 1.0")
    _ = try warehouse.martlet("apply", "--yes")
    #expect(try warehouse.martlet("status").output.contains("spend  outdated"))
  }
}
