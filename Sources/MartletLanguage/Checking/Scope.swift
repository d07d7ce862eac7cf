import MartletColumns
import MartletDiagnostics

/// The names that an expression may use where it stands.
struct Scope {
  /// What an expression is about.
  enum Place {
    /// A row of a source.
    case row
    /// The moment of asking.
    case question
  }

  struct Entry {
    var kind: Expression.Kind
    var type: ColumnType
    var canBeNull: Bool
    var symbol: Int

    /// The label column that its value tells something about.
    var label: TextRange?
  }

  var place: Place
  var owner: String
  private(set) var entries: [String: Entry] = [:]
  private(set) var used: Set<String> = []

  /// Names whose definitions were refused: what reads them is left alone, since one finding is enough.
  private(set) var refused: Set<String> = []

  /// A label column that was read since this was last set to `nil`.
  var labelRead: TextRange?

  init(_ place: Place, of owner: String) {
    self.place = place
    self.owner = owner
  }

  var names: some Sequence<String> { entries.keys }

  mutating func add(_ name: String, _ entry: Entry) { entries[name] = entry }

  /// `name` was to mean something, and nobody knows what.
  mutating func refuse(_ name: String) { if entries[name] == nil { refused.insert(name) } }

  /// The entry of `name`, which is now used.
  mutating func use(_ name: String) -> Entry? {
    guard let entry = entries[name] else { return nil }
    used.insert(name)
    labelRead = labelRead ?? entry.label
    return entry
  }

  mutating func excludeNull(of name: String) { entries[name]?.canBeNull = false }
}
