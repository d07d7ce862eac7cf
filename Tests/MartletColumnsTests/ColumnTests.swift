import MartletColumns
import Testing

struct ColumnTests {
  @Test func `a column built value by value reads back`() throws {
    let values: [Value] = [.string("a"), .null, .string(""), .string("martlets")]
    let column = try #require(Column(.string, values))
    #expect((0..<4).map { column[$0] } == values)
    #expect(column.slice(1..<3)[1] == .string(""))
    #expect(column.countNulls() == 1)
    let lists = try #require(Column(.list(.int), [.list([.int(1), .null]), .null, .list([])]))
    #expect((0..<3).map { lists[$0] } == [.list([.int(1), .null]), .null, .list([])])
    let doubles = try #require(Column(.double, [.double(-0.0), .int(3), .null]))
    #expect(doubles[1] == .double(3))
  }
}
