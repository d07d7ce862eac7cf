import Testing

@testable import MartletCommand

struct CompletionTests {
  @Test(arguments: [
    ("", "pour cup"), ("p", "pour"), ("x", ""), ("cup ", "wash"), ("spi", ""),
    ("pour --c", "--cups --color"), ("pour --cups ", ""), ("pour --color ", "auto always never"),
    ("pour --color a", "auto always"), ("pour --color=a", "--color=auto --color=always"),
    ("pour --json --j", ""), ("pour --sugar a --su", "--sugar"), ("pour --nonsense=", ""),
    ("pour ", "files"), ("pour a b", "files"), ("pour -- -", "files"),
    ("--project ", "folders"), ("pour --project=x", "folders"),
    ("cup wash ", "files"), ("cup wash a ", ""), ("cup wash a b c", ""),
    ("purr cu", "cup"),
  ])
  func `the next word is offered`(line: String, offered: String) {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let answer =
      switch CompletionRequest(words, of: Tea.command).answer {
      case .files: "files"
      case .folders: "folders"
      case .words(let offers): offers.map(\.word).joined(separator: " ")
      }
    #expect(answer == offered)
  }

  @Test(
    "bash completes", .enabled(if: isInstalled("bash"), "bash is not installed"),
    arguments: [
      ("vers", "version"), ("completions ", "bash zsh fish"), ("version --col", "--color"),
      ("version --color = al", "always"), ("version --color =", "auto always never"),
      ("version --project /et", "/etc"), ("version --project = /et", "/etc"),
    ])
  func bashCompletes(line: String, offered: String) throws {
    let script = """
      source <(martlet completions bash)
      COMP_WORDS=(martlet $1)
      [[ $1 == *" " ]] && COMP_WORDS+=("")
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _martlet martlet
      echo "${COMPREPLY[*]}"
      """
    try expect(["bash", "--norc", "-c", script, "_", line], prints: offered)
  }

  // The widgets need a terminal, so stand-ins for them print what they are given.
  @Test(
    "zsh completes", .enabled(if: isInstalled("zsh"), "zsh is not installed"),
    arguments: [
      ("vers", "version:Print the version of this program."),
      ("completions ", "bash: zsh: fish:"), ("version --color=al", "--color=always:"),
      ("version --project /et", "files -/"),
    ])
  func zshCompletes(line: String, offered: String) throws {
    let script = """
      compdef() { }
      compset() { }
      _files() { print -r -- files "$@" }
      _describe() { print -r -- ${(P)2} }
      source <(martlet completions zsh)
      words=(martlet "${(@s: :)1}")
      CURRENT=$#words
      _martlet
      """
    try expect(["zsh", "-f", "-c", script, "_", line], prints: offered)
  }

  @Test(
    "fish completes", .enabled(if: isInstalled("fish"), "fish is not installed"),
    arguments: [
      ("vers", "version\tPrint the version of this program."),
      ("completions z", "zsh"), ("version --color=al", "--color=always"),
      ("version --project /et", "/etc/\tDirectory"),
      ("version --project=/et", "--project=/etc/\tDirectory"),
    ])
  func fishCompletes(line: String, offered: String) throws {
    let script = "martlet completions fish | source; complete -C $argv[1]"
    try expect(["fish", "--no-config", "-c", script, "martlet \(line)"], prints: offered)
  }

  private func expect(_ words: [String], prints offered: String) throws {
    let run = try RunningProgram(
      words[0], Array(words.dropFirst()),
      environment: ["PATH": "\(builtFolder()):/usr/bin:/bin", "HOME": "/tmp"]
    ).end()
    #expect(run == ProgramRun(exit: 0, output: offered + "\n", talk: ""))
  }
}
