import Glibc
import Racing

/// What the command line asked for: `[WORD…] [--tiny] [--rounds N] [--results FILE] [--list]`.
struct Request {
  enum Action { case race, list }

  private(set) var action = Action.race
  private(set) var size = Workload.Size.full
  private(set) var rounds = 7
  private(set) var words: [String] = []
  private var results: String?

  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--list": action = .list
      case "--tiny": (size, rounds) = (.tiny, 1)
      case "--rounds":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else {
          throw RequestError.needsValue(argument)
        }
        rounds = value
      case "--results":
        guard let value = rest.popFirst() else { throw RequestError.needsValue(argument) }
        results = value
      case _ where argument.hasPrefix("-"): throw RequestError.unknownOption(argument)
      default: words.append(argument)
      }
    }
  }

  func chooses(_ name: String) -> Bool {
    words.isEmpty || words.contains { name.contains($0) }
  }

  /// Appends the raw laps to the results file, if one was named.
  func keep(_ outcome: Outcome) throws {
    guard let results else { return }
    let file = open(results, O_WRONLY | O_APPEND | O_CREAT, 0o644)
    guard file >= 0 else { throw RequestError.cannotWrite(results) }
    defer { close(file) }
    for line in outcome.jsonLines { write(line + "\n", to: file) }
  }
}

enum RequestError: Error, CustomStringConvertible {
  case cannotWrite(String)
  case needsValue(String)
  case noSuchWorkload([String])
  case unknownOption(String)

  var description: String {
    switch self {
    case .cannotWrite(let file): "cannot write \(file)"
    case .needsValue(let option): "\(option) needs a value"
    case .noSuchWorkload(let words): "no workload has \(words) in its name; --list shows all"
    case .unknownOption(let option): "no option is called \(option)"
    }
  }
}
