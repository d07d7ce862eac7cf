/// One line as a terminal shows it, and where each of its bytes lands.
///
/// Tabs become spaces up to the next multiple of four, what is not UTF-8 or would disturb the
/// terminal becomes `�`, and of a line too long to look at only the part around the labels is kept:
///
///     …um(amount) over 1h, 2h, 3h, 4h, 5h…
struct DrawnLine {
  private(set) var text = ""

  /// The column at which the byte at each offset in the line begins; the last entry is the end.
  private var columns: [Int] = []

  private var offset: Int
  private var width = 0

  /// Draws the bytes `bounds` of `file`, keeping `interest` in sight.
  init(_ bounds: Range<Int>, of file: TextFile, keeping interest: Int) {
    var shown = bounds
    if bounds.count > DrawnLine.longest {
      let start = max(bounds.lowerBound, interest - DrawnLine.longest / 3)
      shown = start..<min(bounds.upperBound, start + DrawnLine.longest)
    }
    offset = shown.lowerBound
    if shown.lowerBound > bounds.lowerBound { append("…") }
    append(file.bytes[shown])
    columns.append(width)
    if shown.upperBound < bounds.upperBound { append("…") }
  }

  /// The most bytes of a line that are drawn.
  private static let longest = 240

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        columns.append(contentsOf: repeatElement(width, count: encoded.count))
        append(Unicode.UTF8.decode(encoded))
      case .error(let length):
        columns.append(contentsOf: repeatElement(width, count: length))
        append("\u{FFFD}")
      case .emptyInput: return
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    if scalar == "\t" {
      let spaces = 4 - width % 4
      text += String(repeating: " ", count: spaces)
      width += spaces
    } else {
      let drawn = scalar.disturbsDisplay ? "\u{FFFD}" : scalar
      text.unicodeScalars.append(drawn)
      width += drawn.displayWidth
    }
  }

  /// The column at which the byte at `offset` of the file is drawn.
  func column(of offset: Int) -> Int {
    columns[min(max(0, offset - self.offset), columns.count - 1)]
  }
}
