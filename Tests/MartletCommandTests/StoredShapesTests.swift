import Glibc
import MartletColumns
import SeededRandom
import Testing

/// What lies in the store in another shape than it had in the files, vectors and keys of several parts,
/// answers as the files do, merged or not.
struct StoredShapesTests {
  @Test func `keys of several parts and vectors are read back as the files have them`() throws {
    let folder = try temporaryFolder()
    // What is left behind lies among the system's temporary files.
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    func martlet(_ words: String...) throws -> ProgramRun {
      try MartletCommandTests.martlet(words + ["--project", folder])
    }
    func trained(_ more: String...) throws -> [UInt8] {
      let run = try MartletCommandTests.martlet(
        ["train", "all", "--spine", "\(folder)/spine.csv", "--out", "\(folder)/out.jsonl"]
          + ["--project", folder] + more)
      #expect(run.exit == 0, "\(run.talk)")
      return try bytes(of: "\(folder)/out.jsonl")
    }
    for name in ["featuredefs", "sales"] {
      try #require(mkdir("\(folder)/\(name)", 0o755) == 0)
    }
    try write(definitions, to: "\(folder)/featuredefs/a.martlet")
    var random = SeededGenerator(7)
    for file in 1...2 { try write(sales(3_000, &random), to: "\(folder)/sales/\(file).jsonl") }
    try write(spine(100, &random), to: "\(folder)/spine.csv")
    try #require(try martlet("apply", "--yes").exit == 0)
    try #require(try martlet("materialize").exit == 0)
    try write(sales(3_000, &random), to: "\(folder)/sales/3.jsonl")
    try #require(try martlet("materialize").exit == 0)
    let drafted = try trained("--draft")
    #expect(try !drafted.isEmpty && trained() == drafted, "in two segments")
    #expect(try martlet("compact", "--all").output.contains("segments merged"))
    #expect(try trained() == drafted, "merged into one")
    #expect(try martlet("doctor", "--deep").exit == 0)
    for shop in ["0", "57"] {
      let entity = ["all.worth__sold", "region=r1", "shop=\(shop)"]
      let explained = try MartletCommandTests.martlet(
        ["explain"] + entity + ["--at", "1970-02-01T00:00:00Z", "--project", folder])
      #expect(explained.exit == 0, "\(explained.output) \(explained.talk)")
    }
  }

  private let definitions = """
    entity shop(region: string, shop: int)
    events sales {
        from "sales/*.jsonl"
        at   at
        region: string
        shop:   int
        amount: double
        taste:  vector(3)
        at:     time
    }
    features worth of shop from sales {
        sold  = count()
        paid  = sum(amount) over 3d
        taste = last(taste)
    }
    service all { worth.* }
    """

  /// Rows of two regions with a hundred shops each, one of which has most rows.
  private func sales(_ rowCount: Int, _ random: inout SeededGenerator) -> String {
    var lines: [String] = []
    for row in 0..<rowCount {
      let shop = row % 3 > 0 ? 57 : Int.random(in: 0..<100, using: &random)
      let second = Int64.random(in: 0..<2_000_000, using: &random)
      let taste = (0..<3).map { _ in "\(Int.random(in: -8..<8, using: &random)).5" }
      lines.append(
        """
        {"region": "r\(row % 2)", "shop": \(shop), "amount": \(row % 97).25, \
        "taste": \(row % 11 == 0 ? "null" : "[\(taste.joined(separator: ", "))]"), \
        "at": "\(Instant(microseconds: second * 1_000_000))"}
        """)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func spine(_ rowCount: Int, _ random: inout SeededGenerator) -> String {
    var lines = ["region,shop,event_time"]
    for row in 0..<rowCount {
      let second = Int64.random(in: 0..<1_990_000, using: &random)
      lines.append(
        "r\(row % 2),\(Int.random(in: 50..<60, using: &random)),"
          + "\(Instant(microseconds: second * 1_000_000))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    #expect(fputs(text, file) >= 0)
  }

  private func bytes(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }
}
