import Glibc
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

@testable import MartletOffline

/// A segment of shops whose keys have two parts, each with a thousand rows that carry vectors; a page has
/// some twenty shops, and one page the last of one region and the first of the next.
@Suite struct SegmentReaderTests {
  private static let rowsPerShop = 1_000
  private static let shops = (0..<90).map { ("r0", $0) } + (0..<110).map { ("r1", $0) }

  @Test func `of all shops that are asked for every row is read, wherever its pages lie`() throws {
    let reader = try reader()
    // The page that both regions share may have the first; the page of the second lies before it.
    for asked in [
      [5, 45], [5, 25, 45, 65, 85], [0, 89, 90, 199], Array(0..<100), [3, 120, 199],
    ] {
      let keys = try asked.map { try self.keys(of: $0) }
      let columns = try [ColumnType.string, .int].enumerated().map { part, type in
        try #require(Column(type, keys.map { $0[part] }))
      }
      let times = Column(.time(Buffer(repeating: Int64.max - 1, count: asked.count)))
      var seen: [Int: Int] = [:]
      try reader.read(for: Questions(keys: columns, times: times).whole) { batch in
        for row in 0..<batch.rowCount { seen[try shop(of: batch, row), default: 0] += 1 }
      }
      for shop in asked { #expect(seen[shop] == Self.rowsPerShop, "shop \(shop) of \(asked)") }
    }
  }

  @Test func `one shop is read without most of the rest, its vectors as they were written`() throws
  {
    let reader = try reader()
    for shop in [0, 45, 89, 90, 199] {
      let ranges = try reader.rows(near: keys(of: shop))
      #expect(ranges.reduce(0) { $0 + $1.count } < reader.rowCount / 2)
      var rowCount = 0
      for range in ranges {
        try reader.readWithFiles(range) { batch in
          for row in 0..<batch.rowCount where try self.shop(of: batch, row) == shop {
            rowCount += 1
            let taste = try #require(batch.schema.position(of: "taste"))
            guard case .time(let time) = batch.columns[2][row] else { continue }
            #expect(batch.columns[taste][row] == Self.taste(shop, Int(time.microseconds)))
          }
        }
      }
      #expect(rowCount == Self.rowsPerShop)
    }
    #expect(try reader.rows(near: [.string("r0"), .null]).isEmpty)
  }

  // MARK: The segment

  private static func taste(_ shop: Int, _ row: Int) -> Value {
    row % 7 == 0 ? .null : .vector([Float(shop), Float(row) + 0.5])
  }

  private func keys(of shop: Int) throws -> [Value] {
    [.string(Self.shops[shop].0), .int(Int64(Self.shops[shop].1))]
  }

  private func shop(of batch: Batch, _ row: Int) throws -> Int {
    guard case .string(let region) = batch.columns[0][row],
      case .int(let number) = batch.columns[1][row]
    else { return -1 }
    return region == "r0" ? Int(number) : 90 + Int(number)
  }

  private let plan: SetPlan
  private let folder: String

  init() throws {
    let text = """
      entity shop(region: string, shop: int)
      events sales {
          from "sales.parquet"
          at   at
          region: string
          shop:   int
          taste:  vector(2)
          at:     time
      }
      features worth of shop from sales { taste = last(taste) }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(checked.findings.filter { $0.severity == .error } == [])
    plan = try #require(Plan(checked.value.definitions).set("worth"))
    var template = Array("/tmp/martlet-offline-\(String(repeating: "X", count: 6))".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { room in
      room.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    folder = try #require(made)
  }

  /// A reader of the one segment, whose file is gone as soon as it is open.
  private func reader() throws -> SegmentReader {
    let segments = SegmentFolder(of: plan.name, in: folder)
    let oneByOne: RowOrder.ForEach = { count, body in for index in 0..<count { body(index) } }
    var clusterer = RowClusterer(plan)
    for shop in Self.shops.indices.reversed() { clusterer.add(try rows(of: shop), from: 0) }
    let ordered = try #require(clusterer.finish(forEach: oneByOne))
    var writer = try SegmentWriter(
      plan, in: segments, run: 1, piece: 1,
      forEach: { count, body in for index in 0..<count { body(index) } })
    var start = 0
    while start < ordered.count {
      let end = min(start + SegmentWriter.rowsPerGroup, ordered.count)
      try writer.append(ordered.rows(in: start..<end, forEach: oneByOne))
      start = end
    }
    let sealed = try writer.seal(repeatCount: 0)
    try segments.publish([sealed])
    let reader = try SegmentReader(plan, sealed.facts, in: segments)
    unlink(segments.path(ofSegment: sealed.facts.name))
    for path in [segments.path, "\(folder)/offline", folder] { rmdir(path) }
    return reader
  }

  private func rows(of shop: Int) throws -> Batch {
    let count = Self.rowsPerShop
    let columns = try plan.schema.fields.map { field -> Column in
      let values: [Value] =
        switch field.name {
        case "region": Array(repeating: .string(Self.shops[shop].0), count: count)
        case "shop": Array(repeating: .int(Int64(Self.shops[shop].1)), count: count)
        case "taste": (0..<count).map { Self.taste(shop, $0) }
        default: (0..<count).map { .time(Instant(microseconds: Int64($0))) }
        }
      return try #require(Column(field.type, values))
    }
    return Batch(plan.schema, columns, rowCount: count)
  }
}
