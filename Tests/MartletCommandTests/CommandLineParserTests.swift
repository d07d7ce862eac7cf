import Testing

@testable import MartletCommand

/// Words on the left, what the command is told on the right.
struct CommandLineParserTests {
  @Test(arguments: [
    ("pour", "cups=1 milk=- sugar= hot=false into="),
    ("pour red.cup", "cups=1 milk=- sugar= hot=false into=red.cup"),
    ("pour a b c", "cups=1 milk=- sugar= hot=false into=a,b,c"),
    ("pour --cups 3", "cups=3 milk=- sugar= hot=false into="),
    ("pour --cups=3", "cups=3 milk=- sugar= hot=false into="),
    ("pour -c 3", "cups=3 milk=- sugar= hot=false into="),
    ("pour -c3", "cups=3 milk=- sugar= hot=false into="),
    ("pour -c=3", "cups=3 milk=- sugar= hot=false into="),
    ("pour --cups -3", "cups=-3 milk=- sugar= hot=false into="),
    ("pour -5", "cups=1 milk=- sugar= hot=false into=-5"),
    ("pour -", "cups=1 milk=- sugar= hot=false into=-"),
    ("pour --milk oat", "cups=1 milk=oat sugar= hot=false into="),
    ("pour --sugar a --sugar b", "cups=1 milk=- sugar=a,b hot=false into="),
    ("pour --sugar=a=b", "cups=1 milk=- sugar=a=b hot=false into="),
    ("pour --sugar=", "cups=1 milk=- sugar= hot=false into="),
    ("pour --sugar=--odd", "cups=1 milk=- sugar=--odd hot=false into="),
    ("pour --hot", "cups=1 milk=- sugar= hot=true into="),
    ("pour -H -H", "cups=1 milk=- sugar= hot=true into="),
    ("pour -Hc2 x", "cups=2 milk=- sugar= hot=true into=x"),
    ("pour x --cups 2 y", "cups=2 milk=- sugar= hot=false into=x,y"),
    ("pour -- --cups -h", "cups=1 milk=- sugar= hot=false into=--cups,-h"),
    ("--json pour --color never", "cups=1 milk=- sugar= hot=false into="),
  ])
  func `words become values`(line: String, told: String) throws {
    guard case .run(_, _, let values) = try parse(line) else {
      Issue.record("`\(line)` does not run")
      return
    }
    let into = values[Tea.into].joined(separator: ",")
    let sugar = values[Tea.sugar].joined(separator: ",")
    let milk = values[Tea.milk] ?? "-"
    #expect(
      "cups=\(values[Tea.cups]) milk=\(milk) sugar=\(sugar) hot=\(values[Tea.hot]) into=\(into)"
        == told)
  }

  @Test(arguments: [
    ("purr", "tea: there is no command `purr`"),
    ("pour --cup 3", "tea pour: there is no flag `--cup`"),
    ("pour -x", "tea pour: there is no flag `-x`"),
    ("pour -Hx", "tea pour: there is no flag `-x`"),
    ("pour --", nil),
    ("pour --cups", "tea pour: `--cups` needs a value"),
    ("pour --cups --hot", "tea pour: `--cups` needs a value"),
    ("pour --cups many", "tea pour: `--cups` takes a whole number, not `many`"),
    (
      "pour --cups 9223372036854775808",
      "tea pour: `--cups` takes a whole number, not `9223372036854775808`"
    ),
    ("pour --hot=yes", "tea pour: `--hot` takes no value"),
    ("pour -H=yes", "tea pour: `--hot` takes no value"),
    ("pour --cups 1 --cups 2", "tea pour: `--cups` is given more than once"),
    (
      "pour --color green",
      "tea pour: `--color` takes one of `auto`, `always`, `never`, not `green`"
    ),
    ("cup wash", "tea cup wash: `--soap N` is missing"),
    ("cup wash --soap 3", "tea cup wash: `CUP` is missing"),
    (
      "cup wash --soap 10 a",
      "tea cup wash: `--soap` takes a whole number from 1 to 9, not `10`"
    ),
    ("cup wash --soap 3 a", nil),
    ("cup wash --soap 3 a b", nil),
    ("cup wash --soap 3 a b c", "tea cup wash: `c` is one word too many"),
    ("cup wsh", "tea cup: there is no command `wsh`"),
  ])
  func `what cannot be understood is refused with the reason`(line: String, refusal: String?) {
    #expect(self.refusal(of: line) == refusal)
  }

  @Test(arguments: [
    ("--help", "help tea"), ("-h", "help tea"), ("cup --help", "help tea cup"),
    ("cup wash -h", "help tea cup wash"), ("pour --cups 3 --help", "help tea pour"),
    ("pour --help --cups", "help tea pour"), ("pour -- --help", "run tea pour"),
    ("", "incomplete tea"), ("cup", "incomplete tea cup"), ("--json", "incomplete tea"),
  ])
  func `help is for the command that was named`(line: String, asked: String) throws {
    let request =
      switch try parse(line) {
      case .help(let path): "help \(path.spelled)"
      case .run(let path, _, _): "run \(path.spelled)"
      case .incomplete(let path): "incomplete \(path.spelled)"
      }
    #expect(request == asked)
  }

  @Test(arguments: [
    ("0", 0), ("4096", 4096), ("1B", 1), ("64KB", 64_000), ("64kib", 65_536),
    ("512MB", 512_000_000), ("2GiB", 2_147_483_648), ("1TB", 1_000_000_000_000),
    ("8388607TiB", 9_223_370_937_343_148_032),
    ("", nil), ("MB", nil), ("-1", nil), ("1.5GB", nil), ("1 GB", nil), ("1XB", nil),
    ("8388608TiB", nil), ("99999999999999999999", nil), ("١", nil),
  ])
  func `sizes are read as disks and memory are counted`(text: String, bytes: Int?) {
    #expect((try? ValueKind.size.read(text)) == bytes)
  }

  private func parse(_ line: String) throws(CommandError) -> Request {
    try CommandLineParser(root: Tea.command).parse(line.split(separator: " ").map(String.init))
  }

  private func refusal(of line: String) -> String? {
    do throws(CommandError) {
      _ = try parse(line)
      return nil
    } catch {
      #expect(error.exit == .wrongUsage)
      return "\(error.attempt): \(error.reason)"
    }
  }
}
