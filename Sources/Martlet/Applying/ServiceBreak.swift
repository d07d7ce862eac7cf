import MartletColumns
import MartletLanguage

/// Something that whoever calls a service would trip over once definitions are applied.
public struct ServiceBreak: Hashable, Sendable {
  /// The service.
  public let service: String

  /// What becomes of it.
  public let kind: Kind

  /// What it is called: a column of the answer, a key, a given value; empty for the service itself.
  public let name: String

  /// Its type or place before, and afterwards.
  public let before: String?
  public let after: String?

  /// What callers rely on.
  public enum Kind: String, Sendable {
    case serviceRemoved = "service-removed"
    case outputRemoved = "output-removed"
    case outputRetyped = "output-retyped"
    /// A model reads columns by position.
    case outputMoved = "output-moved"
    case keyRemoved = "key-removed"
    case keyAdded = "key-added"
    case keyRetyped = "key-retyped"
    case givenAdded = "given-added"
    case givenRemoved = "given-removed"
    case givenRetyped = "given-retyped"
  }

  /// What breaks for the services of `before`.
  static func all(from before: Definitions, to after: Definitions) -> [ServiceBreak] {
    before.services.flatMap { service in
      guard let now = after.service(service.name) else {
        return [ServiceBreak(service.name, .serviceRemoved)]
      }
      return outputs(of: service, now)
        + inputs(service.name, service.keys, now.keys, .keyAdded, .keyRemoved, .keyRetyped)
        + inputs(service.name, service.given, now.given, .givenAdded, .givenRemoved, .givenRetyped)
    }
  }

  private init(
    _ service: String, _ kind: Kind, _ name: String = "", from before: String? = nil,
    to after: String? = nil
  ) {
    self.service = service
    self.kind = kind
    self.name = name
    self.before = before
    self.after = after
  }

  private static func outputs(of service: Service, _ now: Service) -> [ServiceBreak] {
    var places: [String: Int] = [:]
    for (place, item) in now.items.enumerated() { places[item.output] = place }
    return service.items.enumerated().flatMap { place, item -> [ServiceBreak] in
      guard let newPlace = places[item.output] else {
        return [ServiceBreak(service.name, .outputRemoved, item.output, from: "\(item.type)")]
      }
      var breaks: [ServiceBreak] = []
      let type = now.items[newPlace].type
      if type != item.type {
        breaks.append(
          ServiceBreak(
            service.name, .outputRetyped, item.output, from: "\(item.type)", to: "\(type)"))
      }
      if place != newPlace {
        breaks.append(
          ServiceBreak(
            service.name, .outputMoved, item.output, from: "column \(place + 1)",
            to: "column \(newPlace + 1)"))
      }
      return breaks
    }
  }

  private static func inputs(
    _ service: String, _ before: [Field], _ after: [Field], _ added: Kind, _ removed: Kind,
    _ retyped: Kind
  ) -> [ServiceBreak] {
    before.compactMap { field -> ServiceBreak? in
      guard let now = after.first(where: { $0.name == field.name }) else {
        return ServiceBreak(service, removed, field.name, from: "\(field.type)")
      }
      if now.type == field.type { return nil }
      return ServiceBreak(service, retyped, field.name, from: "\(field.type)", to: "\(now.type)")
    }
      + after.filter { field in !before.contains { $0.name == field.name } }.map {
        ServiceBreak(service, added, $0.name, to: "\($0.type)")
      }
  }
}

extension ServiceBreak: CustomStringConvertible {
  public var description: String {
    let (old, now) = (before ?? "", after ?? "")
    return switch kind {
    case .serviceRemoved: "service \(service) is gone"
    case .outputRemoved: "\(service) no longer gives \(name)"
    case .outputRetyped: "\(service) gives \(name) as \(now), which was \(old)"
    case .outputMoved: "\(service) gives \(name) as \(now), which was \(old)"
    case .keyRemoved: "\(service) no longer takes the key \(name)"
    case .keyAdded: "\(service) asks for the key \(name): \(now)"
    case .keyRetyped: "\(service) takes the key \(name) as \(now), which was \(old)"
    case .givenAdded: "\(service) asks to be given \(name): \(now)"
    case .givenRemoved: "\(service) is no longer given \(name)"
    case .givenRetyped: "\(service) is given \(name) as \(now), which was \(old)"
    }
  }
}
