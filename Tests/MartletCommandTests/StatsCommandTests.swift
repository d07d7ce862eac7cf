import Martlet
import MartletDiagnostics
import Testing

@testable import MartletCommand

/// What runs keep of the values that they brought.
struct StatsCommandTests {
  @Test func `a feature looks as a training set of the run's rows has it`() throws {
    let warehouse = try Warehouse(seed: 31)
    defer { warehouse.remove() }
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    // Every row that was kept asks, at the moment from which it is seen.
    let lines = (warehouse.days[1] ?? "").split(separator: "\n").dropFirst()
    let asked = lines.map { $0.split(separator: ",").map(String.init) }.filter {
      (Double($0[2]) ?? 0) >= 0
    }
    let spine = asked.map { "\($0[1]),\(max($0[4], $0[5]))" }.joined(separator: "\n")
    try warehouse.write("rows.csv", "customer,event_time\n\(spine)\n")
    let train = try warehouse.martlet(
      "train", "risk", "--spine", "\(warehouse.folder)/rows.csv", "--out",
      "\(warehouse.folder)/rows.parquet", "--json")
    try #require(train.exit == 0, "\(train.talk)")
    let report = try JSON(reading: train.output)
    let stats = try warehouse.martlet("stats", "spend", "--json").output
    for feature in ["paid_2h", "paid_1d", "paid_400d", "most_400d", "orders_400d"] {
      let line = try #require(
        stats.split(separator: "\n").first { $0.contains("\"feature\":\"\(feature)\"") })
      let facts = try JSON(reading: String(line)).member("facts")
      let expected = try #require(
        report.member("features").elements.first {
          $0.member("name") == .string("spend__\(feature)")
        })
      #expect(facts.member("count") == .count(asked.count))
      for name in ["min", "max", "mean"] {
        #expect(facts.member(name) == expected.member(name), "\(feature) \(name)")
      }
      for status in ["present", "null", "missing", "expired"] {
        #expect(
          facts.member("statuses").member(status) == expected.member(status),
          "\(feature) \(status)")
      }
    }
  }

  @Test func `runs can be looked at below each other, and two be compared`() throws {
    let warehouse = try Warehouse(seed: 32)
    defer { warehouse.remove() }
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize", "spend").exit == 0)
    try warehouse.addDay()
    try #require(try warehouse.martlet("materialize", "spend").exit == 0)
    let runs = try warehouse.martlet("stats", "spend.amount").output.split(separator: "\n")
    #expect(runs.count == 3 && runs[1].hasPrefix("  2  column  amount"), "\(runs)")
    let all = try warehouse.martlet("stats", "spend", "--runs").output
    #expect(all.contains("  1  feature  paid_1d") && all.contains("  2  feature  paid_1d"))
    let compared = try warehouse.martlet("stats", "spend", "--against", "1")
    #expect(compared.output.hasPrefix("run 1 → run 2\nOf "), "\(compared.output)")
    let same = try warehouse.martlet("stats", "spend", "--run", "1", "--against", "1", "--json")
    for line in same.output.split(separator: "\n") where !line.contains("\"moved\":null") {
      #expect(line.contains("\"moved\":0.0"), "\(line)")
    }
    #expect(try warehouse.martlet("stats", "spend", "--against", "9").exit == 3)
    #expect(try warehouse.martlet("stats", "spned").exit == 3)
  }

  @Test func `the catalog says how fresh, by whom used and how it looks`() throws {
    let warehouse = try Warehouse(seed: 33)
    defer { warehouse.remove() }
    try warehouse.write(
      "featuredefs/b.martlet",
      """
      features again of customer from orders {
          bought = sum(amount) over 1d
          tried = count(where amount > 0.0) over 1d
          fresh 1us
      }
      """)
    #expect(try !warehouse.martlet("list", "sets").output.contains(" ago"))
    try #require(try warehouse.martlet("apply", "--yes").exit == 0)
    try #require(try warehouse.martlet("materialize").exit == 0)
    let sets = try warehouse.martlet("list", "sets").output.split(separator: "\n")
    #expect(sets[1].contains(" ago ") && sets[1].hasSuffix("  risk"), "\(sets)")
    #expect(sets[3].contains(" ago, late  nothing"), "\(sets)")
    let twins = try warehouse.martlet("search", "--twins").output.split(separator: "\n")
    #expect(twins.count == 3 && twins[1].hasSuffix("means the same as spend.paid_1d"), "\(twins)")
    let features = try warehouse.martlet("list", "features", "--json").output
    let paid = try #require(
      features.split(separator: "\n").map { try JSON(reading: String($0)) }
        .first { $0.member("name") == .string("spend.paid_1d") })
    #expect(paid.member("twins") == .strings(["again.bought_1d"]))
    #expect(paid.member("used_by") == .strings(["risk"]))
    #expect(paid.member("values").member("count").number ?? 0 > 0)
    let feature = try warehouse.martlet("show", "spend.paid_1d").output
    #expect(feature.contains("\nSame as    again.bought_1d\nRead       "), "\(feature)")
    #expect(feature.contains(" looked at in run 1\n"))
    let set = try warehouse.martlet("show", "spend").output
    #expect(set.contains("\nOf       Name         Values in run 1\nfeature  paid_2h "), "\(set)")
    let log = try warehouse.martlet("runs", "logs", "1").output
    #expect(log.contains("  reads 1 file of `orders`, ") && log.contains("  spend: "), "\(log)")
  }

  @Test(arguments: [
    ("[10,20,30,40,50]", "[10,20,30,40,50]", 0.0),
    ("[10,20,30,40,50]", "[12,22,32,42,52]", 0.05),
    ("[10,20,30,40,50]", "[10,20,30,40,90]", 1.0),
    ("[7,7,7,7,7]", "[7,7,7,7,8]", Double.infinity),
  ])
  func `numbers have moved as far as the quantile that moved farthest`(
    before: String, now: String, shift: Double
  ) throws {
    let profiles = try [before, now].map { quantiles -> ReadProfile in
      let values = try JSON(reading: quantiles).elements.map(\.text)
      let members = zip(["0.05", "0.25", "0.5", "0.75", "0.95"], values).map { "\"\($0)\":\($1)" }
      return try profile(quantiles: members.joined(separator: ","), top: "")
    }
    #expect(profiles[1].shift(since: profiles[0]) == shift)
  }

  @Test func `texts have moved by the share of those that are others`() throws {
    let before = try profile(
      quantiles: "", top: #"{"value":"a","share":0.75},{"value":"b","share":0.25}"#)
    let now = try profile(
      quantiles: "", top: #"{"value":"b","share":0.5},{"value":"c","share":0.5}"#)
    #expect(now.shift(since: before) == 0.75)
    #expect(before.shift(since: before) == 0)
  }

  private func profile(quantiles: String, top: String) throws -> ReadProfile {
    let facts =
      #"{"count":4,"nulls":0,"distinct":2,"quantiles":{\#(quantiles)},"top":[\#(top)]}"#
    return try #require(ReadProfile(facts))
  }
}
