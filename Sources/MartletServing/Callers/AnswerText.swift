public import MartletColumns
public import MartletEngine
public import MartletPlan

extension InProcess {
  /// The body of an answer about one entity that was worked out elsewhere, as `get` gives it.
  ///
  /// - Parameters:
  ///   - answers: What `service` answers, of one row.
  ///   - version: The version of the definitions.
  public static func body(
    of answers: ServiceAnswers, from service: ServicePlan, at moment: Instant, version: String
  ) -> [UInt8] {
    let question = FeatureQuestion(
      ServedService(service), keys: [], given: [], rowCount: 1, at: moment)
    let answer = FeatureAnswer(
      columns: answers.columns, statuses: answers.statuses.map { Array($0) })
    var output = ByteQueue()
    output.append(answer, to: question, of: version)
    return Array(output.unsafeBytes)
  }
}
