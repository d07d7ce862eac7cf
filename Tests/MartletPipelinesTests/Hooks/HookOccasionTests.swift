import MartletColumns
import MartletDiagnostics
import MartletLanguage
import MartletRegistry
import Testing

@testable import MartletPipelines

struct HookOccasionTests {
  @Test func `a tick that ended is told of to those who wait for it, and to nobody else`() throws {
    let occasions = HookOccasions(try definitions())
    #expect(keys(occasions, tick("spend", .done)) == ["all/success/spend/60000000"])
    #expect(
      keys(occasions, tick("spend", .done), rejected: 11) == [
        "all/success/spend/60000000", "many/rejects/spend/60000000",
      ])
    #expect(keys(occasions, tick("spend", .done), rejected: 10).count == 1)
    #expect(
      keys(occasions, tick("spend", .failed)) == [
        "alarm/failure/spend/60000000", "of_risk/failure/spend/60000000",
      ])
    // `risk` does not lean on it.
    #expect(keys(occasions, tick("other", .failed)) == ["alarm/failure/other/60000000"])
    #expect(keys(occasions, tick("spend", .waiting)).isEmpty)
  }

  @Test func `what is sent says what happened, under a key that is the same each time`() throws {
    let occasions = HookOccasions(try definitions())
    var failed = tick("other", .failed)
    failed.words = "no \"luck\""
    let first = try #require(occasions.deliveries(of: failed, rejected: 0, at: minute(2)).first)
    let again = try #require(occasions.deliveries(of: failed, rejected: 0, at: minute(3)).first)
    #expect(first.key == again.key)
    #expect(
      first.body
        == #"{"key":"alarm/failure/other/60000000","hook":"alarm","event":"failure","at":"1970-01-01T00:02:00Z","set":"other","due":"1970-01-01T00:01:00Z","run":null,"error":"no \"luck\""}"#
    )
  }

  @Test func `fresh data is told once a version of it, stale values once a reading`() throws {
    let occasions = HookOccasions(try definitions())
    #expect(occasions.awaitedServices.map(\.service) == ["risk"])
    // By way of a computed set too.
    #expect(occasions.awaitedServices.map(\.sets) == [["spend"]])
    #expect(
      occasions.deliveries(ofFresh: "risk", data: 7, at: minute(1)).map(\.key) == [
        "retrain/fresh/risk/7"
      ])
    #expect(occasions.promisedSets == ["spend"])
    #expect(occasions.deliveries(ofStale: "spend", read: minute(0), at: minute(120)).isEmpty)
    #expect(
      occasions.deliveries(ofStale: "spend", read: minute(0), at: minute(121)).map(\.key) == [
        "late/stale/spend/0"
      ])
  }

  private func minute(_ number: Int64) -> Instant { Instant(microseconds: number * 60_000_000) }

  private func tick(_ set: String, _ state: TickRecord.State) -> TickRecord {
    var tick = TickRecord(set: set, due: minute(1), since: minute(1), cause: .schedule)
    tick.state = state
    if state != .waiting { tick.endedAt = minute(2) }
    return tick
  }

  private func keys(
    _ occasions: HookOccasions, _ tick: TickRecord, rejected: Int = 0
  ) -> [String] {
    occasions.deliveries(of: tick, rejected: rejected, at: minute(2)).map(\.key).sorted()
  }

  private func definitions() throws -> Definitions {
    let text = """
      entity user(user_id: int)

      events clicks {
          from "clicks.csv"
          at   at

          user_id: int
          weight:  double
          at:      time
      }

      features spend of user from clicks {
          total = sum(weight) over 7d
          fresh 2h
          on new data
      }

      features other of user from clicks {
          seen = count() over 7d
      }

      features ratio {
          half = spend.total_7d / 2.0
      }

      service risk {
          ratio.*
      }

      hook all {
          on  success
          of  spend
          run "true"
      }

      hook many {
          on  rejects over 10
          run "true"
      }

      hook alarm {
          on  failure
          run "true"
      }

      hook of_risk {
          on  failure
          of  risk
          run "true"
      }

      hook retrain {
          on  fresh
          of  risk
          run "true"
      }

      hook late {
          on  stale
          run "true"
      }
      """
    let program = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    try #require(!program.findings.contains { $0.severity == .error }, "\(program.findings)")
    return program.value.definitions
  }
}
