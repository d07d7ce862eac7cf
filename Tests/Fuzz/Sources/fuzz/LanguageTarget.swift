import MartletDiagnostics
import MartletLanguage

/// Any bytes compile to findings; what compiles without an error formats, and formatting changes
/// neither what is meant nor what was formatted before.
func fuzzLanguage(_ bytes: [UInt8]) {
  let file = TextFile(path: "f.martlet", bytes: bytes)
  let checked = compile(TextFiles([file]))
  guard let formatted = format(file).value else { return }
  let again = TextFile(path: "f.martlet", text: formatted)
  precondition(format(again).value == formatted, "formatting twice changes more")
  guard !checked.findings.contains(where: { $0.severity == .error }) else { return }
  let checkedAgain = compile(TextFiles([again]))
  precondition(
    checkedAgain.findings.map(\.code) == checked.findings.map(\.code), "formatting finds otherwise")
  precondition(
    checkedAgain.value.definitions.identities == checked.value.definitions.identities,
    "formatting changes a meaning")
}

extension Definitions {
  fileprivate var identities: [Identity] {
    entities.map(\.identity) + sources.map(\.identity) + featureSets.map(\.identity)
      + featureSets.flatMap { $0.features.map(\.identity) } + services.map(\.identity)
  }
}
