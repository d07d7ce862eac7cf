public import MartletColumns

/// How what is served stands to what is applied and stored, as whoever keeps a server up to date last saw
/// it. For gauges and readiness; no answer depends on it.
public struct ServedCondition: Sendable, Equatable {
  /// The sets that are to be served.
  public var sets: [SetCondition] = []

  /// What the online store takes on the disk.
  public var onlineBytes = 0

  /// Why something newer cannot be served; empty where nothing is in the way.
  public var trouble = ""

  /// One set.
  public struct SetCondition: Sendable, Equatable {
    public var name: String

    /// The version of its data that is online; `nil` while none is.
    public var data: Int?

    /// When it was loaded.
    public var loadedAt: Instant?

    /// When its source was last looked through for new rows.
    public var readAt: Instant?

    /// A set.
    public init(_ name: String, data: Int?, loadedAt: Instant?, readAt: Instant?) {
      self.name = name
      self.data = data
      self.loadedAt = loadedAt
      self.readAt = readAt
    }
  }

  /// Nothing is known yet.
  public init() {}
}

extension ServedCondition {
  /// Why the server should get no requests yet, a sentence each.
  ///
  /// One set of several that has nothing yet is none: it was applied a moment ago, perhaps, and every
  /// server of the project turned away for it would leave nobody to answer about the others.
  var hindrances: [String] {
    var hindrances: [String] = []
    if !sets.isEmpty, sets.allSatisfy({ $0.data == nil }) {
      hindrances.append("nothing is loaded yet; `martlet materialize` does it")
    }
    if !trouble.isEmpty { hindrances.append(trouble) }
    return hindrances
  }

  /// What is measured, as of `now`.
  func gauges(at now: Instant) -> [Gauge] {
    func seconds(_ since: Instant?) -> Double? {
      since.map { Double(now.microseconds - $0.microseconds) / 1e6 }
    }
    func gauges(_ name: String, _ about: String, _ value: (SetCondition) -> Double?) -> [Gauge] {
      sets.compactMap { set in
        value(set).map { Gauge(name, about, labels: [("set", set.name)], value: $0) }
      }
    }
    return gauges(
      "martlet_set_staleness_seconds", "Since a set's source was last looked through for new rows."
    ) { seconds($0.readAt) }
      + gauges("martlet_set_load_age_seconds", "Since a set was loaded online.") {
        seconds($0.loadedAt)
      }
      + gauges("martlet_set_loaded", "Whether anything of a set is online.") {
        $0.data == nil ? 0 : 1
      }
      + gauges("martlet_set_data_version", "The version of a set's data that is online.") {
        $0.data.map { Double($0) }
      }
      + [
        Gauge(
          "martlet_online_bytes", "What the online store takes on the disk.",
          value: Double(onlineBytes))
      ]
  }
}
