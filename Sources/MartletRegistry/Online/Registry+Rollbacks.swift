import MartletDiagnostics

/// How the load before is asked for while a server holds the online store:
///
///     rollback      asks ──────────────────────────────▶ tells
///     server        sees the ask ──▶ goes back ──▶ answers
extension Registry {
  /// What became of an ask to go back.
  public enum GoingBack: Hashable, Sendable {
    /// These sets went back.
    case done([String])
    case failed(String)
  }

  /// Asks the server to let the load before the current one answer for the sets called `names`, or for
  /// all that have one.
  ///
  /// - Returns: The number that the answer is looked for with.
  public func askToGoBack(_ names: [String]) throws(RegistryError) -> Int {
    var number = 0
    try connection.rows(
      "INSERT INTO online_rollbacks (sets) VALUES (?) RETURNING number",
      [.text(JSON.strings(names).text)], attempting: "asking the server to go back"
    ) { (row) throws(RegistryError) in number = Int(row.int(0)) }
    return number
  }

  /// What became of the ask with `number`; `nil` while the server has not answered.
  public func answerToGoingBack(_ number: Int) throws(RegistryError) -> GoingBack? {
    var answer: GoingBack?
    try connection.rows(
      "SELECT gone, words FROM online_rollbacks WHERE number = ? AND gone IS NOT NULL",
      [.int(Int64(number))], attempting: "looking whether the server went back"
    ) { (row) throws(RegistryError) in
      let words = row.text(1)
      answer = words.isEmpty ? .done(Self.names(in: row.text(0))) : .failed(words)
    }
    return answer
  }

  /// Takes the oldest ask that nobody has taken, and gives the sets that it names. It is given once,
  /// whatever becomes of it: going back a second time would undo the first.
  public func takeAskToGoBack() throws(RegistryError) -> (number: Int, sets: [String])? {
    var ask: (number: Int, sets: [String])?
    try connection.rows(
      """
      UPDATE online_rollbacks SET taken = 1
      WHERE number = (SELECT min(number) FROM online_rollbacks WHERE taken = 0)
      RETURNING number, sets
      """,
      attempting: "looking whether the server is to go back"
    ) { (row) throws(RegistryError) in ask = (Int(row.int(0)), Self.names(in: row.text(1))) }
    return ask
  }

  /// Answers the ask with `number`.
  public func answer(goingBack number: Int, _ answer: GoingBack) throws(RegistryError) {
    let (names, words) =
      switch answer {
      case .done(let names): (names, "")
      case .failed(let words): ([], words)
      }
    try connection.rows(
      "UPDATE online_rollbacks SET gone = ?, words = ? WHERE number = ?",
      [.text(JSON.strings(names).text), .text(words), .int(Int64(number))],
      attempting: "recording that the server went back")
  }

  /// Takes back what nobody has answered: the ask with `number`, or all of them.
  public func withdrawGoingBack(_ number: Int? = nil) throws(RegistryError) {
    try connection.rows(
      "DELETE FROM online_rollbacks WHERE gone IS NULL AND number = ifnull(?, number)",
      [number.map { .int(Int64($0)) } ?? .null],
      attempting: "asking the server no longer to go back")
  }

  private static func names(in text: String) -> [String] {
    // What this registry wrote itself can be read.
    guard case .array(let names)? = try? JSON(reading: text) else { return [] }
    return names.compactMap { if case .string(let name) = $0 { name } else { nil } }
  }
}
