import Glibc
import MartletColumns
import Testing

@testable import MartletCommand

/// Definitions written by looking at files.
struct DescribeCommandTests {
  @Test func `a source is written as its file suggests`() throws {
    try inFolder { folder in
      try write(
        """
        order_id,customer_id,amount,ordered at,event_time,note
        1,c1,2.5,2025-01-01,2025-01-01T10:00:00Z,
        2,c2,3,2025-01-02,2025-01-02T10:00:00Z,
        3,c1,,2025-01-03,2025-01-03T10:00:00Z,

        """, to: "\(folder)/orders-2025.csv")
      let run = try martlet("describe", "\(folder)/orders-2025.csv")
      #expect(
        run.output == """
          # As the 3 rows of the file suggest.
          events orders_2025 {
              from "\(folder)/orders-2025.csv"
              at   event_time
              id   order_id

              order_id:     int     # no two alike
              customer_id:  string
              amount:       double  # 1 null
              `ordered at`: time
              event_time:   time
              note:         string  # it holds nulls only
          }

          """, "\(run)")
      let json = try martlet("describe", "\(folder)/orders-*.csv", "--json")
      #expect(json.output.contains(#""format":"csv","rows":3,"is_whole":true,"#))
      #expect(json.output.contains(#""keys":["customer_id"],"definition":"#))
    }
  }

  @Test func `states, files without times and what cannot be written are told apart`() throws {
    try inFolder { folder in
      try write(
        """
        {"customer_id":"a","home":"DE","odd":1,"updated_at":"2025-01-01T00:00:00Z"}
        {"customer_id":"b","home":null,"odd":"x","updated_at":"2025-01-02T00:00:00Z"}

        """, to: "\(folder)/customers.jsonl")
      let states = try martlet("describe", "\(folder)/customers.jsonl").output
      #expect(
        states.contains("states customers {\n") && states.contains("at   updated_at\n")
          && states.contains("# odd: its values have no type in common\n"), "\(states)")
      try write("a,b\n1,2\n", to: "\(folder)/plain.csv")
      let plain = try martlet("describe", "\(folder)/plain.csv")
      #expect(plain.exit == 0 && plain.output.contains("# at …: no column holds times"))
      let missing = try martlet("describe", "\(folder)/none.csv")
      #expect(missing.exit == 3 && missing.talk.contains("no file is there"))
      #expect(try martlet("describe", "\(folder)/customers.txt").exit == 3)
      let fixture = "\(repositoryFolder)/Tests/MartletParquetTests/Fixtures/arrow_zstd_v1.parquet"
      let parquet = try martlet("describe", fixture)
      #expect(parquet.exit == 0 && parquet.output.contains("events arrow_zstd_v1 {"), "\(parquet)")
    }
  }

  @Test func `a new project works at once, and nothing that is there is touched`() throws {
    try inFolder { folder in
      let shop = "\(folder)/shop"
      let run = try martlet("init", shop)
      let written = [
        "featuredefs/shop.martlet", "data/orders.csv", "data/customers.jsonl", "data/labels.csv",
        "data/late-orders.jsonl",
      ]
      #expect(run.output == written.map { "\(shop)/\($0)\n" }.joined(), "\(run)")
      let check = try martlet("check", "--strict", "--project", shop)
      #expect(check.exit == 0, "\(check.output)")
      #expect(try martlet("fmt", "--check", "--project", shop).exit == 0)
      let again = try martlet("init", "\(folder)/shop")
      #expect(again.exit == 3 && again.talk.contains("has definitions already"))
    }
  }

  @Test func `the commands that a new project names work in their order`() throws {
    try inFolder { folder in
      let run = try martlet("init", "\(folder)/demo")
      let next = run.talk.split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) }
      #expect(next.first == "cd \(folder)/demo" && next.count > 3, "\(run)")
      let program = try RunningProgram(
        "bash", ["-ec", next.joined(separator: "\n")], environment: ["PATH": try builtFolder()])
      let session = try program.end()
      #expect(session.exit == 0 && session.output.contains("basket_share"), "\(session)")
    }
  }

  @Test func `what a new project serves stays the same while it is tried`() throws {
    let made = Instant(microseconds: 1_760_000_000_000_000)
    let orders = try #require(
      SampleProject(asOf: made).files.first { $0.path == "data/orders.csv" }?.text)
    let day: Int64 = 86_400_000_000
    let hour: Int64 = 3_600_000_000
    let ages = try orders.split(separator: "\n").dropFirst().map { line in
      made.microseconds
        - (try Instant(String(line.split(separator: ",")[4]))).microseconds
    }
    #expect(ages.count == 420 && ages.allSatisfy { $0 > 0 && $0 < 30 * day })
    #expect(ages.allSatisfy { $0 % day < 21 * hour }, "one leaves a window within three hours")
  }

  @Test func `a project begins with the files that it is given`() throws {
    try inFolder { folder in
      try write(
        """
        order_id,customer_id,amount,event_time
        1,c1,2.5,2025-01-01T10:00:00Z
        2,c2,3,2025-01-02T10:00:00Z
        3,c1,,2025-01-03T10:00:00Z

        """, to: "\(folder)/orders.csv")
      try write(
        """
        {"customer_id":"c1","home":"DE","updated_at":"2025-01-01T00:00:00Z"}
        {"customer_id":"c2","home":null,"updated_at":"2025-01-02T00:00:00Z"}

        """, to: "\(folder)/customers.jsonl")
      let run = try martlet(
        "init", folder, "--from", "\(folder)/orders.csv", "--from", "\(folder)/customers.jsonl")
      #expect(run.exit == 0, "\(run)")
      let text = try text(ofFile: "\(folder)/featuredefs/definitions.martlet")
      #expect(text.contains("entity customer(customer_id: string)\n"))
      #expect(text.contains("features customer_orders of customer from orders {\n"))
      #expect(text.contains("    from \"orders.csv\"\n"))
      let states = "features customer_customers of customer from customers {\n    home\n}"
      #expect(text.contains(states))
      #expect(try martlet("check", "--strict", "--project", folder).output.hasPrefix("no findings"))
    }
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    try body(folder)
  }
}
