import MartletColumns

/// Texts: each distinct one once, in the order in which they came, and a code for each value.
struct TextDictionary {
  /// The distinct texts.
  var texts: Strings

  /// For each value, its index in `texts`.
  var codes: Buffer<UInt32>

  /// The dictionary of `values`, or `nil` where it does not pay.
  init?(_ values: Strings, price: DictionaryPrice) {
    var table = TextTable()
    var codes = BufferBuilder<UInt32>(capacity: values.count)
    for index in 0..<values.count {
      codes.append(values.withBytes(at: index) { table.code(of: $0) })
      let seen = index + 1
      if seen % DictionaryPrice.step == 0 || seen == values.count {
        guard price.pays(distinct: table.count, seen: seen) else { return nil }
      }
    }
    self.texts = table.finish()
    self.codes = codes.finish()
  }

  /// The dictionary of values that have one already, in the same order as if they had none, or
  /// `nil` where it does not pay.
  init?(_ values: DictionaryStrings, price: DictionaryPrice) {
    var table = TextTable()
    var codes = BufferBuilder<UInt32>(capacity: values.count)
    let unknown = UInt32.max
    var renamed = [UInt32](repeating: unknown, count: values.dictionary.count)
    var at = 0
    while at < values.count {
      let end = min(at + DictionaryPrice.step, values.count)
      let old = values.codes.slice(at..<end)
      for index in 0..<old.count where renamed[Int(old[index])] == unknown {
        let text = Int(old[index])
        renamed[text] = values.dictionary.withBytes(at: text) { table.code(of: $0) }
      }
      old.withUnsafeBufferPointer { old in
        codes.append(upTo: old.count) { room in
          for index in old.indices { room[index] = renamed[Int(old[index])] }
          return old.count
        }
      }
      at = end
      guard price.pays(distinct: table.count, seen: at) else { return nil }
    }
    self.texts = table.finish()
    self.codes = codes.finish()
  }
}

/// An open-addressed table from texts to the order in which they came.
private struct TextTable: ~Copyable {
  /// The high half of a text's hash beside its code plus one; zero where nothing is.
  private var slots = [UInt64](repeating: 0, count: 1 << 10)
  private var hashes = BufferBuilder<UInt64>()
  private var texts = BufferBuilder<UInt8>()
  private var offsets: BufferBuilder<Int32>

  init() {
    offsets = BufferBuilder(capacity: 1 << 9)
    offsets.append(0)
  }

  var count: Int { hashes.count }

  mutating func code(of text: UnsafeRawBufferPointer) -> UInt32 {
    let hash = XXHash64.hash(text)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let held = slots[slot]
      if held >> 32 == hash >> 32 {
        let code = Int(UInt32(truncatingIfNeeded: held)) - 1
        if matches(code, text) { return UInt32(code) }
      }
      slot = (slot + 1) & mask
    }
    hashes.append(hash)
    texts.append(raw: text)
    offsets.append(Int32(texts.count))
    slots[slot] = (hash >> 32) << 32 | UInt64(count)
    if count * 2 > slots.count { grow() }
    return UInt32(count - 1)
  }

  private func matches(_ code: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = Int(offsets[code])
    guard Int(offsets[code + 1]) - start == text.count else { return false }
    let mine = texts.span.extracting(start..<start + text.count)
    return mine.withUnsafeBufferPointer { mine in
      UnsafeRawBufferPointer(mine).elementsEqual(text)
    }
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    slots = [UInt64](repeating: 0, count: mask + 1)
    for index in 0..<hashes.count {
      var slot = Int(truncatingIfNeeded: hashes[index]) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = (hashes[index] >> 32) << 32 | UInt64(index + 1)
    }
  }

  consuming func finish() -> Strings {
    Strings(offsets: offsets.finish(), bytes: texts.finish())
  }
}
