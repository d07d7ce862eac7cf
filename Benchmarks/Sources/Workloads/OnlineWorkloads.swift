import CBaselines
import Glibc
import MartletAggregates
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletOnline
import MartletPlan
import Racing

/// The online store, whose pacemakers are RocksDB's own calls on the same values in the same files: what
/// `db_bench` times, in one process with ours. `scripts/bench-online` runs `db_bench` itself beside it.
let onlineWorkloads = [
  Workload("online, ten states of one entity", of: "read", .tiny(50), .full(200_000)) {
    reads, race in
    let store = try OnlineStates(entities: max(reads, 100))
    let picks = store.picks(reads)
    race.enter("read by one reader") { watch in
      var found = Checksum()
      try watch.measure { for pick in picks { try store.askReader(pick, &found) } }
      return found.value
    }
    race.enter("answers, one by one") { watch in
      var found = Checksum()
      try watch.measure {
        for pick in picks { try store.ask([pick], &found) }
      }
      return found.value
    }
  },
  Workload("online, ten states of 100 entities", of: "read", .tiny(100), .full(200_000)) {
    reads, race in
    let store = try OnlineStates(entities: max(reads, 100))
    let picks = store.picks(reads)
    race.enter("answers, 100 at a time") { watch in
      var found = Checksum()
      try watch.measure {
        for start in stride(from: 0, to: picks.count, by: 100) {
          try store.ask(Array(picks[start..<min(start + 100, picks.count)]), &found)
        }
      }
      return found.value
    }
    race.enter("answers, one by one") { watch in
      var found = Checksum()
      try watch.measure {
        for pick in picks { try store.ask([pick], &found) }
      }
      return found.value
    }
  },
  Workload("online, 16 windows over 1,000 events", of: "read", .tiny(3), .full(2_000)) {
    reads, race in
    let store = try OnlineEvents(entities: 20, rowsOfEach: 1_000)
    race.enter("read by one reader") { watch in
      var found = Checksum()
      try watch.measure {
        for read in 0..<reads { try store.askReader(read % 20, &found) }
      }
      return found.value
    }
    race.enter("answers, one by one") { watch in
      var found = Checksum()
      try watch.measure {
        for read in 0..<reads { try store.ask(read % 20, &found) }
      }
      return found.value
    }
  },
  Workload("online, 16 windows over many events", of: "read", .tiny(3), .full(500)) {
    reads, race in
    let rows = reads < 10 ? 5_000 : 1_000_000
    let store = try OnlineEvents(entities: 1, rowsOfEach: rows)
    race.enter("answers, one by one") { watch in
      var found = Checksum()
      try watch.measure { for _ in 0..<reads { try store.ask(0, &found) } }
      return found.value
    }
    race.enter("read by one reader") { watch in
      var found = Checksum()
      try watch.measure { for _ in 0..<reads { try store.askReader(0, &found) } }
      return found.value
    }
  },
  Workload("online, load of ten states", of: "entity", .tiny(1_000), .full(1_000_000)) {
    entities, race in
    let set = try OnlineStates.set()
    let rows = OnlineStates.rows(of: set, entities: entities)
    race.enter("sorted, written, taken in") { watch in
      let folder = try ScratchFolder()
      defer { withExtendedLifetime(folder) {} }
      let store = try OnlineStore.open(folder.path + "/load")
      _ = try watch.measure {
        try store.load(set, [rows], in: folder.path, holdingPushesUpTo: 0)
      }
      return UInt64(entities)
    }
    let values = OnlineStates.values(entities: entities)
    race.pace("the same bytes by RocksDB alone") { watch in
      let folder = try ScratchFolder()
      let size = Int64(values.count / entities)
      // The folder goes with its last use, which is not that of its path.
      let count = withExtendedLifetime(folder) {
        watch.measure { c_sst_load(folder.path, values, size, Int64(entities)) }
      }
      return UInt64(bitPattern: count)
    }
    race.expect(UInt64(entities))
  },
  Workload("online, pushes of 1,000 events", of: "event", .tiny(1_000), .full(200_000)) {
    events, race in
    let folder = try ScratchFolder()
    let plan = try OnlineEvents.plan()
    let batches = OnlineEvents.pushes(of: plan, events: events)
    race.enter("kept, logged, written, synced") { watch in
      defer { withExtendedLifetime(folder) {} }
      let store = try OnlineStore.open(folder.path + "/push")
      let features = try OnlineFeatures(plan, of: store)
      let source = try plan.source("taps").found("taps")
      try watch.measure { for batch in batches { try features.push(batch, to: source) } }
      return UInt64(events)
    }
    race.expect(UInt64(events))
  },
]

