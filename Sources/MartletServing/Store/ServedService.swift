public import MartletColumns
import MartletDiagnostics

/// A service as callers see it: what they name, what they give, what they get.
public struct ServedService: Sendable {
  public let name: String

  /// The keys that callers name.
  public let keys: [Field]

  /// What callers give.
  public let given: [Field]

  /// What is answered, in order.
  public let outputs: [Output]

  /// A column of the answer.
  public struct Output: Sendable {
    public let field: Field

    /// The feature set that it comes from.
    public let set: String

    /// The feature's own name there.
    public let feature: String

    /// The name as JSON, ready to be copied: `"spend_1h":[`.
    let opening: [UInt8]

    public init(_ field: Field, set: String, feature: String) {
      self.field = field
      self.set = set
      self.feature = feature
      opening = Array(JSON.string(field.name).text.utf8) + Array(":[".utf8)
    }
  }

  public init(name: String, keys: [Field], given: [Field], outputs: [Output]) {
    self.name = name
    self.keys = keys
    self.given = given
    self.outputs = outputs
  }
}
