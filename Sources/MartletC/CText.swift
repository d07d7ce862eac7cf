import Glibc

/// `text` in memory of its own, ended by a zero, for a caller in C to free.
func copied(_ text: String) -> UnsafeMutablePointer<CChar>? {
  var text = text
  return text.withUTF8 { copied($0) }
}

/// `bytes` in memory of their own, ended by a zero, for a caller in C to free; `nil` where there is no
/// memory left.
func copied(_ bytes: some Collection<UInt8>) -> UnsafeMutablePointer<CChar>? {
  let count = bytes.count
  guard let memory = malloc(count + 1) else { return nil }
  let copy = UnsafeMutableRawBufferPointer(start: memory, count: count + 1)
  copy.copyBytes(from: bytes)
  copy[count] = 0
  return memory.assumingMemoryBound(to: CChar.self)
}