/// Ten features of many entities, a row of each.
private struct OnlineStates {
  let folder: ScratchFolder
  let features: OnlineFeatures
  let service: ServicePlan
  let reader: ServiceReader
  let entities: Int

  init(entities: Int) throws {
    self.entities = entities
    folder = try ScratchFolder()
    let plan = try Self.plan()
    let set = try plan.set("profile").found("profile")
    let store = try OnlineStore.open(folder.path + "/online")
    try store.load(
      set, [Self.rows(of: set, entities: entities)], in: folder.path, holdingPushesUpTo: 0)
    features = try OnlineFeatures(plan, of: store)
    service = try plan.service("all").found("all")
    reader = features.reader(of: service)
  }

  /// Entities at random, the same for every contestant.
  func picks(_ count: Int) -> [Int64] {
    var draw = Draw(seed: 81)
    return draw.ints(count, below: entities)
  }

  func askReader(_ entity: Int64, _ found: inout Checksum) throws {
    let row = try reader.row(keys: [.int(entity)], at: Instant(microseconds: 2_000_000))
    for output in 0..<row.count {
      found.add(row.word(output) ?? 0)
      found.add(row.statuses[output].rawValue)
    }
  }

  func ask(_ entities: [Int64], _ found: inout Checksum) throws {
    let keys = Column(.int(Buffer(entities)))
    let times = Column(.time(Buffer(repeating: 2_000_000, count: entities.count)))
    let answers = try features.answers(of: service, at: times) { _ in keys }.answers
    for row in 0..<entities.count {
      for (column, statuses) in zip(answers.columns, answers.statuses) {
        guard case .double(let numbers) = column.values else { continue }
        found.add(Int64(bitPattern: numbers[row].bitPattern))
        found.add(statuses[row].rawValue)
      }
    }
  }

  static func plan() throws -> Plan {
    let columns = (0..<10).map { "v\($0)" }
    return try compiled(
      """
      entity user(number: int)
      states facts {
          from "facts.parquet"
          at since
          number: int
          since: time
          \(columns.map { "\($0): double" }.joined(separator: "\n    "))
      }
      features profile of user from facts {
          \(columns.joined(separator: "\n    "))
      }
      service all {
          profile.*
      }
      """)
  }

  static func set() throws -> SetPlan { try plan().set("profile").found("profile") }

  static func rows(of set: SetPlan, entities: Int) -> Batch {
    var draw = Draw(seed: 82)
    let columns = set.schema.fields.map { field -> Column in
      switch field.type {
      case .int: Column(.int(Buffer((0..<entities).map { Int64($0) })))
      case .time: Column(.time(Buffer(repeating: 1_000_000, count: entities)))
      default: Column(.double(Buffer(draw.doubles(entities))))
      }
    }
    return Batch(set.schema, columns, rowCount: entities)
  }
}

extension OnlineStates {
  /// Values as the store writes them, one after the other: a header that ends with a checksum, a time and
  /// ten doubles, each behind a byte that says that it is there.
  fileprivate static func values(entities: Int) -> [UInt8] {
    var (draw, checksums) = (Draw(seed: 82), Draw(seed: 85))
    let doubles = draw.doubles(entities * 10)
    let hashes = checksums.doubles(entities)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entities * 123)
    for entity in 0..<entities {
      bytes += [1, 0, 1, 0, 7, 7, 7, 7, 1, 0, 0, 0, 99, 0, 0, 0]
      withUnsafeBytes(of: hashes[entity]) { bytes += $0 }
      bytes.append(0)
      withUnsafeBytes(of: Int64(1_000_000)) { bytes += $0 }
      for feature in 0..<10 {
        bytes.append(0)
        withUnsafeBytes(of: doubles[entity * 10 + feature]) { bytes += $0 }
      }
    }
    return bytes
  }
}

/// Sixteen features over four windows, of entities that are seen often.
private struct OnlineEvents {
  let folder: ScratchFolder
  let features: OnlineFeatures
  let service: ServicePlan
  let reader: ServiceReader
  static let month: Int64 = 30 * 86_400 * 1_000_000

