import MartletColumns

/// The values of a column, gathered from the pages that a batch reaches over.
///
/// Texts stay numbers of the dictionary as long as pages bring such; when a plain page follows in
/// the same batch, its texts are added behind those of the dictionary.
struct ValueSink: ~Copyable {
  private var flags = BufferBuilder<Bool>()
  private var words = BufferBuilder<Int64>()
  private var texts = StringsBuilder()
  private var codes = BufferBuilder<Int32>()
  private var form = TextForm.none
  private var validity: BitmapBuilder

  /// The most bytes that texts may come to.
  private let mostBytes: Int

  /// How many times were floored to a whole microsecond.
  private(set) var flooredCount = 0

  private enum TextForm {
    case none
    /// Numbers of this dictionary.
    case numbers(Strings)
    /// Numbers of `texts`, which holds a dictionary and what came after it.
    case extended
    case plain
  }

  private enum Spelling { case asItIs, uuid }

  /// How many values are expected, so that memory need not grow under them. It is a file's claim, and
  /// believed up to a million.
  private let expectedCount: Int

  init(mostBytes: Int, expecting count: Int = 0) {
    self.mostBytes = min(mostBytes, Strings.mostBytes)
    expectedCount = min(count, 1 << 20)
    validity = BitmapBuilder(capacity: expectedCount)
  }

  /// The number of values so far, nulls among them.
  var count: Int { validity.count }

  /// Appends the next `count` of `values`, those clear in `presence` as nulls.
  mutating func append(
    _ count: Int, of values: inout PageValues, _ presence: Bitmap?, _ dictionary: PageDictionary?
  ) throws(ParquetError) {
    let present = presence?.countSetBits() ?? count
    let gaps = present == count ? nil : presence
    if let presence {
      validity.append(contentsOf: presence)
    } else {
      validity.append(repeating: true, count: count)
    }
    switch values {
    case .flags(var reader):
      try ValueSink.append(count, present, gaps, expectedCount, to: &flags, zero: false) {
        (target) throws(ParquetError) in
        try reader.read(present, into: target)
      }
      values = .flags(reader)
    case .numbers(var reader, let rule):
      var floored = 0
      try ValueSink.append(count, present, gaps, expectedCount, to: &words, zero: 0) {
        (target) throws(ParquetError) in
        try reader.read(present, into: target)
        floored = try rule.apply(to: target, count: present)
      }
      flooredCount += floored
      values = .numbers(reader, rule)
    case .decoded(var reader, let rule):
      var floored = 0
      try ValueSink.append(count, present, gaps, expectedCount, to: &words, zero: 0) {
        (target) throws(ParquetError) in
        var index = 0
        try reader.read(present) { (bytes) throws(ParquetError) in
          let (word, isCut) = try rule.decode(bytes)
          target[index] = word
          floored += isCut ? 1 : 0
          index += 1
        }
      }
      flooredCount += floored
      values = .decoded(reader, rule)
    case .codes(var reader):
      try appendCodes(count, present, gaps, &reader, dictionary)
      values = .codes(reader)
    case .texts(var reader):
      try appendTexts(count, gaps, &reader, .asItIs)
      values = .texts(reader)
    case .uuids(var reader):
      try appendTexts(count, gaps, &reader, .uuid)
      values = .uuids(reader)
    }
  }

  /// Lets `read` write `present` values and moves them apart to where `gaps` has them.
  private static func append<Element: BitwiseCopyable>(
    _ count: Int, _ present: Int, _ gaps: Bitmap?, _ expectedCount: Int,
    to builder: inout BufferBuilder<Element>, zero: Element,
    _ read: (UnsafeMutablePointer<Element>) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    if builder.count == 0 { builder.reserve(max(count, expectedCount)) }
    try builder.append(upTo: count) { (room) throws(ParquetError) in
      guard let target = room.baseAddress, count > 0 else { return 0 }
      if present > 0 { try read(target) }
      if let gaps { spread(target, count, present, gaps, zero) }
      return count
    }
  }

  /// Moves values apart, from the last to the first, so that none is overwritten before it moves.
  private static func spread<Element: BitwiseCopyable>(
    _ target: UnsafeMutablePointer<Element>, _ count: Int, _ present: Int, _ presence: Bitmap,
    _ zero: Element
  ) {
    var source = present - 1
    var index = count - 1
    while index >= 0 {
      let word = presence.word(index / 64)
      let first = index / 64 * 64
      while index >= first {
        let isThere = word &>> UInt64(index & 63) & 1 == 1
        target[index] = isThere ? target[source] : zero
        source &-= isThere ? 1 : 0
        index &-= 1
      }
    }
  }

