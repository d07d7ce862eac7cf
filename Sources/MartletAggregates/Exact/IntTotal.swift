/// How many integers there are, and their exact sum.
///
/// 2^64 rows of 64 bits sum to less than 2^127, so that 128 bits never overflow; the additions wrap
/// all the same, because a total read from elsewhere may claim anything.
public struct IntTotal: Equatable, Sendable {
  var rows: Tally = .zero
  var sum: Int128 = 0

  mutating func add(_ input: Int64) {
    rows.add(1)
    sum &+= Int128(input)
  }

  mutating func add(_ inputs: Span<Int64>) {
    var sum = sum
    for index in inputs.indices { sum &+= Int128(inputs[index]) }
    self.sum = sum
    rows.add(Tally(UInt64(inputs.count)))
  }

  mutating func remove(_ input: Int64) {
    rows.subtract(1)
    sum &-= Int128(input)
  }

  mutating func merge(_ other: IntTotal) {
    rows.add(other.rows)
    sum &+= other.sum
  }

  mutating func subtract(_ other: IntTotal) {
    rows.subtract(other.rows)
    sum &-= other.sum
  }

  var canonical: CanonicalNumber { FixedPoint(sum).canonical }

  // version · rows · sign and size, exponent, magnitude
  func encode(into writer: inout StateWriter) {
    writer.write(byte: 1)
    writer.write(rows.number)
    canonical.encode(into: &writer)
  }

  init() {}

  init(rows: Tally, sum: Int128) {
    self.rows = rows
    self.sum = sum
  }

  init(from reader: inout StateReader) throws(StateError) {
    try reader.readVersion(1)
    rows = Tally(try reader.readNumber("rows"))
    guard let sum = try FixedPoint(from: &reader).asInt128 else {
      throw StateError("sum", .outOfRange)
    }
    self.sum = sum
  }
}