  init(entities: Int, rowsOfEach: Int) throws {
    folder = try ScratchFolder()
    let plan = try Self.plan()
    let set = try plan.set("spend").found("spend")
    let store = try OnlineStore.open(folder.path + "/online")
    try store.load(
      set, [Self.rows(of: set, entities: entities, rowsOfEach: rowsOfEach)], in: folder.path,
      holdingPushesUpTo: 0)
    features = try OnlineFeatures(plan, of: store)
    service = try plan.service("all").found("all")
    reader = features.reader(of: service)
  }

  func askReader(_ entity: Int, _ found: inout Checksum) throws {
    let row = try reader.row(keys: [.int(Int64(entity))], at: Instant(microseconds: Self.month))
    for output in 0..<row.count { found.add(row.word(output) ?? 0) }
  }

  func ask(_ entity: Int, _ found: inout Checksum) throws {
    let keys = Column(.int([Int64(entity)]))
    let times = Column(.time([Self.month]))
    let answers = try features.answers(of: service, at: times) { _ in keys }.answers
    for column in answers.columns {
      switch column.values {
      case .int(let numbers): found.add(numbers[0])
      case .double(let numbers): found.add(Int64(bitPattern: numbers[0].bitPattern))
      default: break
      }
    }
  }

  static func plan() throws -> Plan {
    try compiled(
      """
      entity user(number: int)
      events taps {
          from pushes
          at at_time
          id tap
          number: int
          tap: int
          at_time: time
          amount: double
          shop: int
      }
      features spend of user from taps {
          spent = sum(amount) over 1h, 24h, 7d, 30d
          taps = count() over 1h, 24h, 7d, 30d
          largest = max(amount) over 1h, 24h, 7d, 30d
          latest = last(shop) over 1h, 24h, 7d, 30d
      }
      service all {
          spend.*
      }
      """)
  }

  static func rows(of set: SetPlan, entities: Int, rowsOfEach: Int) -> Batch {
    var draw = Draw(seed: 83)
    let count = entities * rowsOfEach
    let columns = set.schema.fields.map { field -> Column in
      switch (field.name, field.type) {
      case ("number", _): Column(.int(Buffer((0..<count).map { Int64($0 / rowsOfEach) })))
      case ("_time", _):
        Column(
          .time(Buffer((0..<count).map { Int64($0 % rowsOfEach) * (month / Int64(rowsOfEach)) })))
      case ("_id", _): Column(.int(Buffer((0..<count).map { Int64($0) })))
      case (_, .int): Column(.int(Buffer(draw.ints(count, below: 500))))
      default: Column(.double(Buffer(draw.doubles(count))))
      }
    }
    return Batch(set.schema, columns, rowCount: count)
  }

  static func pushes(of plan: Plan, events: Int) -> [Batch] {
    guard let source = plan.source("taps") else { return [] }
    var draw = Draw(seed: 84)
    return stride(from: 0, to: events, by: 1_000).map { start in
      let count = min(1_000, events - start)
      let columns = source.schema.fields.map { field -> Column in
        switch field.name {
        case "number": Column(.int(Buffer(draw.ints(count, below: 10_000))))
        case "tap": Column(.int(Buffer((0..<count).map { Int64(start + $0) })))
        case "at_time": Column(.time(Buffer((0..<count).map { Int64(start + $0) * 1_000 })))
        case "amount": Column(.double(Buffer(draw.doubles(count))))
        default: Column(.int(Buffer(draw.ints(count, below: 500))))
        }
      }
      return Batch(source.schema, columns, rowCount: count)
    }
  }
}

private func compiled(_ text: String) throws -> Plan {
  let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
  if let finding = checked.findings.first(where: { $0.severity == .error }) {
    throw NotFound(what: finding.title)
  }
  return Plan(checked.value.definitions)
}

private struct NotFound: Error { var what: String }

extension Optional {
  fileprivate func found(_ what: String) throws -> Wrapped {
    guard let self else { throw NotFound(what: what) }
    return self
  }
}

/// A folder that is gone when the workload is done with it.
private final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/martlet-bench-\(String(repeating: "X", count: 6))".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { room in
      room.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = try made.found("a folder for scratch data")
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    guard let folder = opendir(path) else {
      unlink(path)
      return
    }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { remove("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }
}
