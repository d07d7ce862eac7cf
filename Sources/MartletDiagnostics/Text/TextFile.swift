/// One file's text with its lines indexed; whoever opened the file hands it over.
public struct TextFile: Sendable {
  /// The path as it is to be shown.
  public let path: String

  /// The text, in whatever bytes it came: nothing here minds invalid UTF-8.
  public let bytes: [UInt8]

  /// The offset at which each line starts; the first is 0.
  public let lineStarts: [UInt32]

  /// The most bytes a file may have, so that every offset fits a `TextRange`.
  public static let byteLimit = 1 << 30

  /// The file at `path`, holding `bytes`.
  public init(path: String, bytes: [UInt8]) {
    precondition(bytes.count <= TextFile.byteLimit, "a text file of more than a gibibyte")
    self.path = path
    self.bytes = bytes
    var starts: [UInt32] = [0]
    bytes.withUnsafeBufferPointer { bytes in
      for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") {
        starts.append(UInt32(offset + 1))
      }
    }
    lineStarts = starts
  }

  /// The file at `path`, holding `text`.
  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

extension TextFile {
  /// The number of lines; a last line without an end counts, even when it is empty.
  public var lineCount: Int { lineStarts.count }

  /// The index of the line that holds the byte at `offset`. O(log n) in lines.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The offsets of the line at `index`, its end of line left out.
  public func bounds(ofLine index: Int) -> Range<Int> {
    let start = Int(lineStarts[index])
    var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Where the byte at `offset` stands, as editors count. O(length of the line).
  public func position(at offset: Int) -> TextPosition {
    let line = line(at: offset)
    let start = Int(lineStarts[line])
    var column = 1
    for byte in bytes[start..<max(start, min(offset, bytes.count))]
    where byte & 0xC0 != 0x80 {
      column += 1
    }
    return TextPosition(line: line + 1, column: column)
  }

  /// The text in `range`, with what is not UTF-8 replaced.
  public func text(in range: TextRange) -> String {
    let end = min(Int(range.end), bytes.count)
    return String(decoding: bytes[min(Int(range.start), end)..<end], as: UTF8.self)
  }
}

/// A place in a file as people name it.
public struct TextPosition: Hashable, Sendable {
  /// The line, the first being 1.
  public var line: Int

  /// The column in Unicode scalars, the first being 1.
  public var column: Int

  /// The place at `line` and `column`.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// The files that findings may point into, each known by its number.
public struct TextFiles: Sendable {
  private var files: [TextFile]

  /// The files in the order in which findings are to be reported.
  public init(_ files: [TextFile] = []) { self.files = files }

  /// Takes one more file and returns its number.
  public mutating func add(_ file: TextFile) -> UInt32 {
    files.append(file)
    return UInt32(files.count - 1)
  }

  /// The file that `range` lies in.
  public subscript(range: TextRange) -> TextFile { files[Int(range.file)] }

  /// The text in `range`.
  public func text(in range: TextRange) -> String { self[range].text(in: range) }
}

extension TextFiles: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { files.count }
  public subscript(number: Int) -> TextFile { files[number] }
}
