extension Command {
  /// `martlet file`
  static let file = Command(
    "file", "Look into Parquet files, check and rewrite them.",
    commands: [fileSchema, fileShow, fileCheck, fileConvert])
}
