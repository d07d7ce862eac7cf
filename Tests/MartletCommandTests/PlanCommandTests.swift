import Glibc
import Testing

@testable import MartletCommand

/// What `plan` says of each kind of edit. `Goldens/plans.txt` is the golden: `MARTLET_WRITE_PAGES=1`
/// writes it anew.
struct PlanCommandTests {
  /// What is edited, and the texts that are replaced.
  static let edits: [(what: String, changes: [(old: String, new: String)])] = [
    ("nothing", []),
    ("a comment and an owner", [("owner \"a@b.c\"", "owner \"d@e.f\"  # moved")]),
    ("a let is written out", [("sum(euros)", "sum(amount * 0.92)")]),
    ("one window more", [("over 1h, 24h", "over 1h, 24h, 7d")]),
    (
      "one window less, which a service gives",
      [("over 1h, 24h", "over 1h"), ("spend.total_24h", "spend.total_1h")]
    ),
    ("an aggregate", [("sum(euros)", "max(euros)")]),
    ("a let's value", [("0.92", "0.93")]),
    ("a set's filter", [("\"settled\"", "\"paid\"")]),
    ("another place of the rows", [("data/orders-*.csv", "data/orders-1.csv")]),
    ("when rows are known", [("at    time", "at    time\n    known after 2h")]),
    (
      "a column that nothing uses",
      [("    status:   string", "    status:   string\n    note: string")]
    ),
    ("what is only counted", [("or warn", "or fail")]),
    ("a type that reaches callers", [("amount:   double", "amount:   int"), ("* 0.92", "* 2")]),
    (
      "an entity's key",
      [("customer: string)", "customer: int)"), ("    customer: string\n", "    customer: int\n")]
    ),
    ("how long a state holds", [("keep 90d", "keep 30d")]),
    ("a computed feature", [("+ 1.0", "+ 2.0")]),
    (
      "a feature that is new",
      [("owner \"a@b.c\"", "owner \"a@b.c\"\n    largest = max(euros) over 7d")]
    ),
    (
      "a feature under another name",
      [
        ("    total  =", "    sum  ="), ("spend.total_24h", "spend.sum_24h"),
        ("spend.total_1h", "spend.sum_1h"),
      ]
    ),
    (
      "a set that is gone",
      [
        ("features files of customer from homes {\n    home\n    keep 90d\n}\n", ""),
        ("    files.home\n", ""),
      ]
    ),
    (
      "a set that is new",
      [
        (
          "features rates",
          "features more of customer from orders {\n    n = count()\n}\nfeatures rates"
        )
      ]
    ),
    ("a column of the answer is called otherwise", [("as each_rate", "as rate")]),
    (
      "the answer's columns in another order",
      [("    spend.total_24h\n    files.home\n", "    files.home\n    spend.total_24h\n")]
    ),
    (
      "something more that callers give",
      [("given (basket: double)", "given (basket: double, rate: double)"), ("+ 1.0", "+ rate")]
    ),
    (
      "a service that is gone",
      [
        (
          "service risk {\n    spend.total_24h\n    files.home\n    rates.each as each_rate\n}\n",
          ""
        )
      ]
    ),
    ("the project's zone", [("\"Europe/Berlin\"", "\"Asia/Tokyo\"")]),
  ]

  @Test func `each kind of edit is planned for what it is`() throws {
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    for path in ["featuredefs", "data"] { try #require(mkdir("\(folder)/\(path)", 0o755) == 0) }
    try write(Self.shop, to: "\(folder)/featuredefs/shop.martlet")
    for number in 1...2 {
      let rows = (0..<50).map { "\($0 % 7),\($0).5,settled,2025-01-\(10 + $0 % 20)T00:00:00Z\n" }
      try write(
        "customer,amount,status,time\n" + rows.joined(), to: "\(folder)/data/orders-\(number).csv")
    }
    let parquet = "\(repositoryFolder)/Tests/MartletParquetTests/Fixtures/arrow_brotli_v1.parquet"
    #expect(
      try RunningProgram("/usr/bin/cp", [parquet, "\(folder)/data/homes.parquet"]).end().exit == 0)

    var page = ""
    let first = try martlet("plan", "--project", folder)
    page += section("before anything is applied", first.output)
    #expect(try martlet("apply", "--yes", "--project", folder).exit == 0)
    for edit in Self.edits {
      var text = Self.shop
      for (old, new) in edit.changes {
        #expect(text.contains(old), "\(edit.what): \(old)")
        text = text.replacing(old, with: new)
      }
      try write(text, to: "\(folder)/featuredefs/shop.martlet")
      let run = try martlet("plan", "--project", folder)
      #expect(run.exit == 0, "\(edit.what): \(run.talk)")
      page += section(edit.what, run.output)
      // What people read and what machines read is one plan.
      let json = try martlet("plan", "--json", "--project", folder).output
      #expect(json.contains("\"created\"") && json.hasSuffix("}\n"))
    }
    page += section(
      "the last one, for machines", try martlet("plan", "--json", "--project", folder).output)
    let path = "\(repositoryFolder)/Tests/MartletCommandTests/Goldens/plans.txt"
    if getenv("MARTLET_WRITE_PAGES") != nil {
      try write(page, to: path)
    } else {
      #expect(page == (try text(ofFile: path)))
    }
  }

  private func section(_ title: String, _ output: String) -> String {
    (title == "before anything is applied" ? "" : "\n") + "== \(title) ==\n\(output)"
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
  }

  private static let shop = """
    entity customer(customer: string)
    project {
        zone "Europe/Berlin"
    }
    events orders {
        from  "data/orders-*.csv"
        at    time
        customer: string
        amount:   double
        status:   string
        time:     time
        expect amount >= 0.0 or warn
    }
    states homes {
        from "data/homes.parquet"
        at   since
        customer: string
        home:     string
        since:    time
    }
    features spend of customer from orders {
        where status == "settled"
        let euros = amount * 0.92
        total  = sum(euros) over 1h, 24h
        number = count() over 1h
        owner "a@b.c"
    }
    features files of customer from homes {
        home
        keep 90d
    }
    features rates given (basket: double) {
        each = basket / nullif(spend.number_1h, 0) + 1.0
    }
    service risk {
        spend.total_24h
        files.home
        rates.each as each_rate
    }
    service small {
        spend.total_1h
    }

    """
}

/// The folder of the repository, found from this file.
let repositoryFolder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
