import MartletColumns

// What a definition says by itself: what it leans on enters by its name only. Two definitions that mean
// different things and say the same by themselves differ in what they lean on.

extension Identity {
  /// What `set` says of its rows and which features it has, but not what these are.
  public static func byItself(_ set: FeatureSet) -> Identity {
    var text = MeaningText("features by themselves")
    text.add(set.name)
    text.add(set.entity) { $0.add($1) }
    if case .stored(let stored) = set.kind {
      text.add(stored.source)
      text.add(stored.keyColumns)
      text.add(stored.filter) { $0.add(Meanings(of: set.locals).meaning(of: $1)) }
    }
    text.add(set.keep)
    text.add(set.given.sorted { $0.name < $1.name })
    text.add(set.features.map(\.name).sorted())
    return text.identity
  }

  /// What each feature of `set` says, in their order.
  public static func ofFeatures(byThemselves set: FeatureSet) -> [Identity] {
    let meanings = Meanings(of: set.locals)
    return set.features.map { feature in
      var text = MeaningText("feature by itself")
      text.add(feature, meanings)
      return text.identity
    }
  }

  /// What `service` asks for and gives.
  public static func byItself(_ service: Service) -> Identity {
    of(service, reading: { _, _ in nil })
  }
}
