import Glibc
import MartletDiagnostics

/// Which members of the objects of a file are wanted, and for which column each.
///
/// A column's name with points in it is a way through objects inside objects. Most objects have their
/// members in one order, so the one met at a place is first compared with the one that stood there
/// before:
///
///     columns   id, place.lat, place.lon
///     nodes     0: id ▶ column 0, place ▶ node 1      1: lat ▶ column 1, lon ▶ column 2
struct JSONMembers {
  private struct Member {
    var name: [UInt8]
    var column: Int?
    var node: Int?
  }

  private struct Node {
    /// The members that are wanted, and behind them those met in between.
    var members: [Member] = []

    /// Which member stood where, the last time.
    var order: [Int] = []

    /// Where each member stands among them: for objects with more than a few.
    var places: [[UInt8]: Int] = [:]

    mutating func append(_ name: [UInt8]) {
      places[name] = members.count
      members.append(Member(name: name))
    }
  }

  /// As many members that nobody wants are remembered, and not more, whatever the file holds.
  private static let mostRemembered = 4_096

  /// Among so many members a name is looked for one by one, without a copy of it.
  private static let fewMembers = 64

  private var nodes = [Node()]

  /// The members that are the columns of `names`.
  init(_ names: [String]) {
    for (column, name) in names.enumerated() {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      var node = 0
      for part in parts.dropLast() {
        let member = member(Array(part.utf8), in: node)
        let next = nodes[node].members[member].node ?? nodes.count
        if next == nodes.count { nodes.append(Node()) }
        nodes[node].members[member].node = next
        node = next
      }
      for (name, node) in [(name[...], 0), (parts.last ?? "", node)] {
        let member = member(Array(name.utf8), in: node)
        nodes[node].members[member].column = column
      }
    }
  }

  private mutating func member(_ name: [UInt8], in node: Int) -> Int {
    if let known = nodes[node].places[name] { return known }
    nodes[node].append(name)
    return nodes[node].members.count - 1
  }

  /// What is wanted of the member whose name `reader` has just read, the one of number `index` in its
  /// object.
  mutating func wanted(
    _ reader: borrowing JSONReader, at index: Int, in node: Int
  ) -> (column: Int?, node: Int?) {
    let order = nodes[node].order
    if index < order.count {
      let member = nodes[node].members[order[index]]
      if reader.withText({ Self.areEqual($0, member.name) }) { return (member.column, member.node) }
    }
    return reader.withText { find($0, at: index, in: node) }
  }

  private mutating func find(
    _ name: UnsafeRawBufferPointer, at index: Int, in node: Int
  ) -> (column: Int?, node: Int?) {
    var place =
      nodes[node].members.count <= Self.fewMembers
      ? nodes[node].members.firstIndex { Self.areEqual(name, $0.name) }
      : nodes[node].places[Array(name)]
    if place == nil, nodes[node].members.count < Self.mostRemembered {
      nodes[node].append(Array(name))
      place = nodes[node].members.count - 1
    }
    guard let place else { return (nil, nil) }
    if index < nodes[node].order.count {
      nodes[node].order[index] = place
    } else if index == nodes[node].order.count {
      nodes[node].order.append(place)
    }
    return (nodes[node].members[place].column, nodes[node].members[place].node)
  }

  private static func areEqual(_ text: UnsafeRawBufferPointer, _ name: [UInt8]) -> Bool {
    guard text.count == name.count, let start = text.baseAddress else {
      return name.isEmpty && text.isEmpty
    }
    return name.withUnsafeBytes { memcmp(start, $0.baseAddress ?? start, text.count) == 0 }
  }
}
