import MartletColumns
import MartletEngine
import MartletLanguage
import MartletPlan

extension DraftReport.SetReport {
  /// Takes in a source's rows: hands `body` those that are as expected and that the set keeps, and
  /// counts the others.
  mutating func take(
    _ rows: Batch, _ judge: RowJudge, _ keeper: RowKeeper, _ body: (Batch) -> Void
  ) {
    let (expected, verdict) = judge.judge(rows)
    for (index, failed) in verdict.failures.enumerated() { failures[index].rows += failed }
    dropped += verdict.dropped
    let (kept, counts) = keeper.keep(expected)
    self.counts.merge(counts)
    body(kept)
  }

  /// Ends the work where rows are not as an expectation that ends runs has it.
  func refuseFailures(of plan: SourcePlan, attempt: String) throws(DraftError) {
    for (expectation, failed) in zip(plan.expectations, failures)
    where expectation.reaction == .fail && failed.rows > 0 {
      throw DraftError(
        attempt: attempt,
        reason: .expectationFailed(written: expectation.written, rows: failed.rows))
    }
  }
}
