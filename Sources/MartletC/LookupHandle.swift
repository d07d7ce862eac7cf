import CMartlet
import Glibc
import MartletAggregates
import MartletColumns
import MartletOnline
import MartletServing

/// A prepared lookup as C holds it: with what it takes and gives in C's words.
final class LookupHandle: Sendable {
  let lookup: PreparedLookup
  let keys: FieldList
  let given: FieldList
  let features: FieldList

  init(_ lookup: PreparedLookup) {
    self.lookup = lookup
    keys = FieldList(lookup.keys)
    given = FieldList(lookup.given)
    features = FieldList(lookup.outputs)
  }

  /// Answers into `values`, and texts into `room`.
  ///
  /// - Returns: How many bytes the texts take. Where that is more than there is room for, what is in
  ///   `values` means nothing.
  func ask(
    keys: UnsafePointer<martlet_value>, given: UnsafePointer<martlet_value>?, at moment: Instant?,
    into values: UnsafeMutablePointer<martlet_value>, texts room: UnsafeMutableRawBufferPointer
  ) throws(InProcess.Answer) -> Int {
    let keyCount = self.keys.count
    let count = keyCount + self.given.count
    return try withUnsafeTemporaryAllocation(of: OnlineRow.Lent.self, capacity: count) {
      (lent) throws(InProcess.Answer) in
      lent.initialize(repeating: .null)
      defer { lent.deinitialize() }
      for place in 0..<keyCount { lent[place] = keys[place].lent(as: self.keys.types[place]) }
      if let given {
        for place in 0..<self.given.count {
          lent[keyCount + place] = given[place].lent(as: self.given.types[place])
        }
      }
      for place in 0..<keyCount {
        if case .null = lent[place] {
          throw InProcess.Answer(refusing: "a key cannot be null: there is no such entity")
        }
      }
      var written = 0
      try lookup.ask(
        keys: UnsafeBufferPointer(rebasing: lent[..<keyCount]),
        given: UnsafeBufferPointer(rebasing: lent[keyCount...]), at: moment
      ) { row in
        row.forEach { place, value in
          let status = Int32(row.statuses[place].rawValue)
          values[place] = martlet_value(value, status, into: room, &written)
        }
      }
      return written
    }
  }
}

/// What a lookup takes or gives.
///
/// `@unchecked Sendable`: written in `init` and never again.
final class FieldList: @unchecked Sendable {
  let types: [ColumnType]
  let fields: UnsafeMutablePointer<martlet_field>

  var count: Int { types.count }

  init(_ fields: [Field]) {
    types = fields.map(\.type)
    self.fields = .allocate(capacity: max(fields.count, 1))
    for (place, field) in fields.enumerated() {
      (self.fields + place).initialize(
        to: martlet_field(name: UnsafePointer(copied(field.name)), type: field.type.inC))
    }
  }

  deinit {
    for place in types.indices { free(UnsafeMutablePointer(mutating: fields[place].name)) }
    fields.deallocate()
  }
}

extension ColumnType {
  fileprivate var inC: Int32 {
    switch self {
    case .bool: MARTLET_BOOL
    case .int: MARTLET_INT
    case .double: MARTLET_DOUBLE
    case .string: MARTLET_STRING
    case .time: MARTLET_TIME
    case .bytes: MARTLET_BYTES
    case .list, .vector: preconditionFailure("a \(self) was prepared")
    }
  }
}

extension martlet_value {
  /// The value as one of `type`, where it lies.
  fileprivate func lent(as type: ColumnType) -> OnlineRow.Lent {
    if is_null != 0 { return .null }
    switch type {
    case .bool: return .bool(integer != 0)
    case .int: return .int(integer)
    case .double: return .double(real)
    case .time: return .time(integer)
    case .string, .bytes:
      guard text != nil || size == 0 else { return .null }
      let bytes = UnsafeRawBufferPointer(start: text, count: size)
      return type == .string ? .string(bytes) : .bytes(bytes)
    case .list, .vector: return .null
    }
  }

  /// A value for a caller, its text copied to `room` where it fits; `written` counts the bytes of all texts.
  fileprivate init(
    _ value: OnlineRow.Lent, _ status: Int32, into room: UnsafeMutableRawBufferPointer,
    _ written: inout Int
  ) {
    self.init()
    self.status = status
    switch value {
    case .null, .other: is_null = 1
    case .bool(let flag): integer = flag ? 1 : 0
    case .int(let number), .time(let number): integer = number
    case .double(let number): real = number
    case .string(let bytes), .bytes(let bytes):
      size = bytes.count
      let end = written + bytes.count
      if end <= room.count {
        let place = UnsafeMutableRawBufferPointer(rebasing: room[written..<end])
        place.copyMemory(from: bytes)
        text = UnsafeRawPointer(place.baseAddress)?.assumingMemoryBound(to: CChar.self)
      }
      written = end
    }
  }
}
