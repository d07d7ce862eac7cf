import MartletColumns

/// The store's own book, kept in a space of its own: keys and what they hold.
///
///     layout           the version of all that is written, four bytes
///     commit           the number of the last commit, eight bytes
///     horizon          the earliest moment that is answered, eight bytes
///     past             how far back from now it is kept, eight bytes; not there where it stays
///     numbers          the highest number that a table ever had, eight bytes
///     table │ number   a table
///     fed │ number     the last commit whose pushes a table holds
///     swept │ number   the horizon before which a table was last relieved of what nobody can see
///     pushed │ source     the last commit that was a push to a source
///     forgotten │ source  the last commit whose pushes the log has given up
enum Ledger {
  /// 2: pages and chapters have tiles above them, and a null is told apart in an id's hash.
  /// 3: of pages and chapters the states of all behind them are kept as well.
  static let layoutVersion = 3

  /// Which layouts a store may have. The log of pushes is the same in all.
  enum Layouts { case current, olderAsWell }

  static let layout = Array("layout".utf8)
  static let commit = Array("commit".utf8)
  static let horizon = Array("horizon".utf8)
  static let past = Array("past".utf8)
  static let numbers = Array("numbers".utf8)
  static let tables = Array("table".utf8)

  static func table(_ number: UInt64) -> [UInt8] { tables + Table.prefix(number) }

  static let pushed = Array("pushed".utf8)

  static let forgotten = Array("forgotten".utf8)

  static func forgotten(_ source: String) -> [UInt8] { forgotten + source.utf8 }

  static func pushed(_ source: String) -> [UInt8] { pushed + source.utf8 }

  static func fed(_ number: UInt64) -> [UInt8] { Array("fed".utf8) + Table.prefix(number) }

  static func swept(_ number: UInt64) -> [UInt8] { Array("swept".utf8) + Table.prefix(number) }

  /// Where a push lies in the log: its source, then its commit, so that those of one source are read
  /// in their order.
  static func push(_ source: String, _ commit: UInt64) -> [UInt8] {
    pushes(of: source) + Table.prefix(commit)
  }

  /// What the keys of all pushes to `source` begin with. Names hold no zeros.
  static func pushes(of source: String) -> [UInt8] { Array(source.utf8) + [0] }

  /// Eight bytes as a number.
  static func number(_ bytes: [UInt8]) throws(OnlineError) -> UInt64 {
    guard bytes.count == 8 else {
      throw OnlineError("reading the ledger", .damaged("a number of \(bytes.count) bytes"))
    }
    return bytes.reduce(0) { $0 &<< 8 | UInt64($1) }
  }
}
