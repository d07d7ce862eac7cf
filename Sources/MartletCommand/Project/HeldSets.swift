import MartletOffline

extension [String] {
  /// That somebody else is at these sets of `store`, and who, where that can be told.
  func heldWords(in store: String) -> String {
    let holder = lazy.compactMap { SetLock.holder(of: $0, in: store) }.first
    return "another run is at it" + (holder.map { ": \($0)" } ?? "")
  }
}
