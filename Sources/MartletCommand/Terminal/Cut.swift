import MartletDiagnostics

/// `text`, cut to at most so many columns of a terminal; `…` says that there was more.
func cut(_ text: String, toColumns columns: Int) -> String {
  guard text.displayWidth > columns else { return text }
  var kept = String.UnicodeScalarView()
  var width = 1
  for scalar in text.unicodeScalars {
    width += scalar.displayWidth
    guard width <= columns else { break }
    kept.append(scalar)
  }
  return columns > 0 ? String(kept) + "…" : ""
}
