import MartletReference

/// Sets of events and of states with and without ids, late rows, deletes and expiry, and features of every kind.
let joinDefinitions = """
  entity user(name: string)
  events taps {
      from "taps.parquet"
      at at_time
      known seen_time
      id tap
      name: string
      at_time: time
      seen_time: time
      tap: int
      n: int
      x: double
      s: string
      b: bool
  }
  states facts {
      from "facts.parquet"
      at at_time
      known seen_time
      deleted when gone
      name: string
      at_time: time
      seen_time: time
      gone: bool
      n: int
      x: double
      s: string
      b: bool
  }
  events visits {
      from "visits.parquet"
      at at_time
      name: string
      at_time: time
      n: int
      x: double
      s: string
      b: bool
  }
  events calls {
      from "calls.parquet"
      at at_time
      known seen_time
      name: string
      at_time: time
      seen_time: time
      x: double
  }
  events tellings {
      from "tellings.parquet"
      at at_time
      id tap
      name: string
      at_time: time
      tap: int
      x: double
  }
  states moods {
      from "moods.parquet"
      at at_time
      deleted when gone
      name: string
      at_time: time
      gone: bool
      x: double
      s: string
  }
  features newest of user from visits {
      x_newest = last(x)
      n_newest = last(n where b)
      s_last = last(s, 3) over 12us
      x_sum = sum(x) over 5us
      x_last = last(x) over 5us
  }
  features told of user from tellings {
      x_newest = last(x)
      taps = count() over 5us step 4us
  }
  features heard of user from calls {
      x_newest = last(x)
      taps = count() over 5us step 4us
  }
  features stepped of user from visits {
      taps = count() over 12us step 4us
  }
  features recent of user from visits {
      taps = count() over 5us step 4us
      x_max = max(x) over 12us
      x_b = avg(x where b) over 12us
  }
  features whole of user from visits {
      n_count = count(n)
      x_newest = last(x)
      any_b = any(b) over 5us
  }
  features mood of user from moods {
      x
      s
      keep 9us
  }
  features clicks of user from taps {
      taps = count() over 5us, 12us step 4us
      n_count = count(n)
      n_sum = sum(n where b) over 5us
      n_avg = avg(n) over 5us, 12us step 4us
      n_variance = variance(n) over 12us
      x_sum = sum(x) over 5us
      x_avg = avg(x) over 5us
      x_max = max(x) over 12us
      x_last = last(x) over 5us
      s_min = min(s) over 12us
      s_first = first(s) over 5us
      s_last = last(s, 3) over 12us
      s_kinds = distinct(s) over 12us
      s_about = approx_distinct(s where b) over 12us
      s_top = top_k(s, 2) over 12us
      s_counts = histogram(s) over 12us
      any_b = any(b) over 5us
      all_b = all(b) over 5us
      b_last = last(b) over 12us
      quiet = time_since_last() over 12us
  }
  features profile of user from facts {
      n
      x
      s
      b
      keep 9us
  }
  """

/// What a feature answers about an entity at a moment, by the reference.
typealias Wanted = (ReferenceEntity, Int64) -> ReferenceAnswer

extension ReferenceWindow {
  static let short = ReferenceWindow(length: 5)
  static let long = ReferenceWindow(length: 12)
  static let stepped = ReferenceWindow(length: 12, step: 4)
  static let steppedShort = ReferenceWindow(length: 5, step: 4)
  static let always = ReferenceWindow(length: nil)
}

/// What each feature of `joinDefinitions` is to answer.
nonisolated(unsafe) let wantedAnswers: [String: Wanted] = [
  "x_newest": { $0.answer("last", "x", in: .always, at: $1) },
  "n_newest": { $0.answer("last", "n", where: "b", in: .always, at: $1) },
  "taps_5us": { $0.answer("count", nil, in: .steppedShort, at: $1) },
  "taps_12us": { $0.answer("count", nil, in: .stepped, at: $1) },
  "n_count": { $0.answer("count", "n", in: .always, at: $1) },
  "n_sum_5us": { $0.answer("sum", "n", where: "b", in: .short, at: $1) },
  "n_avg_5us": { $0.answer("avg", "n", in: .steppedShort, at: $1) },
  "n_avg_12us": { $0.answer("avg", "n", in: .stepped, at: $1) },
  "n_variance_12us": { $0.answer("variance", "n", in: .long, at: $1) },
  "x_sum_5us": { $0.answer("sum", "x", in: .short, at: $1) },
  "x_avg_5us": { $0.answer("avg", "x", in: .short, at: $1) },
  "x_b_12us": { $0.answer("avg", "x", where: "b", in: .long, at: $1) },
  "x_max_12us": { $0.answer("max", "x", in: .long, at: $1) },
  "x_last_5us": { $0.answer("last", "x", in: .short, at: $1) },
  "s_min_12us": { $0.answer("min", "s", in: .long, at: $1) },
  "s_first_5us": { $0.answer("first", "s", in: .short, at: $1) },
  "s_last_12us": { $0.answer("last_k", "s", 3, in: .long, at: $1) },
  "s_kinds_12us": { $0.answer("distinct", "s", in: .long, at: $1) },
  "s_about_12us": { $0.answer("approx_distinct", "s", where: "b", in: .long, at: $1) },
  "s_top_12us": { $0.answer("top_k", "s", 2, in: .long, at: $1) },
  "s_counts_12us": { $0.answer("histogram", "s", in: .long, at: $1) },
  "any_b_5us": { $0.answer("any", "b", in: .short, at: $1) },
  "all_b_5us": { $0.answer("all", "b", in: .short, at: $1) },
  "b_last_12us": { $0.answer("last", "b", in: .long, at: $1) },
  "quiet_12us": { $0.answer("since", nil, in: .long, at: $1) },
]

extension ReferenceEntity {
  /// Nobody.
  static let nobody = ReferenceEntity("", in: [], comparing: [])
}
