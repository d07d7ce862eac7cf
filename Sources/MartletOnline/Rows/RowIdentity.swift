import MartletColumns
import MartletEngine
import MartletPlan

/// Hashes of what names each row among those of its entity.
///
/// Rows of one id have one hash. Two of different ids may share one as well, about never: whoever finds
/// a repeat looks closer.
struct RowIdentity {
  private let key: EntityKey?

  /// The identities of rows of `columns`, of `set`; none where its rows have no id.
  init(_ columns: [Column], of set: SetPlan) {
    let id = Array(columns[set.idColumns])
    key = id.isEmpty ? nil : EntityKey(id)
    validity = id.compactMap(\.validity)
  }

  private let validity: [Bitmap]

  /// Whether rows have ids.
  var isEmpty: Bool { key == nil }

  /// The hash of the id of `row`. Nulls are an id like any other.
  func hash(_ row: Int) -> UInt64 {
    var bytes: [UInt8] = []
    for bitmap in validity { bytes.append(bitmap[row] ? 1 : 0) }
    key?.append(row, to: &bytes)
    return bytes.withUnsafeBytes { XXHash64.hash($0) }
  }
}
