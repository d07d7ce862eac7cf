import Glibc
import Testing

@testable import MartletCommand

/// The built program, from outside.
struct ProgramTests {
  @Test func `the version goes to standard output`() throws {
    let run = try martlet("version")
    #expect(run == ProgramRun(exit: 0, output: "martlet \(martletVersion)\n", talk: ""))
  }

  @Test func `the version can be asked for in JSON`() throws {
    let run = try martlet("version", "--json")
    #expect(run.output == "{\"version\":\"\(martletVersion)\"}\n")
  }

  @Test func `a slip of the finger is wrong usage, and a near name is suggested`() throws {
    let run = try martlet("vesrion")
    #expect(
      run
        == ProgramRun(
          exit: 2, output: "",
          talk: """
            error: martlet: there is no command `vesrion`
              = help: did you mean `version`?
              = help: `martlet --help` shows what it takes

            """))
  }

  @Test func `an error answers in JSON when the words ask for it`() throws {
    let run = try martlet("version", "--jso", "--json")
    #expect(run.exit == 2)
    #expect(
      run.talk == """
        {"error":{"exit":2,"attempt":"martlet version","reason":"there is no flag `--jso`",\
        "help":["did you mean `--json`?","`martlet version --help` shows what it takes"]}}

        """)
  }

  @Test func `no command at all is wrong usage and shows what there is`() throws {
    let run = try martlet()
    #expect(run.exit == 2)
    #expect(run.output.isEmpty)
    #expect(run.talk.contains("\n  version "))
  }

  @Test func `help is an answer`() throws {
    let run = try martlet("--help")
    #expect(run.exit == 0)
    #expect(run.talk.isEmpty)
    #expect(try martlet("help") == run)
  }

  @Test func `an answer that cannot be written is a failure`() throws {
    let run = try martlet("version", output: "/dev/full")
    #expect(run.exit == 3)
    #expect(run.talk == "error: writing to standard output: No space left on device\n")
    #expect(try martlet("--help", output: "/dev/full") == run)
  }

  @Test func `colour is for whoever asks for it`() throws {
    #expect(try !martlet("doctor").output.contains("\u{1B}"))
    #expect(try martlet("doctor", "--color", "always").output.contains("\u{1B}[1m"))
  }

  @Test func `a reader that has seen enough ends the answer quietly`() throws {
    let script = """
      /usr/bin/mkfifo "$1/pipe"
      exec 3<>"$1/pipe" 4>"$1/pipe" 3>&-  # an end to write to, and nobody who reads
      "$0" version >&4
      echo $?
      """
    let folder = try temporaryFolder()
    defer {
      unlink("\(folder)/pipe")
      rmdir(folder)
    }
    let run = try RunningProgram("bash", ["-c", script, builtFolder() + "/martlet", folder]).end()
    #expect(run == ProgramRun(exit: 0, output: "0\n", talk: ""))
  }

  @Test func `the reference page is the one that the commands write`() throws {
    let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    #expect(
      try text(ofFile: "/\(top)/docs/command-line.md") == ReferencePage(.martlet).text,
      "swift run martlet reference > docs/command-line.md")
  }
}
