import MartletColumns
import ServedExample
import Testing

@testable import MartletServing

struct MetricsTests {
  @Test func `counts what was answered, by route, service, set and status`() throws {
    let asked = Asked(.sample())
    for body in [
      #"{"service":"wide","entities":{"customer_id":["c1","x"]}}"#,
      #"{"service":"wide","entities":{"customer_id":["c2"]}}"#, "{", "[",
    ] {
      _ = asked.ask(.post, "/v1/get", body: body, type: "application/json")
    }
    let page = asked.ask(.get, "/metrics").body
    #expect(page.contains("martlet_http_requests_total{route=\"get\",status=\"200\"} 2\n"))
    #expect(page.contains("martlet_http_requests_total{route=\"get\",status=\"400\"} 1\n"))
    #expect(page.contains("martlet_http_requests_total{route=\"get\",status=\"422\"} 1\n"))
    #expect(page.contains("martlet_service_entities_total{service=\"wide\"} 3\n"))
    #expect(
      page.contains("martlet_values_total{service=\"wide\",set=\"wide\",status=\"missing\"} 50\n"))
    #expect(
      page.contains("martlet_values_total{service=\"wide\",set=\"wide\",status=\"present\"} 100\n"))
    #expect(page.contains("martlet_staleness_seconds{set=\"spend\"} 1.5\n"))
  }

  @Test func `buckets add up to the count`() {
    let histogram = Histogram()
    for nanoseconds: UInt64 in [0, 10_000, 10_001, 1_000_000, 60_000_000_000] {
      histogram.count(nanoseconds: nanoseconds)
    }
    var page = MetricsPage()
    page.begin("m", "histogram", "a\nb\\")
    page.add(histogram, [("l", "\"\\\n")])
    let lines = page.text.split(separator: "\n")
    #expect(lines[0] == "# HELP m a\\nb\\\\")
    #expect(lines.contains(#"m_bucket{l="\"\\\n",le="1e-05"} 2"#))
    #expect(lines.contains(#"m_bucket{l="\"\\\n",le="2.5e-05"} 3"#))
    #expect(lines.contains(#"m_bucket{l="\"\\\n",le="10.0"} 4"#))
    #expect(lines.contains(#"m_bucket{l="\"\\\n",le="+Inf"} 5"#))
    #expect(lines.contains(#"m_count{l="\"\\\n"} 5"#))
  }

  @Test func `a log has every refusal, one in so many answers, and no secret`() {
    let lines = Lines()
    let log = SampledAccessLog(every: 10) { lines.add($0) }
    let token = Token()
    let records = TokenList([TokenRecord(token, for: Caller(name: "shop", role: .reader))])
    let responder = Responder(
      ExampleStore(), gate: Gate(tokens: records), settings: ServerSettings(), log: log)
    for _ in 0..<100 {
      _ = Asked(responder).ask(.get, "/v1/catalog", authorization: "Bearer \(token.text)")
    }
    _ = Asked(responder).ask(.get, "/v1/catalog", authorization: "Bearer \(Token().text)")
    _ = Asked(responder).ask(
      .post, "/v1/push/transactions", body: "{}", type: "application/json",
      authorization: "Bearer \(token.text)")
    #expect(lines.all.count == 12)
    #expect(lines.all.allSatisfy { !$0.contains("martlet_") })
    #expect(lines.all.first?.contains(#""caller":"shop""#) == true)
    #expect(lines.all[10].contains(#""caller":"","status":401,"code":"token-unknown""#))
    #expect(lines.all[11].contains(#""caller":"shop","status":403,"code":"role-missing""#))
    let page = Asked(responder).ask(.get, "/metrics", authorization: "Bearer \(token.text)").body
    #expect(page.contains("martlet_http_denials_total 2\n"))
  }
}

private final class Lines: @unchecked Sendable {
  // Sendable because one test's thread uses it.
  private(set) var all: [String] = []
  func add(_ line: String) { all.append(line) }
}

struct ServedConditionTests {
  private let spend = ServedCondition.SetCondition(
    "spend", data: 3, loadedAt: Instant(microseconds: 6_000_000),
    readAt: Instant(microseconds: 2_500_000))
  private let file = ServedCondition.SetCondition("file", data: nil, loadedAt: nil, readAt: nil)

  @Test func `a server is ready once something is loaded, and nothing newer is out of its reach`() {
    var condition = ServedCondition()
    #expect(condition.hindrances == [])
    condition.sets = [file]
    #expect(condition.hindrances == ["nothing is loaded yet; `martlet materialize` does it"])
    condition.sets = [spend, file]
    #expect(condition.hindrances == [])
    condition.trouble = "still serving version 2: the registry is busy"
    #expect(condition.hindrances == ["still serving version 2: the registry is busy"])
  }

  @Test func `gauges tell what is known of each set, and nothing of what is not`() {
    var condition = ServedCondition()
    condition.sets = [spend, file]
    condition.onlineBytes = 77
    let gauges = condition.gauges(at: Instant(microseconds: 10_000_000))
    let lines = gauges.map { gauge in
      "\(gauge.name) \(gauge.labels.map(\.value).joined()) \(gauge.value)"
    }
    #expect(
      lines == [
        "martlet_set_staleness_seconds spend 7.5", "martlet_set_load_age_seconds spend 4.0",
        "martlet_set_loaded spend 1.0", "martlet_set_loaded file 0.0",
        "martlet_set_data_version spend 3.0", "martlet_online_bytes  77.0",
      ])
  }
}
