/// Raw memory that is freed when its last user lets go.
///
/// Every allocation is aligned to a cache line and has `slackInBytes` readable and writable bytes
/// behind its end, so that unpacking loops may work in whole words without a tail case.
@usableFromInline
final class Allocation {
  /// Bytes behind the end that a loop may read or scribble on.
  @usableFromInline static let slackInBytes = 64

  @usableFromInline let start: UnsafeMutableRawPointer

  /// What the system gave, of which `start` is the first cache line's beginning.
  ///
  /// Asking the system for such a beginning goes past its lists of small blocks that were freed, which
  /// is most of what a small column costs.
  private let memory: UnsafeMutableRawPointer

  @usableFromInline
  init(byteCount: Int) {
    memory = .allocate(byteCount: byteCount + Allocation.slackInBytes + 48, alignment: 16)
    start = memory.alignedUp(toMultipleOf: 64)
  }

  deinit { memory.deallocate() }
}
