import MartletDiagnostics
import MartletLanguage
import MartletPlan

/// Definitions with features of every kind, windows and rules at random.
struct ReplayDefinitions {
  let text: String
  let plan: Plan

  init(using random: inout ReplayNumbers) {
    let known = ["known seen_time", "known after 3us", ""].randomElement(using: &random) ?? ""
    let id = Bool.random(using: &random) ? "id tap" : ""
    let stateKnown = Bool.random(using: &random) ? "known seen_time" : ""
    let keep = Bool.random(using: &random) ? "keep \(Int.random(in: 1...40, using: &random))us" : ""
    let filter = Bool.random(using: &random) ? "where coalesce(n, 0) < 3" : ""
    let wanted = Self.aggregates.shuffled(using: &random).prefix(
      Int.random(in: 4...9, using: &random))
    let features = wanted.enumerated().map { number, aggregate in
      "f\(number) = \(aggregate)\(Self.over(using: &random))"
    }
    text = """
      entity user(name: string)
      entity shop(area: int, place: string)
      events taps {
          from "taps.parquet"
          at at_time
          \(known)
          \(id)
          name: string
          area: int
          at_time: time
          seen_time: time
          tap: int
          n: int
          x: double
          s: string
          b: bool
          expect coalesce(n, 0) > -4 or drop
      }
      states facts {
          from "facts.parquet"
          at at_time
          \(stateKnown)
          deleted when gone
          name: string
          area: int
          at_time: time
          seen_time: time
          gone: bool
          n: int
          x: double
          s: string
          b: bool
      }
      features clicks of user from taps {
          \(filter)
          \(features.joined(separator: "\n    "))
      }
      features shop_clicks of shop from taps by area, s {
          taken = count() over 9us, 40us
          total = sum(x) over 20us
      }
      features profile of user from facts {
          n
          x
          s
          b
          more = n + 1
          \(keep)
      }
      features likeness given (factor: double) {
          scaled = double(profile.n) * factor
          known = profile.s is not null
      }
      service everything {
          clicks.*
          profile.*
          likeness.*
          shop_clicks.* by area, profile.s
      }
      service only_profile {
          profile.*
      }
      service both {
          profile.s
          clicks.*
          profile.n
          profile.s as once_more
      }
      service only_clicks {
          clicks.*
      }
      service worked_out {
          likeness.known
          clicks.*
          profile.x
          likeness.scaled
      }
      service only_worked_out {
          likeness.*
      }
      """
    let checked = compile(TextFiles([TextFile(path: "a.martlet", text: text)]))
    precondition(!checked.findings.contains { $0.severity == .error }, "not sound: \(text)")
    plan = Plan(checked.value.definitions)
  }

  private static let aggregates = [
    "count()", "count(n)", "sum(n where b)", "sum(x)", "avg(n)", "avg(x)", "variance(x)",
    "variance(n)", "stddev(n)", "min(s)", "max(x)", "min(n)", "first(s)", "last(x)", "last(s, 3)",
    "first(n, 2)", "last(x, 2)", "distinct(s)", "distinct(x)", "approx_distinct(n)",
    "approx_quantile(x, 0.5)", "top_k(s, 2)", "top_k(n, 1)", "histogram(s)", "any(b)", "all(b)",
    "last(b)", "time_since_last()", "decayed_sum(x, 2s)",
  ]

  private static func over(using random: inout ReplayNumbers) -> String {
    let windows = ["5us", "12us", "30us", "70us"]
      .shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
    let step = ["", "", " step 4us", " step 5us"].randomElement(using: &random) ?? ""
    return windows.isEmpty ? "" : " over \(windows.joined(separator: ", "))\(step)"
  }
}
