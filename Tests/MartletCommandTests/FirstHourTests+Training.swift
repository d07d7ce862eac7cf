import Glibc
import Testing

@testable import MartletCommand

extension FirstHourTests {
  @Test func `a label that is the same in every row is said to be`() throws {
    try inSample { folder in
      let spine = "\(folder)/spine.csv"
      let file = try #require(fopen(spine, "w"))
      fputs("customer_id,event_time,amount,none,one,two\n", file)
      for row in 1...60 { fputs("c\(row % 9),2026-10-01,\(row).5,,1,\(row % 2)\n", file) }
      fclose(file)
      func talk(of label: String) throws -> String {
        let run = try martlet(
          "train", "checkout", "--draft", "--project", folder, "--spine", spine, "--out",
          "\(folder)/t.parquet", "--label", label)
        #expect(run.exit == 0, "\(run)")
        return run.talk
      }
      #expect(try talk(of: "none").contains("warning: `none` is null in every row"))
      #expect(try talk(of: "one").contains("warning: `one` is `1` in every row that has one"))
      #expect(try !talk(of: "two").contains("every row"))
    }
  }

  private static let shares: [(Double, String)] = [
    (0, "0.0 %"), (1e-6, "<0.1 %"), (0.0004, "<0.1 %"), (0.0006, "0.1 %"), (0.5, "50.0 %"),
    (0.9994, "99.9 %"), (0.99999, ">99.9 %"), (1, "100.0 %"),
  ]

  @Test func `what is not none is not shown as none, nor what is not all as all`() {
    for (share, shown) in Self.shares { #expect(share.inTenthsOfPercent == shown) }
    #expect(0.001.asPercent == "<1 %" && 0.999.asPercent == ">99 %" && 0.0.asPercent == "0 %")
  }

  private static let numbers: [(Double, Int, String)] = [
    (1_234_567.891234, 6, "1.23457e+06"), (1_234_567.891234, 3, "1.23e+06"),
    (0.0000123456789, 4, "1.235e-05"), (-9_999_999.9, 3, "-1e+07"), (1e300, 6, "1e+300"),
    (.leastNonzeroMagnitude, 3, "4.94e-324"), (41.92424242, 3, "41.9"), (1e6, 6, "1e+06"),
  ]

  @Test func `large and small numbers have no more digits than others`() {
    for (number, digits, shown) in Self.numbers { #expect(number.inDigits(digits) == shown) }
  }
}
