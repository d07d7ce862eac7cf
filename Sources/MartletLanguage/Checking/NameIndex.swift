public import MartletDiagnostics

/// Every name in the files: what it is, where it is defined, where it is used. An editor's questions
/// are answered from here.
public struct NameIndex: Sendable {
  /// Something that has a name.
  public struct Symbol: Sendable {
    public var kind: Kind
    public var name: String

    /// Its type, where it is a value.
    public var type: String?
    public var definition: TextRange
  }

  /// What has names.
  public enum Kind: String, Sendable {
    case entity, source, column, featureSet = "feature set", local = "let", feature, given, service,
      hook
  }

  /// All symbols in order of definition.
  public private(set) var symbols: [Symbol] = []
  private var references: [(range: TextRange, symbol: Int)] = []

  /// Enters a definition and returns its number.
  mutating func define(_ kind: Kind, _ name: Name, type: String? = nil) -> Int {
    symbols.append(Symbol(kind: kind, name: name.text, type: type, definition: name.range))
    refer(name.range, to: symbols.count - 1)
    return symbols.count - 1
  }

  mutating func refer(_ range: TextRange, to symbol: Int) { references.append((range, symbol)) }

  mutating func setType(_ type: String, of symbol: Int) { symbols[symbol].type = type }

  /// Sorts the uses, so that they can be asked for by position.
  mutating func seal() { references.sort { $0.range < $1.range } }
}

extension NameIndex {
  /// What the name at the byte `offset` of `file` stands for. O(log n) in names.
  public func symbol(at offset: Int, in file: UInt32) -> (number: Int, range: TextRange)? {
    var low = 0
    var high = references.count
    while low < high {
      let middle = (low + high) / 2
      let range = references[middle].range
      if (range.file, Int(range.end)) < (file, offset) { low = middle + 1 } else { high = middle }
    }
    guard low < references.count, references[low].range.file == file,
      references[low].range.touches(offset)
    else { return nil }
    return (references[low].symbol, references[low].range)
  }

  /// Where the symbol of that number is named, its definition included. O(n) in names.
  public func uses(of number: Int) -> [TextRange] {
    references.filter { $0.symbol == number }.map(\.range)
  }
}
