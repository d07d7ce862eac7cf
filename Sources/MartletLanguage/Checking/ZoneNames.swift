/// The time zones that there are: nobody here opens their files, so that whoever calls the compiler
/// says which it knows.
public struct ZoneNames: Sendable {
  /// Whether there is a zone of that name.
  public let isKnown: @Sendable (String) -> Bool
  /// The names of all zones.
  public let all: @Sendable () -> [String]

  /// Zones of which `isKnown` says whether there is one of a name; `all` names them, to suggest a near
  /// one, and is asked only then.
  public init(
    isKnown: @escaping @Sendable (String) -> Bool, all: @escaping @Sendable () -> [String]
  ) {
    self.isKnown = isKnown
    self.all = all
  }

  /// The zones called `names`.
  public init(_ names: [String]) {
    let known = Set(names)
    self.init(isKnown: { known.contains($0) }, all: { names })
  }

  /// Every name that can be one is taken for one.
  public static let unchecked = ZoneNames(isKnown: { _ in true }, all: { [] })
}
