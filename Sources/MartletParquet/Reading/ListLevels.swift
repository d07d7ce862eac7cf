import MartletColumns

/// The lists around a column's values, put together from levels.
///
/// For each list on the path an entry begins a new one when its repetition level is lower than the
/// list's own and the list around it has an element here.
struct ListLevels: ~Copyable {
  private let shape: ColumnShape
  private var levels: [Level] = []

  /// The entries so far.
  private(set) var count = 0

  /// The rows that have begun so far.
  private(set) var rowCount = 0

  private struct Level {
    var offsets: [Int32] = []
    var isPresent: [Bool] = []
    var elementCount: Int32 = 0
    /// Whether the list that began last has an element, and so may have another.
    var isGoingOn = false
  }

  init(_ shape: ColumnShape) {
    self.shape = shape
    levels = Array(repeating: Level(), count: shape.lists.count)
  }

  /// Takes in entries, and gives for each value or null below all lists whether it is there.
  mutating func append(
    _ repetition: [Int32], _ definition: [Int32]
  ) throws(ParquetError) -> Bitmap {
    if count == 0, let first = repetition.first, first != 0 {
      throw .damaged("the first value continues a row")
    }
    var presence = BitmapBuilder(capacity: repetition.count)
    for (repetition, definition) in zip(repetition, definition) {
      if repetition == 0 { rowCount += 1 }
      var isInside = true
      for (depth, list) in shape.lists.enumerated() where isInside {
        if repetition <= depth {
          levels[depth].offsets.append(levels[depth].elementCount)
          levels[depth].isPresent.append(definition >= list.present)
          levels[depth].isGoingOn = definition >= list.filled
        } else if definition < list.filled || !levels[depth].isGoingOn {
          throw .damaged("a list goes on with nothing, or where there is none")
        }
        isInside = definition >= list.filled
        if isInside, repetition <= depth + 1 { levels[depth].elementCount += 1 }
      }
      if isInside { presence.append(definition == shape.definition) }
    }
    count += repetition.count
    return presence.finish()
  }

  /// The rows: lists of lists of `values`.
  consuming func assembled(over values: Column) -> Column {
    var column = values
    for level in levels.reversed() {
      let lists = Lists(
        offsets: Buffer(level.offsets + [level.elementCount]), elements: column)
      let isWhole = level.isPresent.allSatisfy { $0 }
      column = Column(.list(lists), validity: isWhole ? nil : Bitmap(level.isPresent))
    }
    return column
  }
}
