import MartletDiagnostics
import Testing

struct NearNameTests {
  @Test(arguments: [
    ("custmer", "customer"), ("Customer", "customer"), ("cusotmer", "customer"),
    ("amout", "amount"), ("ammount", "amount"), ("sun", "sum"), ("risk_teir", "risk_tier"),
  ])
  func `near is suggested`(written: String, meant: String) {
    #expect(
      nearName(to: written, among: ["amount", "customer", "merchant", "risk_tier", "sum"]) == meant)
  }

  @Test(arguments: ["colour", "id", "", "x", "merchandise_value"])
  func `far is not`(written: String) {
    #expect(nearName(to: written, among: ["amount", "customer", "merchant", "y"]) == nil)
  }

  @Test func `of equally near names the first in the alphabet is taken`() {
    #expect(nearName(to: "cat", among: ["rat", "bat", "hat"]) == "bat")
    #expect(nearName(to: "cat", among: ["hat", "bat", "rat"]) == "bat")
  }
}
