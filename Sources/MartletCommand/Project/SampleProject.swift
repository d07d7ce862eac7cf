import MartletColumns

/// A small shop with thirty days of orders, for whoever begins without data.
///
/// Its rows are the same every time but for their times, which lie in the last days before it is
/// made, so that what is served now has something to say. No order lies in the last three hours of
/// a whole number of days back: what windows of days give does not change while somebody tries it.
struct SampleProject {
  /// A file, and where it belongs in the project's folder.
  struct File {
    var path: String
    var text: String
  }

  /// All of it.
  let files: [File]

  /// What its definitions call the feature set and the service that its first commands name.
  static let (set, service) = ("spending", "checkout")

  /// The shop as it looks at `moment`.
  init(asOf moment: Instant) {
    let minute = Moments.microsecondsPerMinute
    let moments = Moments(now: Instant(microseconds: moment.microseconds / minute * minute))
    files = [
      File(path: "featuredefs/shop.martlet", text: Self.definitions),
      File(path: "data/orders.csv", text: Self.orders(moments)),
      File(path: "data/customers.jsonl", text: Self.customers(moments)),
      File(path: "data/labels.csv", text: Self.labels(moments)),
      File(path: "data/late-orders.jsonl", text: Self.lateOrders(moments)),
    ]
  }

  /// The commands that a first session is made of, in the project's folder.
  static let firstCommands = [
    "martlet apply --yes",
    "martlet materialize",
    "martlet train checkout --spine data/labels.csv --out train.parquet",
    "martlet get checkout customer_id=c1 --given amount=80",
  ]

  /// Times, told by how long ago they were.
  private struct Moments {
    static let microsecondsPerMinute: Int64 = 60_000_000
    var now: Instant

    /// The moment so many minutes ago, as files write it.
    func ago(days: Int = 0, minutes: Int) -> String {
      let back = Int64(days * 1_440 + minutes) * Self.microsecondsPerMinute
      return Instant(microseconds: now.microseconds - back).description
    }
  }

  /// Fourteen orders a day, of twenty customers.
  private static func orders(_ moments: Moments) -> String {
    var text = "order_id,customer_id,amount,status,ordered_at\n"
    let (days, ordersPerDay) = (30, 14)
    for number in 0..<days * ordersPerDay {
      let (day, place) = (
        days - 1 - number / ordersPerDay, ordersPerDay - 1 - number % ordersPerDay
      )
      let customer = (days * ordersPerDay - 1 - number) * 7_919 % 997 % 20 + 1
      let status = number % 9 == 4 ? "returned" : "paid"
      let time = moments.ago(days: day, minutes: 10 + place * 89 + day * place % 60)
      text += "\(number + 1),c\(customer),\(amount(number)),\(status),\(time)\n"
    }
    return text
  }

  /// What is on file about them; every third has moved since.
  private static func customers(_ moments: Moments) -> String {
    let countries = ["DE", "FR", "PL", "PT"]
    var text = ""
    for number in 1...20 {
      let first = moments.ago(days: 90 - number, minutes: 0)
      let home = countries[number % countries.count]
      text += #"{"customer_id":"c\#(number)","country":"\#(home)","updated_at":"\#(first)"}"# + "\n"
      guard number % 3 == 0 else { continue }
      let (moved, next) = (moments.ago(days: number, minutes: 30), countries[(number + 1) % 4])
      text += #"{"customer_id":"c\#(number)","country":"\#(next)","updated_at":"\#(moved)"}"# + "\n"
    }
    return text
  }

  /// Sixty baskets of the past, and whether they came back.
  private static func labels(_ moments: Moments) -> String {
    var text = "customer_id,event_time,amount,came_back\n"
    for number in 0..<60 {
      let customer = number * 37 % 20 + 1
      let time = moments.ago(days: 20 - number / 3, minutes: number % 3 * 400)
      text += "c\(customer),\(time),\(amount(number * 11)),\(number % 7 == 3)\n"
    }
    return text
  }

  /// Two orders of the last minutes, which no file of the source has.
  private static func lateOrders(_ moments: Moments) -> String {
    var text = ""
    for (number, cents) in [(421, "80.00"), (422, "12.50")] {
      let time = moments.ago(minutes: 423 - number)
      text +=
        #"{"order_id":\#(number),"customer_id":"c1","amount":\#(cents),"#
        + #""status":"paid","ordered_at":"\#(time)"}"# + "\n"
    }
    return text
  }

  /// From 5.00 to 94.75, spread evenly, in quarters, whose sums are short.
  private static func amount(_ number: Int) -> String {
    let cents = (number * 373 + 17) % 360 * 25 + 500
    return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
  }

  private static let definitions = """
    # Who orders.
    entity customer(customer_id: string)

    # Things that happen. A feature at time t sees those strictly before t.
    events orders {
        from "data/orders.csv"
        at   ordered_at
        id   order_id

        order_id:    int
        customer_id: string
        amount:      double
        status:      string
        ordered_at:  time

        expect amount >= 0.0 or drop
    }

    # Things that hold until the next row of the same customer.
    states customers {
        from "data/customers.jsonl"
        at   updated_at

        customer_id: string
        country:     string
        updated_at:  time
    }

    features spending of customer from orders {
        where status == "paid"

        spend   = sum(amount) over 1d, 7d, 30d
        orders  = count()     over 7d
        largest = max(amount) over 30d

        every 1h
        about "How much a customer spends, and how often."
    }

    features profile of customer from customers {
        country

        about "What is on file about a customer."
    }

    # Worked out when asked, from what the caller gives.
    features basket given (amount: double) {
        share = amount / nullif(spending.spend_7d, 0.0)

        about "How large this basket is for its customer."
    }

    # What a model reads.
    service checkout {
        spending.*
        profile.country
        basket.share as basket_share
    }

    """
}
