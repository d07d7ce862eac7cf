/// A library of someone else's that a room links, and what it says of itself.
///
/// Only the room that links a library can ask it, so each such room lists its own; whoever wants to
/// know how the program stands on this machine puts the lists together.
public struct LinkedLibrary: Sendable, Equatable {
  /// "RocksDB"
  public var name: String

  /// How the names of its shared files begin: "librocksdb".
  public var fileStem: String

  /// The version that it states while it runs; `nil` for one that states none.
  public var version: String?

  /// What was found by asking: the codecs it was built with, whether threads may share it.
  public var traits: [String]

  /// A library by what it says.
  public init(_ name: String, fileStem: String, version: String?, traits: [String] = []) {
    self.name = name
    self.fileStem = fileStem
    self.version = version
    self.traits = traits
  }
}
