import MartletColumns

/// A column as Parquet stores it: the values that are there, and levels that say where they go.
///
/// A flat column has a slot for each row. A list has one for each element, and one for itself where
/// it is empty or null. The definition level of a slot counts how many of the nodes that may be
/// missing are there; the repetition level, how deep the list is that the slot goes on, 0 where a
/// row begins.
struct Leaf {
  /// The values that are there, without gaps.
  var values: Values

  /// Where they go.
  var levels: Levels

  /// The names of the nodes, from the root.
  var path: [String]

  /// The number of rows.
  var rowCount: Int

  /// How the values are stored.
  var storage: LeafStorage

  enum Values {
    case column(Column.Values)
    case floats(Buffer<Float>)
  }

  enum Levels {
    /// Every row has a value.
    case none
    case flat(Bitmap?)
    case nested(Nested)
  }

  struct Nested {
    var definitions: Buffer<UInt8>
    var repetitions: Buffer<UInt8>
    var deepestDefinition: Int
    var deepestRepetition: Int
  }

  /// The leaf of `column`.
  init(_ column: Column, named name: String) {
    rowCount = column.count
    switch column.values {
    case .list, .vector: (values, levels, path) = Leaf.shredded(column, named: name)
    default:
      // What is there has no nulls, whose bits would be gathered beside the values.
      let present = column.validity.map { Column(column.values).filtered(by: $0) } ?? column
      values = .column(present.values)
      levels = .flat(column.validity)
      path = [name]
    }
    storage = LeafStorage(values)
  }
}

extension Leaf {
  /// Follows a nested column down to its leaf, a level of lists at a time.
  ///
  /// Each slot is live, at a row of the column reached so far, or has ended higher up at the level
  /// that it carries.
  private static func shredded(
    _ column: Column, named name: String
  ) -> (Values, Levels, [String]) {
    var slots = (0..<column.count).map { Slot(row: $0, definition: 0, repetition: 0) }
    var path = [name]
    var definition = 0
    var repetition = 0
    var column = column
    while true {
      definition += 1
      for index in slots.indices {
        guard let row = slots[index].row else { continue }
        if column.isNull(at: row) { slots[index].row = nil } else { slots[index].definition += 1 }
      }
      switch column.values {
      case .list(let lists):
        definition += 1
        repetition += 1
        slots = descend(slots, repetition: repetition) { lists.range($0) }
        column = lists.elements
      case .vector(let vectors):
        definition += 1
        repetition += 1
        slots = descend(slots, repetition: repetition) {
          $0 * vectors.width..<($0 + 1) * vectors.width
        }
        let floats = Buffer(slots.compactMap { $0.row.map { vectors.floats[$0] } })
        return (
          .floats(floats), levels(of: slots, definition, repetition), path + ["list", "element"]
        )
      default:
        let rows = Buffer(slots.compactMap { $0.row.map { Int32($0) } })
        return (
          .column(column.gathered(at: rows.span).values),
          levels(of: slots, definition, repetition), path
        )
      }
      path += ["list", "element"]
    }
  }

  private struct Slot {
    var row: Int?
    var definition: UInt8
    var repetition: UInt8
  }

  private static func descend(
    _ slots: [Slot], repetition: Int, into range: (Int) -> Range<Int>
  ) -> [Slot] {
    var below: [Slot] = []
    for slot in slots {
      guard let row = slot.row, !range(row).isEmpty else {
        below.append(Slot(row: nil, definition: slot.definition, repetition: slot.repetition))
        continue
      }
      for (index, element) in range(row).enumerated() {
        below.append(
          Slot(
            row: element, definition: slot.definition + 1,
            repetition: index == 0 ? slot.repetition : UInt8(repetition)))
      }
    }
    return below
  }

  private static func levels(of slots: [Slot], _ definition: Int, _ repetition: Int) -> Levels {
    .nested(
      Nested(
        definitions: Buffer(slots.map(\.definition)), repetitions: Buffer(slots.map(\.repetition)),
        deepestDefinition: definition, deepestRepetition: repetition))
  }
}
