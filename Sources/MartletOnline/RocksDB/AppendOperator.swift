import CRocksDB
import Glibc

/// Appending as RocksDB knows it: a merge operator that joins bytes.
///
/// RocksDB calls it on threads of its own, several at a time; it has no state.
enum AppendOperator {
  /// A new handle, which the options that it is given to own.
  static func make() -> OpaquePointer? {
    rocksdb_mergeoperator_create(
      nil, { _ in },
      { _, _, _, existing, existingCount, operands, counts, operandCount, success, resultCount in
        AppendOperator.join(
          existing, existingCount, operands, counts, operandCount, success, resultCount)
      },
      { _, _, _, operands, counts, operandCount, success, resultCount in
        AppendOperator.join(nil, 0, operands, counts, operandCount, success, resultCount)
      },
      nil, { _ in UnsafePointer(AppendOperator.name) })
  }

  // RocksDB keeps the pointer and compares the name with the one in its files.
  private nonisolated(unsafe) static let name: UnsafeMutablePointer<CChar> = {
    let text: StaticString = "martlet.append.1"
    let room = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8CodeUnitCount + 1)
    room.initialize(repeating: 0, count: text.utf8CodeUnitCount + 1)
    text.withUTF8Buffer { for index in $0.indices { room[index] = CChar(bitPattern: $0[index]) } }
    return room
  }()

  /// The bytes one after the other, in memory that RocksDB frees.
  private static func join(
    _ existing: UnsafePointer<CChar>?, _ existingCount: Int,
    _ operands: UnsafePointer<UnsafePointer<CChar>?>?, _ counts: UnsafePointer<Int>?,
    _ operandCount: Int32, _ success: UnsafeMutablePointer<UInt8>?,
    _ resultCount: UnsafeMutablePointer<Int>?
  ) -> UnsafeMutablePointer<CChar>? {
    var total = existing == nil ? 0 : existingCount
    for index in 0..<Int(operandCount) { total += counts?[index] ?? 0 }
    resultCount?.pointee = total
    guard let result = malloc(max(total, 1)) else {
      success?.pointee = 0
      return nil
    }
    var end = result
    if let existing {
      end.copyMemory(from: existing, byteCount: existingCount)
      end += existingCount
    }
    for index in 0..<Int(operandCount) {
      guard let operand = operands?[index], let count = counts?[index] else { continue }
      end.copyMemory(from: operand, byteCount: count)
      end += count
    }
    success?.pointee = 1
    return result.assumingMemoryBound(to: CChar.self)
  }
}
