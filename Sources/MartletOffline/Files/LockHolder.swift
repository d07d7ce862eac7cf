import Glibc

/// Who has a lock: what its file says, for people. The lock itself is the system's, and whether someone
/// has it is never read from here.
public struct LockHolder: Sendable, Equatable, CustomStringConvertible {
  /// The process.
  public let process: Int32

  /// The first words of its command: `martlet serve`.
  public let command: String

  public var description: String { "`\(command)`, process \(process)" }

  /// This process.
  static var current: LockHolder {
    let words = CommandLine.arguments.prefix(2).enumerated().map { place, word in
      place == 0 ? String(word.split(separator: "/").last ?? "") : word
    }
    // Further words are nobody's business, nor is a second one that is no command.
    let isCommand = words.count == 2 && words[1].allSatisfy { $0.isASCII && $0.isLetter }
    return LockHolder(
      process: getpid(),
      command: (isCommand ? words : Array(words.prefix(1))).joined(separator: " "))
  }

  init(process: Int32, command: String) {
    self.process = process
    self.command = command
  }

  /// What the file at `path` says; `nil` where it says nothing, or of a process that is gone.
  init?(readFrom path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    let line = text.prefix { !$0.isNewline }
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let process = Int32(parts[0]), process > 0,
      kill(process, 0) == 0 || errno == EPERM
    else { return nil }
    self.init(
      process: process, command: String(parts[1].filter { $0.isASCII && !$0.isNewline }))
  }

  /// Writes it down. That it could not be written keeps nobody from working: then nobody is named.
  func write(to descriptor: Int32) {
    let text = Array("\(process) \(command.prefix(200))\n".utf8)
    guard ftruncate(descriptor, 0) == 0 else { return }
    text.withUnsafeBytes { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}
