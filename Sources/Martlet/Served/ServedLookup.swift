public import MartletAggregates
public import MartletColumns

/// What a server answered about one entity, kept so that it can be built again offline.
public struct ServedLookup: Sendable {
  /// When it was asked, by the server's clock.
  public var askedAt: Instant

  /// The moment that it was asked about, which is nearly always the same.
  public var at: Instant
  public var keys: [Value]
  public var given: [Value]

  /// A value and a status for each of the service's outputs.
  public var values: [Value]
  public var statuses: [ValueStatus]

  /// A lookup and its answer.
  public init(
    askedAt: Instant, at: Instant, keys: [Value], given: [Value], values: [Value],
    statuses: [ValueStatus]
  ) {
    self.askedAt = askedAt
    self.at = at
    self.keys = keys
    self.given = given
    self.values = values
    self.statuses = statuses
  }
}

/// What the lookups of one service by one version of the definitions have in common.
public struct LookupShape: Hashable, Sendable {
  public var service: String

  /// The version's number.
  public var version: String
  public var keys: [Field]
  public var given: [Field]
  public var outputs: [Field]

  /// The shape of a service's lookups.
  public init(
    service: String, version: String, keys: [Field], given: [Field], outputs: [Field]
  ) {
    self.service = service
    self.version = version
    self.keys = keys
    self.given = given
    self.outputs = outputs
  }

  /// The columns of a file of lookups:
  ///
  ///     asked_at │ at │ key.customer_id │ given.amount │ feature.spend_1h … │ statuses
  ///                                                        a letter for each feature ┘
  var schema: Schema? {
    Schema(
      [Field("asked_at", .time), Field("at", .time)]
        + keys.map { Field("key.\($0.name)", $0.type) }
        + given.map { Field("given.\($0.name)", $0.type) }
        + outputs.map { Field("feature.\($0.name)", $0.type) } + [Field("statuses", .string)])
  }
}