  private mutating func appendCodes(
    _ count: Int, _ present: Int, _ gaps: Bitmap?, _ reader: inout RunReader,
    _ dictionary: PageDictionary?
  ) throws(ParquetError) {
    guard case .texts(let texts)? = dictionary else { throw .damaged("there is no dictionary") }
    switch form {
    case .none: form = .numbers(texts)
    case .plain: return try appendWrittenOut(count, gaps, &reader, texts)
    case .numbers, .extended: break
    }
    try ValueSink.append(count, present, gaps, expectedCount, to: &codes, zero: 0) {
      (target) throws(ParquetError) in
      try reader.read(present, into: target)
      try NumberReader.checkCodes(target, present, within: texts.count)
    }
  }

  /// Writes out the texts of a page with a dictionary that follows plain ones, which is rare.
  private mutating func appendWrittenOut(
    _ count: Int, _ gaps: Bitmap?, _ reader: inout RunReader, _ dictionary: Strings
  ) throws(ParquetError) {
    var code: Int32 = 0
    for index in 0..<count {
      guard gaps?[index] ?? true else {
        texts.appendEmpty()
        continue
      }
      try reader.read(1, into: &code)
      try NumberReader.checkCodes(&code, 1, within: dictionary.count)
      try dictionary.withBytes(at: Int(code)) { (text) throws(ParquetError) in try append(text) }
    }
  }

  private mutating func append(_ text: UnsafeRawBufferPointer) throws(ParquetError) {
    guard text.count <= mostBytes - texts.byteCount else {
      throw ParquetError(.tooLarge("a batch's texts take over \(mostBytes) bytes; read fewer rows"))
    }
    texts.append(text)
  }

  private mutating func appendTexts(
    _ count: Int, _ gaps: Bitmap?, _ reader: inout TextReader,
    _ spelling: Spelling
  ) throws(ParquetError) {
    switch form {
    case .none: form = .plain
    case .numbers(let dictionary):
      for index in 0..<dictionary.count { dictionary.withBytes(at: index) { texts.append($0) } }
      form = .extended
    case .plain, .extended: break
    }
    var index = 0
    while index < count {
      let isThere = gaps?[index] ?? true
      var end = index + 1
      while end < count, (gaps?[end] ?? true) == isThere { end += 1 }
      if isThere {
        try appendPresent(end - index, &reader, spelling)
      } else {
        appendAbsent(end - index)
      }
      index = end
    }
  }

  private mutating func appendPresent(
    _ count: Int, _ reader: inout TextReader,
    _ spelling: Spelling
  ) throws(ParquetError) {
    let first = texts.count
    try reader.read(count) { (bytes) throws(ParquetError) in
      switch spelling {
      case .asItIs: try append(bytes)
      case .uuid:
        let text = bytes.spelledAsUUID
        try text.span.bytes.withUnsafeBytes { (text) throws(ParquetError) in try append(text) }
      }
    }
    guard case .extended = form else { return }
    for code in first..<texts.count { codes.append(Int32(truncatingIfNeeded: code)) }
  }

  private mutating func appendAbsent(_ count: Int) {
    if case .extended = form {
      codes.append(repeating: 0, count: count)
    } else {
      for _ in 0..<count { texts.appendEmpty() }
    }
  }

  /// The values as a column of `type`.
  consuming func finish(as type: ColumnType) -> Column {
    let form = form
    let codes = codes.finish()
    let validity = validity.finishAsValidity()
    let texts = texts.finish()
    let words = words.finish()
    let values: Column.Values =
      switch type {
      case .bool: .bool(flags.finish())
      case .int: .int(words)
      case .time: .time(words)
      case .double: .double(words.reinterpreted(as: Double.self))
      case .bytes: .bytes(texts)
      default:
        switch form {
        case .numbers(let dictionary):
          .dictionary(DictionaryStrings(codes: codes, dictionary: dictionary))
        case .extended: .dictionary(DictionaryStrings(codes: codes, dictionary: texts))
        case .plain, .none: .string(texts)
        }
      }
    return Column(values, validity: validity)
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes in hexadecimal digits, hyphens between them where a UUID has its own.
  var spelledAsUUID: [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (index, byte) in enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }
}
