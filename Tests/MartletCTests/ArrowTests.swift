import CMartlet
import MartletAggregates
import MartletColumns
import Testing

@testable import MartletC

/// Columns go to Arrow's form and come back the same.
struct ArrowTests {
  static let columns: [(name: String, column: Column)] = [
    ("whole", Column(.int([1, .max, 0, .min]), validity: Bitmap([true, true, false, true]))),
    (
      "real",
      Column(
        .double([0.1, -.infinity, 0, .leastNonzeroMagnitude]),
        validity: Bitmap([true, true, false, true]))
    ),
    (
      "flag",
      Column(.bool([true, false, false, true]), validity: Bitmap([true, true, false, true]))
    ),
    (
      "text",
      Column(
        .string(Strings(["é\0😀", "", "", "c1"])), validity: Bitmap([true, true, false, true]))
    ),
    ("raw", Column(.bytes(Strings(["a", "", "bc", ""])))),
    ("moment", Column(.time([-1, 0, 1_767_225_600_000_000, 7]))),
    (
      "list",
      Column(
        .list(
          Lists(
            offsets: [0, 2, 2, 2, 3],
            elements: Column(
              .string(Strings(["x", "yy", ""])), validity: Bitmap([true, true, false])))),
        validity: Bitmap([true, true, false, true]))
    ),
    (
      "vector",
      Column(
        .vector(Vectors(width: 2, count: 4, floats: [0.5, 1, 2, -3, 0, 0, 7, 8])),
        validity: Bitmap([true, true, false, true]))
    ),
    (
      "wide",
      Column(
        .int(Buffer((0..<200).map { $0 % 3 == 0 ? 0 : Int64($0) })),
        validity: Bitmap((0..<200).map { $0 % 3 > 0 }))
    ),
  ]

  @Test(arguments: columns.indices)
  func `a column comes back as it was, also in parts`(place: Int) throws {
    let (name, column) = Self.columns[place]
    for part in [0..<column.count, 1..<column.count, 1..<2, 0..<0] {
      let slice = column.slice(part)
      let back = try copied([(name, slice)], rowCount: slice.count)
      #expect(back.map(\.name) == [name])
      #expect(back.map(\.column) == [slice], "\(name) \(part)")
    }
  }

  @Test func `rows are those of the struct, wherever its columns begin`() throws {
    let columns = [
      ("a", Column(.int([10, 11, 12, 13]))), ("b", Column(.string(Strings(["w", "x", "y", "z"])))),
    ]
    let back = try copied(columns, rowCount: 4) { array in
      array.offset = 1
      array.length = 2
    }
    #expect(back.map(\.column) == [Column(.int([11, 12])), Column(.string(Strings(["x", "y"])))])
  }

  @Test func `statuses are numbers of four words`() {
    var array = ArrowArray([.missing, .present, .expired, .null])
    #expect(
      (0..<4).map { array.buffers[1]?.load(fromByteOffset: $0, as: Int8.self) } == [3, 0, 2, 1])
    #expect([MARTLET_MISSING, MARTLET_PRESENT, MARTLET_EXPIRED, MARTLET_NULL] == [3, 0, 2, 1])
    let words = array.dictionary.pointee
    #expect(words.length == 4)
    let text = UnsafeRawBufferPointer(start: words.buffers[2], count: 23).map { $0 }
    #expect(String(decoding: text, as: UTF8.self) == "presentnullexpiredmissing".prefix(23))
    array.release(&array)
    #expect(array.release == nil)
  }

  @Test func `what there is no column for is refused by name`() throws {
    for (format, words) in [("tdD", "`a` is of Arrow's `tdD`"), ("+s", "`a` is of Arrow's `+s`")] {
      let refused = try refusal(of: format)
      #expect(refused?.hasPrefix(words) == true, "\(refused ?? "taken")")
    }
  }

  @Test func `moments of other units are microseconds, cut downwards`() throws {
    for (format, given, wanted) in [
      ("tss:UTC", 2, 2_000_000), ("tsm:", -3, -3_000), ("tsn:", 1_999, 1), ("tsn:", -1, -1),
    ] {
      let back = try copied([("a", Column(.int([Int64(given)])))], rowCount: 1, as: format)
      #expect(back.map(\.column) == [Column(.time([Int64(wanted)]))], "\(format)")
    }
    let refused = try refusal(of: "tss:", value: .max)
    #expect(refused == "a moment of `a` is out of range")
  }

  // MARK: How

  /// `columns` written as Arrow has them, changed by `change`, and read.
  private func copied(
    _ columns: [(name: String, column: Column)], rowCount: Int, as format: String? = nil,
    change: (inout ArrowArray) -> Void = { _ in }
  ) throws -> [(name: String, column: Column)] {
    var schema = ArrowSchema(
      "+s", named: "",
      children: columns.map { named in
        format.map { ArrowSchema($0, named: named.name) }
          ?? ArrowSchema(named.column.type, named: named.name)
      })
    var array = ArrowArray(structOf: columns.map { ArrowArray($0.column) }, rowCount: rowCount)
    change(&array)
    defer {
      array.release(&array)
      schema.release(&schema)
    }
    return try ArrowReader.columns(of: &array, &schema)
  }

  private func refusal(of format: String, value: Int64 = 1) throws -> String? {
    do {
      _ = try copied([("a", Column(.int([value])))], rowCount: 1, as: format)
      return nil
    } catch let error as ArrowError {
      return error.description
    }
  }
}
