/// A copy of bytes that lives as long as whoever reads it.
///
/// `@unchecked Sendable`: written in `init` and never again.
final class OwnedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let room: UnsafeMutableRawBufferPointer

  init(copying source: UnsafeRawBufferPointer) {
    room = .allocate(byteCount: source.count, alignment: 16)
    room.copyMemory(from: source)
    bytes = UnsafeRawBufferPointer(room)
  }

  deinit { room.deallocate() }
}
