import MartletColumns
import MartletEngine
import MartletPlan

/// Hashes of what names each row among those of its entity.
///
/// Rows of one id have one hash. Two of different ids may share one as well, about never: whoever finds
/// a repeat looks closer. A null is an id like any other, whatever stands in its place.
struct RowIdentity {
  private let types: [ColumnType]
  private let firstColumn: Int

  /// The identities of rows of `set`; none where its rows have no id.
  init(_ set: SetPlan) {
    let fields = set.schema.fields.dropFirst(set.keys.count)
    firstColumn = set.idColumns.lowerBound
    types = fields.map(\.type)[set.idColumns].map { $0 }
  }

  /// Whether rows have no ids.
  var isEmpty: Bool { types.isEmpty }

  /// Hands `body` the hash of the id of each row of `block`.
  func forEach(of block: Int, in places: RowPlaces, _ body: (Int, UInt64) -> Void) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    for row in 0..<places.rowCount(block) {
      bytes.removeAll(keepingCapacity: true)
      for (index, type) in types.enumerated() {
        let column = places.column(firstColumn + index, of: block)
        guard column.isPresent(row) else {
          bytes.append(0)
          continue
        }
        bytes.append(1)
        switch type {
        case .bool: bytes.append(column.flag(row) ? 1 : 0)
        case .int, .time: bytes.append(ordered: column.word(row))
        case .double:
          bytes.append(
            ordered: Double(bitPattern: UInt64(bitPattern: column.word(row))).orderedBits)
        case .string, .bytes: bytes.append(ended: column.text(row))
        case .list, .vector: preconditionFailure("a \(type) is no id")
        }
      }
      body(row, bytes.withUnsafeBytes { XXHash64.hash($0) })
    }
  }
}
