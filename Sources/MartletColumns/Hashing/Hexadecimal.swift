extension [UInt8] {
  /// Two hexadecimal digits for each byte.
  public var hexadecimal: String {
    func digit(_ half: UInt8) -> UInt8 { half < 10 ? 48 + half : 87 + half }
    return String(decoding: flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
  }
}
