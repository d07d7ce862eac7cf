/// Raw memory that is freed when its last user lets go.
///
/// Every allocation is aligned to a cache line and has `slackInBytes` readable and writable bytes
/// behind its end, so that unpacking loops may work in whole words without a tail case.
@usableFromInline
final class Allocation {
  /// Bytes behind the end that a loop may read or scribble on.
  @usableFromInline static let slackInBytes = 64

  @usableFromInline let start: UnsafeMutableRawPointer

  @usableFromInline
  init(byteCount: Int) {
    start = .allocate(byteCount: byteCount + Allocation.slackInBytes, alignment: 64)
  }

  deinit { start.deallocate() }
}
