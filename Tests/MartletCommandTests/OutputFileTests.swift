import Glibc
import MartletOffline
import Testing

@testable import MartletCommand

struct OutputFileTests {
  @Test func `a file appears at its commit`() throws {
    try inFolder { folder in
      let file = try OutputFile(at: "\(folder)/new.txt")
      try file.write("whole")
      #expect(!names(in: folder).contains("new.txt"))
      try file.commit()
      #expect(names(in: folder) == ["new.txt"])
      #expect(try text(ofFile: "\(folder)/new.txt") == "whole")
    }
  }

  @Test func `what stood there before stays until the commit`() throws {
    try inFolder { folder in
      try put("old", at: "\(folder)/kept.txt")
      let file = try OutputFile(at: "\(folder)/kept.txt")
      try file.write("new")
      #expect(try text(ofFile: "\(folder)/kept.txt") == "old")
      try file.commit()
      #expect(try text(ofFile: "\(folder)/kept.txt") == "new")
    }
  }

  @Test func `an error on the way leaves nothing`() throws {
    try inFolder { folder in
      let interruption = Interruption()
      interruption.request()
      #expect(throws: Interrupted.self) {
        let file = try OutputFile(at: "\(folder)/half.txt")
        try file.write("half")
        try interruption.check()
        try file.commit()
      }
      #expect(names(in: folder) == [])
    }
  }

  @Test func `the hurried end removes what is unfinished`() throws {
    try inFolder { folder in
      let unfinished = UnfinishedFiles()
      let file = try OutputFile(at: "\(folder)/half.txt", listedIn: unfinished)
      #expect(names(in: folder).count == 1)
      unfinished.removeAll()
      #expect(names(in: folder) == [])
      file.abandon()
    }
  }

  @Test func `the file behind a symbolic link is replaced, not the link`() throws {
    try inFolder { folder in
      try put("old", at: "\(folder)/real.txt")
      symlink("real.txt", "\(folder)/link.txt")
      try put("new", through: "\(folder)/link.txt")
      #expect(names(in: folder) == ["link.txt", "real.txt"])
      #expect(try text(ofFile: "\(folder)/real.txt") == "new")
    }
  }

  @Test func `what is no regular file is written as it is`() throws {
    try put("gone", through: "/dev/null")
    var facts = stat()
    #expect(stat("/dev/null", &facts) == 0 && facts.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func `a folder that is not there is refused`() {
    #expect(throws: SystemError(code: ENOENT)) {
      try OutputFile(at: "/tmp/martlet-nowhere/deep/file.txt")
    }
  }

  @Test func `a folder's own name is refused`() throws {
    try inFolder { folder in
      #expect(throws: SystemError(code: EISDIR)) { try OutputFile(at: folder) }
    }
  }

  private func put(_ text: String, through path: String) throws {
    let file = try OutputFile(at: path)
    try file.write(text)
    try file.commit()
  }

  private func put(_ text: String, at path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try Descriptor(number: descriptor).write(text.utf8Span.span.bytes)
  }

  /// Runs `body` in a new folder and removes it with all that is in it.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer {
      for name in names(in: folder) { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try body(folder)
  }
}

/// The names in a folder, sorted; hidden ones too.
private func names(in folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

extension OutputFile {
  fileprivate func write(_ text: String) throws { try write(text.utf8Span.span.bytes) }
}
