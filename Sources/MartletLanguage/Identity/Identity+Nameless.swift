import MartletColumns

extension Identity {
  /// What each feature of `set` means whatever it and its set are called, in their order: equal for two
  /// features that have the same values for every entity at every time.
  public static func ofFeatures(
    withoutNames set: FeatureSet, in definitions: Definitions
  ) -> [Identity] {
    var base = MeaningText("rows of features without names")
    base.add(set.entity) { $0.add($1) }
    switch set.kind {
    case .stored(let stored):
      base.add(definitions.source(stored.source).map { ofRows($0) }) { $0.add($1) }
      base.add(stored.keyColumns)
      base.add(stored.filter) { $0.add(Meanings(of: set.locals).meaning(of: $1)) }
    case .computed:
      base.add(set.given.sorted { $0.name < $1.name })
    }
    base.add(set.keep)
    let (shared, meanings) = (base.identity, Meanings(of: set.locals))
    return set.features.map { feature in
      var text = MeaningText("feature without names")
      text.add(shared)
      text.add(feature.computation, meanings)
      return text.identity
    }
  }
}
