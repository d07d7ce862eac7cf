/// `1 file`, `2 files`, `3 entities`.
func count(_ number: Int, _ noun: String) -> String {
  if number == 1 { return "1 \(noun)" }
  return "\(number) " + (noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + "s")
}
