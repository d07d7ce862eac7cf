import MartletDiagnostics
import Testing

@testable import MartletCommand

extension FirstHourTests {
  @Test func `a path at which no file lies is said by plan and apply, and not by check`() throws {
    try inFolder { folder in
      try #require(try martlet("init", folder).exit == 0)
      let project = ["--project", folder]
      let right = try martlet(["plan"] + project)
      #expect(right.exit == 0 && !right.talk.contains("warning"), "\(right)")
      let moved = try RunningProgram(
        "/usr/bin/mv", ["\(folder)/data/orders.csv", "\(folder)/data/old.csv"]
      ).end()
      try #require(moved.exit == 0)
      #expect(try martlet(["check"] + project).talk.contains("orders.csv") == false)
      let said =
        "warning: `orders` has no rows to read: no file is there at `\(folder)/data/orders.csv`"
      let plan = try martlet(["plan"] + project)
      #expect(plan.exit == 0 && plan.talk.contains(said), "\(plan)")
      let json = try JSON(reading: try martlet(["plan", "--json"] + project).output)
      #expect(json.member("empty_places").elements.map { $0.member("source") } == ["orders"])
      let apply = try martlet(["apply", "--yes"] + project)
      #expect(apply.exit == 0 && apply.talk.contains(said), "\(apply)")
      // Nothing has changed since, and nothing is there still.
      #expect(try martlet(["plan"] + project).talk.contains(said))
    }
  }
}
