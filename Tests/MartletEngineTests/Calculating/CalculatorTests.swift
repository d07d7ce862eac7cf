import Glibc
import MartletColumns
import MartletDiagnostics
import MartletEngine
import MartletLanguage
import MartletPlan
import Testing

/// What expressions give, over the rows that `row` shows and a row of nulls.
struct CalculatorTests {
  static let expressions: [(String, Value)] = [
    // Arithmetic.
    ("n + 2", .int(9)), ("n - 10", .int(-3)), ("n * n", .int(49)), ("-n", .int(-7)),
    ("n / 2", .double(3.5)), ("n % 4", .int(3)), ("-n % 4", .int(-3)), ("div(-n, 2)", .int(-3)),
    ("n + x", .double(9.5)), ("x * 2", .double(5)), ("x % 2.0", .double(0.5)),
    ("most + 1", .null), ("most * 2", .null), ("n / zero", .null), ("n % zero", .null),
    ("div(n, zero)", .null), ("-(0 - most - 1)", .null), ("(0 - most - 1) % -1", .int(0)),
    ("most + 0.0", .double(9_223_372_036_854_775_808)),
    // Comparison.
    ("n > 6", .bool(true)), ("n >= 7.0", .bool(true)), ("n != 7", .bool(false)),
    ("nan == nan", .bool(true)), ("nan > x", .bool(true)), ("nan < x", .bool(false)),
    ("minus == 0.0", .bool(true)), ("s < \"b\"", .bool(true)), ("s == \"äbc\"", .bool(false)),
    ("n in (1, 7)", .bool(true)), ("n not in (1, 2)", .bool(true)),
    ("n in (1, nothing)", .null), ("n in (7, nothing)", .bool(true)),
    ("n between 7 and 8", .bool(true)), ("n between nothing and 3", .bool(false)),
    ("[1, 2] == [1, 2]", .bool(true)),
    // What is not known.
    ("nothing + 1", .null), ("nothing == 1", .null), ("yes or nothing == 1", .bool(true)),
    ("yes and nothing == 1", .null), ("not yes and nothing == 1", .bool(false)),
    ("not (nothing == 1)", .null), ("nothing is null", .bool(true)),
    ("n is not null", .bool(true)), ("if nothing == 1 then 1 else 2", .int(2)),
    ("if yes then x else n", .double(2.5)), ("coalesce(nothing, n)", .int(7)),
    ("nullif(n, 7)", .null), ("nullif(n, nothing)", .int(7)), ("least(n, 3, 9)", .int(3)),
    ("greatest(n, 9.5)", .double(9.5)), ("least(n, nothing)", .null),
    // Numbers.
    ("abs(0 - n)", .int(7)), ("abs(0.0 - x)", .double(2.5)), ("abs(0 - most - 1)", .null),
    ("sign(-x)", .double(-1)), ("floor(-x)", .double(-3)), ("ceil(-x)", .double(-2)),
    ("round(x)", .double(2)), ("round(0.125, 2)", .double(0.12)),
    ("round(2.675, 2)", .double(2.67)), ("sqrt(n + 2)", .double(3)), ("sqrt(-x)", .null),
    ("ln(0.0 * x)", .null), ("exp(0)", .double(1)), ("pow(-8.0, 1.0 / 3.0)", .null),
    ("pow(2, 10)", .double(1024)), ("pow(0.0, -1)", .null),
    // Texts.
    ("s || \"!\"", .string("aÉ b!")), ("lower(s)", .string("aé b")),
    ("upper(s)", .string("AÉ B")),
    ("length(s)", .int(4)), ("trim(\"  a b \")", .string("a b")),
    ("substring(s, 2)", .string("É b")), ("substring(s, 2, 1)", .string("É")),
    ("substring(s, 0, 2)", .string("a")), ("substring(s, 9)", .string("")),
    ("substring(s, 2, -1)", .string("")), ("starts_with(s, \"aÉ\")", .bool(true)),
    ("ends_with(s, \"b\")", .bool(true)), ("contains(s, \" \")", .bool(true)),
    ("replace(\"aaa\", \"aa\", \"b\")", .string("ba")),
    ("replace(s, \"\", \"x\")", .string("aÉ b")),
    ("split(\"a,,b\", \",\")", .list([.string("a"), .string(""), .string("b")])),
    // Lists and vectors.
    ("length([1, 2])", .int(2)), ("element([n, 8], 2)", .int(8)), ("element([n], 2)", .null),
    ("element([n], 0)", .null), ("contains([1, nothing], 1)", .bool(true)),
    ("contains([1], 2)", .bool(false)), ("dot(v, v)", .double(25)), ("cosine(v, v)", .double(1)),
    ("cosine(v, flat)", .null),
    // Time.
    ("t + 1h", .time(Instant(microseconds: 1_750_000_000_000_000 + 3_600_000_000))),
    ("year(t)", .int(2025)), ("month(t)", .int(6)), ("day(t)", .int(15)), ("hour(t)", .int(15)),
    ("minute(t)", .int(6)), ("weekday(t)", .int(7)),
    ("midnight(t)", .time(Instant(microseconds: 1_749_945_600_000_000))),
    ("days_between(t, t + 47h)", .int(1)), ("days_between(t, t - 47h)", .int(-1)),
    ("seconds_between(t, t + 1500ms)", .double(1.5)),
    // Casts.
    ("int(\"12\", null)", .int(12)), ("int(\" 12\", -1)", .int(-1)), ("int(x, null)", .null),
    ("int(x * 2, null)", .int(5)), ("double(\"1e3\", null)", .double(1000)),
    ("double(\"nan\", null)", .null), ("string(x)", .string("2.5")), ("string(n)", .string("7")),
    ("bool(\"true\", null)", .bool(true)), ("int(yes)", .int(1)),
    ("time(s, t)", .time(Instant(microseconds: 1_750_000_000_000_000))),
    ("string(time(\"2025-01-31T00:00Z\"))", .string("2025-01-31T00:00:00Z")),
  ]

