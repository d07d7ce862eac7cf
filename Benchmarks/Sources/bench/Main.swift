import Glibc
import Racing
import Workloads

/// Runs the workloads whose names hold one of the words given, or all.
@main
struct Main {
  static func main() {
    do {
      try run(Request(CommandLine.arguments.dropFirst()))
    } catch {
      write("bench: \(error)\n", to: 2)
      exit(2)
    }
  }

  static func run(_ request: Request) throws {
    let chosen = workloads.filter { request.chooses($0.name) }
    guard !chosen.isEmpty else { throw RequestError.noSuchWorkload(request.words) }
    if request.action == .list {
      for workload in chosen { write(workload.name + "\n", to: 1) }
      return
    }

    var failures = 0
    for workload in chosen {
      do {
        let outcome = try workload.run(request.size, rounds: request.rounds)
        write("\(outcome)\n", to: 1)
        try request.keep(outcome)
      } catch {
        failures += 1
        write("\(workload.name): \(error)\n", to: 2)
      }
    }
    if failures > 0 { exit(1) }
  }
}

func write(_ text: String, to descriptor: Int32) {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard written > 0 else { exit(3) }
    rest = rest.dropFirst(written)
  }
}
