/// Where a column of values stands in the tree of the schema.
///
/// A definition level says how much of the path to a value is there; a repetition level, which list
/// goes on. Both count from the root:
///
///     optional group a (LIST) { repeated group list { optional int64 element } }
///              1                       2                       3
///
///     level 0: `a` is null · 1: `a` is empty · 2: the element is null · 3: there is a value
struct ColumnShape: Equatable, Sendable {
  /// A list on the path.
  struct List: Equatable, Sendable {
    /// From this definition level on the list is not null.
    var present: Int
    /// From this definition level on the list has an element here.
    var filled: Int
  }

  /// The definition level of a value that is there.
  var definition = 0

  /// The lists on the path, the outermost first; as many as there are repetition levels.
  var lists: [List] = []

  /// Levels are kept in a byte each, and lists nested only so deep.
  static let mostLevels = 100

  /// The shape below a node that comes as often as `repetition` says.
  func entering(_ repetition: Repetition?, listPresentAt present: Int?) -> ColumnShape {
    var inner = self
    switch repetition {
    case .optional?: inner.definition += 1
    case .repeated?:
      inner.definition += 1
      inner.lists.append(List(present: present ?? definition, filled: inner.definition))
    default: break
    }
    return inner
  }
}