  @Test(arguments: expressions)
  func `an expression gives its value`(expression: String, expected: Value) throws {
    try expect(expression, gives: expected)
  }

  @Test func `what could not be worked out is counted, in each row`() throws {
    let (_, warnings) = try value(of: "div(n, zero) + most * n")
    #expect(warnings.counts == [.divisionByZero: 1, .overflow: 1])
    #expect(try value(of: "div(1, 0)").warnings.counts == [.divisionByZero: 2])
  }

  @Test func `a bucket never changes`() throws {
    try expect("hash_bucket(\"customer\", 1000)", gives: .int(34))
    try expect("hash_bucket(n, 10)", gives: .int(1))
  }

  /// Values worked out elsewhere in 400 bits.
  @Test func `logarithms and powers are the nearest doubles`() throws {
    let lines = try file("elementary.txt").split(separator: "\n")
    #expect(lines.count == 187)
    for line in lines {
      let fields = line.split(separator: " ")
      let (x, y, wanted) = (bits(fields[1]), bits(fields[2]), bits(fields[3]))
      let call = fields[0] == "pow" ? "pow(x, y)" : "\(fields[0])(x)"
      let found = try value(of: call, x: x, y: y).value
      #expect(found == .double(wanted), "\(call) of \(x), \(y)")
    }
  }

  @Test func `distances are within a unit in the last place`() throws {
    for line in try file("distances.txt").split(separator: "\n") {
      let numbers = line.split(separator: " ").map { bits($0) }
      let places = numbers.dropLast().map { "\($0)" }.joined(separator: ", ")
      guard case .double(let found) = try value(of: "distance_km(\(places))").value else {
        Issue.record("no distance")
        continue
      }
      #expect((found - numbers[4]).magnitude <= numbers[4].ulp, "\(places)")
    }
  }

  // MARK: The door

  private func expect(_ expression: String, gives expected: Value) throws {
    let found = try value(of: expression).value
    switch (found, expected) {
    case (.double(let one), .double(let two)): #expect(one.bitPattern == two.bitPattern)
    default: #expect(found == expected, "\(expression)")
    }
  }

  /// The value of `expression` in the first row; the second has only nulls.
  private func value(
    of expression: String, x: Double = 2.5, y: Double = 0
  ) throws -> (value: Value, warnings: CalculationWarnings) {
    let text = """
      entity e(k: string)
      states rows {
          from "rows.parquet"
          at t
          k: string
          n: int
          x: double
          y: double
          nan: double
          minus: double
          s: string
          yes: bool
          t: time
          zero: int
          most: int
          nothing: int
          v: vector(2)
          flat: vector(2)
      }
      features f of e from rows { value = \(expression) }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    let errors = checked.findings.filter { $0.severity == .error }
    #expect(errors == [], "\(expression)")
    let set = try #require(Plan(checked.value.definitions).set("f"))
    let row: [String: Value] = [
      "n": .int(7), "x": .double(x), "y": .double(y), "nan": .double(.nan), "minus": .double(-0.0),
      "s": .string("aÉ b"), "yes": .bool(true),
      "t": .time(Instant(microseconds: 1_750_000_000_000_000)), "zero": .int(0),
      "most": .int(.max), "v": .vector([3, 4]), "flat": .vector([0, 0]),
    ]
    let step = set.rows.values[0]
    let (columns, warnings) = Calculator(set.rows.calculation).values(of: [step], rowCount: 2) {
      input, type in
      guard case .column(let name) = input else { return .nulls(of: type, count: 2) }
      return Column(type, [row[name] ?? .null, .null]) ?? .nulls(of: type, count: 2)
    }
    #expect(columns[0].count == 2)
    return (columns[0][0], warnings)
  }

  private func bits(_ text: Substring) -> Double {
    Double(bitPattern: UInt64(text.dropFirst(2), radix: 16) ?? 0)
  }

  private func file(_ name: String) throws -> String {
    let folder = String(#filePath.dropLast("CalculatorTests.swift".count))
    let file = try #require(fopen(folder + name, "r"), "\(name)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 100_000)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
