import Glibc
import Testing

@testable import MartletOffline

/// A lock's file tells who has it, whatever somebody else wrote there.
struct LockHolderTests {
  @Test(arguments: [
    "", "\n", "\n\n\n", " ", "x", "12", "-4 martlet", "99999999999 martlet", "\u{FFFD}\r\n \n",
  ])
  func `what is no holder names nobody`(text: String) throws {
    let path = "/tmp/martlet-lock-holder-\(getpid())-\(text.hashValue)"
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
    defer { unlink(path) }
    #expect(LockHolder(readFrom: path) == nil)
  }

  @Test func `a process that runs is named with its command`() throws {
    let path = "/tmp/martlet-lock-holder-\(getpid())"
    let file = try #require(fopen(path, "w"))
    fputs("\(getpid()) martlet serve\n", file)
    fclose(file)
    defer { unlink(path) }
    #expect(LockHolder(readFrom: path)?.description == "`martlet serve`, process \(getpid())")
  }
}
