import Glibc
import MartletDiagnostics
import MartletOffline
import MartletOnline

extension Command {
  /// `martlet selftest`
  static let selftest = Command(
    "selftest", "Try on this machine that serving answers what training does.",
    about: """
      Makes up definitions and rows, brings the rows to an online store in random batches, with loads, \
      restarts and compactions between, asks it about random moments, and compares values and statuses \
      with the point-in-time join that training uses, to the last bit. Nothing of a project is read or \
      written. Exits with 1 where something differs, and shows it with the `--seed` that brings it again.
      """,
    flags: [comparisons, seed, folder],
    examples: [
      Example("martlet selftest"),
      Example("martlet selftest --comparisons 1000000 --seed 7", "A long one, of other histories:"),
    ],
    run: testItself)
}

private let comparisons = Flag.value(
  "comparisons", short: "n", .int(in: 1...1_000_000_000), default: 20_000,
  "Compare at least so many values.")
private let seed = Flag.value(
  "seed", .int(in: 0...Int.max), default: 0, "Begin with the history of this number.")
private let folder = Flag.value(
  "in", .text("DIR"), default: "/tmp", "Put the stores on the disk of this folder.")

private func testItself(_ invocation: Invocation) throws -> ExitCode {
  var test = SelfTest(seed: UInt64(invocation[seed]))
  let parent = "\(invocation[folder])/martlet-selftest-\(getpid())"
  func make(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 else {
      throw CommandError.failed("making `\(path)`", SystemError.last.reason)
    }
  }
  try make(parent)
  defer { rmdir(parent) }
  while test.comparisonCount < invocation[comparisons], test.mismatches.isEmpty {
    try invocation.interruption.check()
    let place = "\(parent)/\(test.replayCount)"
    try make(place)
    defer {
      removeFolder("\(place)/online")
      removeFolder(place)
    }
    try withProjectErrors { try test.replay(in: place) }
  }
  switch invocation.form {
  case .json: try invocation.output.line(test.json.text)
  case .text: for line in test.lines { try invocation.output.line(line) }
  }
  return test.mismatches.isEmpty ? .done : .no
}

/// Removes a folder of files and what is in it.
private func removeFolder(_ path: String) {
  guard let stream = opendir(path) else { return }
  while let entry = readdir(stream) { unlinkat(dirfd(stream), &entry.pointee.d_name.0, 0) }
  closedir(stream)
  rmdir(path)
}

extension SelfTest {
  fileprivate var lines: [String] {
    var lines = [
      "\(count(comparisonCount, "value")) of \(count(replayCount, "store")) compared with training: "
        + (mismatches.isEmpty ? "the same, to the last bit" : "\(mismatches.count) not the same")
    ]
    for (seed, mismatch) in mismatches.prefix(10) {
      lines.append("  \(mismatch.feature), seed \(seed): \(mismatch.question)")
      lines.append("    training: \(mismatch.training)")
      lines.append("    online:   \(mismatch.online)")
    }
    return lines
  }

  fileprivate var json: JSON {
    [
      "comparisons": .count(comparisonCount), "stores": .count(replayCount),
      "mismatches": .array(
        mismatches.map { seed, mismatch in
          [
            "seed": .count(Int(clamping: seed)), "feature": .string(mismatch.feature),
            "question": .string(mismatch.question), "training": .string(mismatch.training),
            "online": .string(mismatch.online),
          ]
        }),
    ]
  }
}
