import MartletColumns

/// The bytes that stand for a meaning before they are hashed: every part with its length or its kind
/// before it, so that two meanings never share their bytes.
public struct MeaningText {
  private(set) var bytes: [UInt8] = []

  /// `kind` tells this meaning from all other kinds; a change of its layout changes the number.
  public init(_ kind: String) {
    add("martlet-meaning-1")
    add(kind)
  }

  /// The bytes of a part that enters another meaning.
  init() {}

  /// The hash of what was added.
  public var identity: Identity { Identity(bytes: SHA256.digest(bytes)) }

  /// A number.
  public mutating func add(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
    }
  }

  /// A text, its length before it.
  public mutating func add(_ text: String) {
    add(Int64(text.utf8.count))
    bytes += text.utf8
  }

  /// What another definition means.
  public mutating func add(_ identity: Identity) { bytes += identity.bytes }

  /// A part, its length before it.
  mutating func add(bytes part: [UInt8]) {
    add(Int64(part.count))
    bytes += part
  }

  /// What an expression means.
  mutating func add(_ meaning: ExpressionMeaning) { add(bytes: meaning.bytes) }

  mutating func add(_ texts: [String]) {
    add(Int64(texts.count))
    for text in texts { add(text) }
  }

  /// Presence, then the part.
  mutating func add<Part>(_ part: Part?, _ body: (inout MeaningText, Part) -> Void) {
    bytes.append(part == nil ? 0 : 1)
    if let part { body(&self, part) }
  }

  mutating func add(_ length: TimeLength?) { add(length) { $0.add($1.microseconds) } }

  mutating func add(_ field: Field) {
    add(field.name)
    add(field.type.description)
  }

  mutating func add(_ value: Value) {
    switch value {
    case .null: add("null")
    case .bool(let flag): add(flag ? "true" : "false")
    case .int(let number):
      add("int")
      add(number)
    case .double(let number):
      add("double")
      add(Int64(bitPattern: number.bitPattern))
    case .string(let text):
      add("string")
      add(text)
    case .time(let instant):
      add("time")
      add(instant.microseconds)
    case .bytes(let bytes):
      add("bytes")
      add(Int64(bytes.count))
      self.bytes += bytes
    case .list(let elements):
      add("list")
      add(Int64(elements.count))
      for element in elements { add(element) }
    case .vector(let floats):
      add("vector")
      add(Int64(floats.count))
      for float in floats { add(Int64(float.bitPattern)) }
    }
  }
}

extension Operation {
  /// The word that stands for it in a meaning; it never changes, whatever the case is called.
  var meaning: String {
    switch self {
    case .and: "and"
    case .or: "or"
    case .not: "not"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    case .greaterEqual: ">="
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    case .negate: "negate"
    case .concatenate: "||"
    case .addLength: "+ length"
    case .subtractLength: "- length"
    case .isNull: "is null"
    case .isIn: "in"
    case .isBetween: "between"
    case .choice: "if"
    case .list: "list"
    case .function(let name): "function " + name
    }
  }
}
