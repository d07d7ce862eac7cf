@testable import Racing
import Testing
import Workloads

struct WorkloadTests {
  @Test(arguments: workloads.map(\.name))
  func `runs tiny, and all contestants agree`(name: String) throws {
    let workload = try #require(workloads.first { $0.name == name })
    let outcome = try workload.run(.tiny, rounds: 2)
    #expect(outcome.contestants.allSatisfy { $0.laps.count == 2 })
  }

  @Test func `names differ`() {
    #expect(Set(workloads.map(\.name)).count == workloads.count)
  }
}
