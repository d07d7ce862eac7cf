/// A source's file as it was when it was read.
public struct SourceFile: Hashable, Sendable {
  /// Where it was; relative to the project's folder if it is written so.
  public var path: String

  /// How long it was.
  public var byteCount: Int

  /// When it was last modified, in nanoseconds since 1970.
  public var modifiedAt: Int64

  /// The SHA-256 of its bytes.
  public var content: [UInt8]

  /// A file.
  public init(path: String, byteCount: Int, modifiedAt: Int64, content: [UInt8]) {
    self.path = path
    self.byteCount = byteCount
    self.modifiedAt = modifiedAt
    self.content = content
  }
}

/// A source's file that the registry knows.
public struct KnownFile: Hashable, Sendable {
  /// What the registry calls it.
  public let number: Int

  /// The file.
  public let file: SourceFile
}
