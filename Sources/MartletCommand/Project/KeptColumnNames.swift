import Martlet
import MartletLanguage
import MartletPlan
import MartletRegistry

/// What the columns that a set keeps are called by whoever wrote its source.
///
/// A kept row has its time in `_time` and what names it in `_id`, whatever the source calls them: that
/// is how the store's files are laid out, and nobody who looks at their own columns should have to know.
struct KeptColumnNames {
  private var written: [String: String] = [:]

  /// The names of `set`, as far as `definitions` still know it.
  init(of set: String, in definitions: Definitions) {
    guard case .stored(let stored)? = definitions.featureSet(set)?.kind,
      let source = definitions.source(stored.source)
    else { return }
    written["_time"] = source.at
    if case .column(let known)? = source.known { written["_known"] = known }
    if source.deletedWhen != nil { written["_deleted"] = "deleted when" }
    if source.id.count == 1 { written["_id"] = source.id[0] }
  }

  /// What the author calls the column that is kept as `column`.
  func written(_ column: String) -> String { written[column] ?? column }

  /// What the column is kept as that the author calls `name`, if it has another name there.
  func kept(_ name: String) -> String? { written.first { $0.value == name }?.key }
}

extension [KeptStatistics] {
  /// The same, columns called by the names that they have in their source.
  func written(by names: KeptColumnNames) -> [KeptStatistics] {
    map { one in
      var one = one
      if one.kind == .column { one.name = names.written(one.name) }
      return one
    }
  }
}
