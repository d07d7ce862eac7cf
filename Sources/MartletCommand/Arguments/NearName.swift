/// The name in `names` that was probably meant by `word`, if one is near enough.
func nearName(to word: String, in names: [String]) -> String? { nil }
