import Glibc
import MartletOffline
import Testing

@testable import MartletCommand

struct DescriptorTests {
  @Test func `a full pipe that does not block is waited for`() throws {
    let pipe = try Pipe()
    #expect(fcntl(pipe.writing, F_SETFL, O_NONBLOCK) == 0)
    let sent = [UInt8]((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
    let writing = pipe.writing
    startThread {
      try? Descriptor(number: writing).write(sent.span.bytes)  // what is missing shows below
      close(writing)
    }
    // Compared outside the expectation, which would look for the difference of a million bytes.
    let hasAllArrived = pipe.readToEnd() == sent
    #expect(hasAllArrived)
  }

  @Test func `an output to a pipe that nobody reads is closed`() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = try Pipe()
    close(pipe.reading)
    let output = Output(to: Descriptor(number: pipe.writing))
    try output.line("too late")
    #expect(throws: OutputError.closed) { try output.flush() }
    close(pipe.writing)
  }

  @Test func `talk makes a progress line step aside`() throws {
    let pipe = try Pipe()
    let talk = Talk(to: Descriptor(number: pipe.writing))
    talk.show(.paint("half"))
    talk.say("a word")
    talk.show(.paint("more"))
    talk.show(.clear)
    talk.say("the end")
    close(pipe.writing)
    let text = String(decoding: pipe.readToEnd(), as: UTF8.self)
    #expect(
      text.replacing("\r\u{1B}[K", with: "⌫") == "⌫half⌫a word\nhalf⌫more⌫the end\n")
  }
}

extension DescriptorTests {
  @Test func `work is painted while it goes on, and leaves nothing behind`() throws {
    let pipe = try Pipe()
    let talk = Talk(
      to: Descriptor(number: pipe.writing), progress: .painted(columns: 80))
    talk.showingProgress(of: "pouring", counting: "cups", total: 10) { progress in
      progress.advance(by: 4)
      progress.advance(by: 1)
      // The work is done once someone has seen how far it was.
      #expect(pipe.read(until: "left").contains("pouring: 50%, 5 of 10 cups"))
    }
    close(pipe.writing)
    #expect(String(decoding: pipe.readToEnd(), as: UTF8.self).hasSuffix("\r\u{1B}[K"))
  }
}

private struct Pipe {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    (reading, writing) = (ends[0], ends[1])
    // A program that another test starts meanwhile must not hold on to the ends.
    for end in ends { try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
  }

  func read(until end: String) -> String {
    var text = ""
    var byte: UInt8 = 0
    while !text.hasSuffix(end), Glibc.read(reading, &byte, 1) == 1 {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    }
    return text
  }

  func readToEnd() -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1000)
    while true {
      let count = Glibc.read(reading, &piece, piece.count)
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
  }
}
