import Glibc

/// Has the allocator give blocks of 2 MiB and more back to the system when they are freed.
///
/// By itself it learns from the first such block to keep all that follow, and a job that works with
/// buffers of a row group's size, on several threads, comes to hold three times what it uses:
/// converting ten million rows peaked at 390 MB, and peaks at 125 MB with this.
///
/// The module `Glibc` leaves the allocator's header out, so the call is looked up by its name; where
/// there is none, memory is as it was.
func returnLargeBlocksToSystem() {
  typealias SetOption = @convention(c) (_ option: Int32, _ value: Int32) -> Int32
  let mmapThreshold: Int32 = -3
  guard let address = dlsym(nil, "mallopt") else { return }
  _ = unsafeBitCast(address, to: SetOption.self)(mmapThreshold, 2 << 20)
}
