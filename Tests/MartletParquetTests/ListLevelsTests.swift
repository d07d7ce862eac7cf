import MartletColumns
import Testing

@testable import MartletParquet

/// Levels of `optional group (LIST) { repeated { optional element } }`: 0 a null, 1 an empty list, 2 a
/// null in it, 3 a value.
struct ListLevelsTests {
  private let shape = ColumnShape(definition: 3, lists: [.init(present: 1, filled: 2)])

  @Test func `levels become nulls, empty lists and elements`() throws {
    var levels = ListLevels(shape)
    let presence = try levels.append([0, 0, 0, 1, 1], [0, 1, 3, 2, 3])
    #expect(presence == Bitmap([true, false, true]))
    let lists = levels.assembled(over: Column(.int([7, 0, 9]), validity: presence))
    #expect(
      (0..<3).map { lists[$0] } == [.null, .list([]), .list([.int(7), .null, .int(9)])])
  }

  static let contradictions: [(repetition: [Int32], definition: [Int32])] = [
    ([1], [3]), ([0, 1], [3, 1]), ([0, 1], [0, 3]), ([0, 1], [1, 3]), ([0, 0, 1], [3, 0, 2]),
  ]

  @Test(arguments: contradictions)
  func `levels that contradict each other are refused`(
    levels: (repetition: [Int32], definition: [Int32])
  ) {
    #expect(throws: ParquetError.self) {
      var lists = ListLevels(shape)
      _ = try lists.append(levels.repetition, levels.definition)
    }
    #expect(throws: ParquetError.self, "and on the next page") {
      var lists = ListLevels(shape)
      for (repetition, definition) in zip(levels.repetition, levels.definition) {
        _ = try lists.append([repetition], [definition])
      }
    }
  }
}
