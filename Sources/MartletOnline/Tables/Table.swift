import MartletAggregates
import MartletLanguage
import MartletPlan

/// One load of one feature set, with the pushes that came since: all rows under one number.
///
///     loading ──switched──▶ current ──a newer one is switched to──▶ previous ──▶ removed
///                              ▲────────────────going back─────────────┘
struct Table: Equatable, Sendable {
  /// Where its rows lie: eight bytes before every key.
  var number: UInt64

  /// The set's name.
  var set: String

  /// The layout of its rows. One set may have a current table for each layout that it ever had.
  var layout: Identity

  /// The source whose pushes it takes.
  var source: String

  var role: Role

  /// The last commit of the log that it holds the pushes of.
  var fed: UInt64

  /// The horizon before which it was last relieved of what nobody can see.
  var swept = Int64.min

  enum Role: UInt8, Sendable {
    case loading = 0
    case current = 1
    case previous = 2
  }

  /// Whether its rows are those of `plan`.
  func holds(_ plan: SetPlan) -> Bool { layout == plan.layout && set == plan.name }
}

extension Table {
  /// The key of an entity's rows is this and the entity's key.
  var prefix: [UInt8] { Self.prefix(number) }

  static func prefix(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: number)
    return bytes
  }

  /// Records that all of its rows are removed.
  func removeRows(in batch: inout WriteBatch) {
    guard number < .max else { return }
    batch.remove(.rows, from: prefix, upTo: Self.prefix(number + 1))
  }

  /// All of its keys.
  var keys: KeyRange { KeyRange(start: prefix, end: Self.prefix(number &+ 1)) }

  /// The ledger's record of it. How far it is fed and swept is written by itself, since that changes often.
  var encoded: [UInt8] {
    var writer = StateWriter()
    writer.write(byte: 1)
    writer.write(byte: role.rawValue)
    writer.write(counted: set.utf8)
    writer.write(counted: layout.bytes)
    writer.write(counted: source.utf8)
    return writer.bytes
  }

  init(
    number: UInt64, fed: UInt64, swept: Int64, encoded bytes: [UInt8]
  ) throws(StateError) {
    var reader = StateReader(bytes)
    try reader.readVersion(1)
    guard let role = Role(rawValue: try reader.readByte("role")) else {
      throw StateError("role", .outOfRange)
    }
    self.role = role
    set = String(decoding: try reader.readCounted("set"), as: UTF8.self)
    layout = Identity(bytes: Array(try reader.readCounted("layout")))
    source = String(decoding: try reader.readCounted("source"), as: UTF8.self)
    try reader.finish()
    self.number = number
    self.fed = fed
    self.swept = swept
  }

  init(_ number: UInt64, of plan: SetPlan, _ role: Role, fed: UInt64, swept: Int64) {
    self.number = number
    set = plan.name
    layout = plan.layout
    source = plan.source
    self.role = role
    self.fed = fed
    self.swept = swept
  }
}
