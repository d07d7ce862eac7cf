extension Invocation {
  /// How much memory a job of this call may take: what is said, or a quarter of what there is.
  var memoryInBytes: Int {
    settings.memoryInBytes.value.map { Int(clamping: $0) } ?? usableMemoryInBytes() / 4
  }
}

/// How much memory this process may have: the machine's, or what its control group is given.
private func usableMemoryInBytes() -> Int {
  var least = Machine.memoryInBytes
  for path in ["memory.max", "memory/memory.limit_in_bytes"] {
    // Without such a file, or with one that says "max", there is no limit.
    guard let words = try? text(ofFile: "/sys/fs/cgroup/\(path)"),
      let limit = Int(words.prefix { $0.isNumber }), limit > 0
    else { continue }
    least = min(least, limit)
  }
  return least
}
