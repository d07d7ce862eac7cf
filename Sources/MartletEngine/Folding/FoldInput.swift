import MartletAggregates
import MartletColumns

/// What a row brings to an aggregate: how one value is read from its column.
///
/// A type and not a closure, so that the loop over a page's rows has no call in it.
protocol FoldInput {
  associatedtype Value: Sendable

  /// What `row` brings, where its value in `column` is present.
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Value
}

/// An input that sketches can tell from others without making it a value first.
protocol HashedFoldInput: FoldInput {
  static func hash(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> UInt64
}

/// A double.
enum DoubleInput: HashedFoldInput {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Double {
    Double(bitPattern: UInt64(bitPattern: column.word(row)))
  }

  static func hash(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> UInt64 {
    read(rows, column, row).stableHash
  }
}

/// An int or a time.
enum WordInput: HashedFoldInput {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Int64 {
    column.word(row)
  }

  static func hash(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> UInt64 {
    column.word(row).stableHash
  }
}

/// A bool where it is ranked or counted: 0 or 1.
enum BitInput: HashedFoldInput {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Int64 {
    column.flag(row) ? 1 : 0
  }

  static func hash(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> UInt64 {
    read(rows, column, row).stableHash
  }
}

/// A bool.
enum FlagInput: FoldInput {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Bool { column.flag(row) }
}

/// A text.
enum StringInput: HashedFoldInput {
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> String {
    String(decoding: column.text(row), as: UTF8.self)
  }

  static func hash(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> UInt64 {
    StableHash.of(column.text(row))
  }
}

/// Bytes.
enum BytesInput: HashedFoldInput {
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> [UInt8] {
    Array(column.text(row))
  }

  static func hash(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> UInt64 {
    StableHash.of(column.text(row))
  }
}

/// When the row happened, as a number.
enum ClockInput: FoldInput {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Int64 { rows.time(row) }
}

/// When the row happened.
enum MomentInput: FoldInput {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Instant {
    Instant(microseconds: rows.time(row))
  }
}

/// Another input and when it happened.
enum TimedInput<Input: FoldInput>: FoldInput where Input.Value: Ranked {
  @inline(__always)
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> Timed<Input.Value> {
    Timed(Input.read(rows, column, row), at: EventTime(microseconds: rows.time(row)))
  }
}

/// The hash of another input.
enum HashInput<Input: HashedFoldInput>: FoldInput {
  static func read(_ rows: FoldRows, _ column: FoldColumn, _ row: Int) -> HashedRow {
    HashedRow(stableHash: Input.hash(rows, column, row))
  }
}
