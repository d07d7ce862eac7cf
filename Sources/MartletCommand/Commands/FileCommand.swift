extension Command {
  /// `martlet file`
  static let file = Command(
    "file", "Look into files of rows, check and convert them.",
    commands: [fileSchema, fileShow, fileCheck, fileConvert])
}
