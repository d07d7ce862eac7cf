import Glibc
import MartletColumns
import MartletParquet
import SeededRandom
import Testing

/// A project whose files come, change and go: orders, in as many files as there are days, and what is
/// known of customers, some of which is deleted again.
final class Warehouse {
  let folder: String
  private var random: SeededGenerator
  private(set) var days: [Int: String] = [:]
  private var lastDay = 0

  init(seed: UInt64, rowsPerFile: Int = 40, windows: String = "2h, 1d, 400d") throws {
    random = SeededGenerator(seed)
    self.rowsPerFile = rowsPerFile
    folder = try temporaryFolder()
    for name in ["featuredefs", "orders"] {
      try #require(mkdir("\(folder)/\(name)", 0o755) == 0)
    }
    try define(windows: windows)
    try write("customers.csv", customers())
    try addDay()
    try writeSpine()
  }

  private let rowsPerFile: Int

  func remove() {
    // What is left behind lies among the system's temporary files.
    _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end()
  }

  func define(windows: String, filter: String = "") throws {
    try write(
      "featuredefs/a.martlet",
      """
      entity customer(customer: string)
      events orders {
          from "orders/*.csv"
          at event_time
          known known_at
          id number
          expect amount >= 0.0 or drop
          number: int
          customer: string
          amount: double
          item: string
          event_time: time
          known_at: time
      }
      states customers {
          from "customers.csv"
          at since
          deleted when gone
          customer: string
          tier: int
          gone: bool
          since: time
      }
      features spend of customer from orders {
          \(filter)
          paid = sum(amount) over \(windows)
          most = max(amount) over \(windows)
          orders = count() over \(windows)
          items = last(item, 3) over \(windows)
      }
      features file of customer from customers {
          tier
          keep 200d
      }
      service risk {
          spend.*
          file.*
      }
      """)
  }

  /// A file of orders more, some of which are late or were there already.
  func addDay() throws {
    lastDay += 1
    days[lastDay] = orders(of: lastDay)
    try write("orders/\(lastDay).csv", days[lastDay] ?? "")
  }

  /// Another content for one of the files.
  func changeDay() throws {
    guard let day = days.keys.sorted().randomElement(using: &random) else { return }
    days[day] = orders(of: day)
    try write("orders/\(day).csv", days[day] ?? "")
  }

  func removeDay() throws {
    guard days.count > 1, let day = days.keys.sorted().randomElement(using: &random) else { return }
    days[day] = nil
    unlink("\(folder)/orders/\(day).csv")
  }

  func changeCustomers() throws { try write("customers.csv", customers()) }

  /// Whatever may happen to the files.
  func disturb() throws {
    switch Int.random(in: 0..<6, using: &random) {
    case 0...2: try addDay()
    case 3: try changeDay()
    case 4: try removeDay()
    default: try changeCustomers()
    }
  }

  func orders(of day: Int) -> String {
    var lines = ["number,customer,amount,item,event_time,known_at"]
    for _ in 0..<rowsPerFile {
      // Some numbers come twice, in other files as well.
      let number = Int.random(in: 0..<rowsPerFile * 40, using: &random)
      let second = day * 86_400 - Int.random(in: 0..<200_000, using: &random)
      let known = second + Int.random(in: 0..<100_000, using: &random)
      let amount = Double(Int.random(in: -50..<2_000, using: &random)) / 100
      lines.append(
        "\(number),c\(Int.random(in: 0..<12, using: &random)),\(amount),i\(number % 7),"
          + "\(instant(second)),\(instant(known))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func customers() -> String {
    var lines = ["customer,tier,gone,since"]
    for _ in 0..<30 {
      let second = Int.random(in: 0..<86_400 * 20, using: &random)
      lines.append(
        "c\(Int.random(in: 0..<12, using: &random)),\(Int.random(in: 0..<5, using: &random)),"
          + "\(Int.random(in: 0..<5, using: &random) == 0),\(instant(second))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func instant(_ second: Int) -> String {
    "\(Instant(microseconds: Int64(second) * 1_000_000))"
  }

  private func writeSpine() throws {
    var customers: [Value] = []
    var times: [Value] = []
    for _ in 0..<150 {
      customers.append(.string("c\(Int.random(in: 0..<14, using: &random))"))
      let second = Int64.random(in: 0..<86_400 * 25, using: &random)
      times.append(.time(Instant(microseconds: second * 1_000_000)))
    }
    let schema = try #require(Schema([Field("customer", .string), Field("event_time", .time)]))
    let columns = [
      try #require(Column(.string, customers)), try #require(Column(.time, times)),
    ]
    var bytes: [UInt8] = []
    var writer = ParquetWriter<Never>(schema) { span in
      bytes += span.withUnsafeBytes { Array($0) }
    }
    writer.append(Batch(schema, columns, rowCount: customers.count))
    writer.finish()
    try write("spine.parquet", bytes)
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = try #require(fopen("\(folder)/\(name)", "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func bytes(of name: String) throws -> [UInt8] {
    guard let file = fopen("\(folder)/\(name)", "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }

  @discardableResult
  func martlet(_ words: String...) throws -> ProgramRun {
    try MartletCommandTests.martlet(words + ["--project", folder])
  }

  func start(_ words: String...) throws -> RunningProgram {
    try RunningProgram(builtFolder() + "/martlet", words + ["--project", folder])
  }

  /// The training set by what is stored, as JSON Lines.
  func stored() throws -> [UInt8] { try trained([]) }

  /// The training set straight from the files, which shares nothing with the store.
  func drafted() throws -> [UInt8] { try trained(["--draft"]) }

  private func trained(_ more: [String]) throws -> [UInt8] {
    try train(more + ["--out", "\(folder)/train.jsonl"])
    return try bytes(of: "train.jsonl")
  }

  /// Builds a training set for the spine.
  func train(_ more: [String]) throws {
    let words = ["train", "risk", "--spine", "\(folder)/spine.parquet", "--project", folder]
    let run = try MartletCommandTests.martlet(words + more)
    try #require(run.exit == 0, "\(run.talk)")
  }

  /// The newest version of the data, as `status` says it.
  func dataVersion() throws -> Int? {
    let words = try martlet("status").output.split { $0 == " " || $0 == "\n" }
    return words.lastIndex(of: "version").flatMap { Int(words[$0 + 1]) }
  }

  /// The names of all files of the store's segments, finished or not.
  func segmentFiles(of set: String) throws -> [String] {
    let run = try RunningProgram("/usr/bin/ls", ["-A", "\(folder)/.martlet/offline/\(set)"]).end()
    return run.output.split(separator: "\n").map(String.init)
  }
}
