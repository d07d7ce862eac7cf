public import Martlet
import MartletColumns
import MartletDiagnostics
import MartletOnline
import MartletPlan
import MartletRegistry

/// What a project knows of itself beyond its online store: where values come from, and what leans on what.
///
/// The registry is opened for each question. These are asked by people, and rarely; a registry belongs to
/// one thread at a time.
public struct ProjectRecords: Sendable {
  private let project: Project
  private let online: OnlineData
  private let version: Int

  /// The most rows that an explanation tells of; the newest.
  private static let rowLimit = 1_000

  /// What is recorded of `project` by version `version` of its definitions, whose online store is open.
  public init(_ project: Project, _ online: OnlineData, version: Int) {
    self.project = project
    self.online = online
    self.version = version
  }

  /// The rows, tiles and files behind one output of a service about one entity.
  func explanation(
    of output: Int, _ plan: ServicePlan, for question: FeatureQuestion
  ) throws(StoreRefusal) -> JSON {
    var caller: [String: Value] = [:]
    let service = question.service
    for (field, column) in zip(service.keys + service.given, question.keys + question.given) {
      caller[field.name] = column[0]
    }
    let explanation = try refusing { registry in
      try Explanation(
        output, of: plan, caller: caller, at: question.at, project, registry, online: online)
    }
    guard case .object(let members) = explanation.json(limit: Self.rowLimit) else { return .null }
    return .object(
      [
        JSON.Member("service", .string(plan.name)), JSON.Member("version", .string("\(version)")),
        JSON.Member("at", .string("\(question.at)")),
      ] + members)
  }

  /// What the thing called `name` is made from, and what is made from it; `nil` where nothing is called so.
  func lineage(of name: String) throws(StoreRefusal) -> JSON? {
    let view = try refusing { registry in try LineageView(of: name, in: version, registry) }
    return view?.json(LineageDirection.allCases, version: version)
  }

  private func refusing<Result>(
    _ body: (Registry) throws -> Result
  ) throws(StoreRefusal) -> Result {
    do {
      return try body(Registry(at: "\(project.store)/registry.sqlite"))
    } catch let error as OnlineError {
      throw StoreRefusal(error)
    } catch let error as RegistryError where error.reason == .busy {
      throw StoreRefusal(.unavailable, error.description)
    } catch {
      throw StoreRefusal(.failed, "\(error)")
    }
  }
}
