/// What a page shows of a shell: commands behind `$`, and below each what it says.
///
/// A line behind `>` goes on with the command before it. A line `…` stands for any lines, and `…` in a
/// line for any words.
struct PageSession {
  /// A command and what the page says that it says.
  struct Step {
    var command: String
    /// The lines' places in the page.
    var said: Range<Int>
  }

  /// Where it begins: `nothing` is an empty folder, `sample` the sample project, materialized.
  var beginning: String
  var steps: [Step]

  /// The sessions of a page: its blocks of the kind `console`, each going on where the one before ended,
  /// unless a comment has it begin anew.
  static func all(in page: MarkdownPage) -> [PageSession] {
    var sessions: [PageSession] = []
    for block in page.blocks where block.kind == "console" {
      if sessions.isEmpty || block.beginning != nil {
        sessions.append(PageSession(beginning: block.beginning ?? "nothing", steps: []))
      }
      for place in block.lines {
        let line = page.lines[place]
        let last = sessions[sessions.count - 1].steps.indices.last
        if line.hasPrefix("$ ") {
          let step = Step(command: String(line.dropFirst(2)), said: place + 1..<place + 1)
          sessions[sessions.count - 1].steps.append(step)
        } else if let last, line == ">" || line.hasPrefix("> "),
          sessions[sessions.count - 1].steps[last].said.isEmpty
        {
          sessions[sessions.count - 1].steps[last].command += "\n" + line.dropFirst(2)
          sessions[sessions.count - 1].steps[last].said = place + 1..<place + 1
        } else if let last {
          let first = sessions[sessions.count - 1].steps[last].said.lowerBound
          sessions[sessions.count - 1].steps[last].said = first..<place + 1
        }
      }
    }
    return sessions
  }

  /// Runs the steps in one shell, in a new folder, and gives what each said. A step whose program this
  /// machine lacks is `nil`.
  func run(port: UInt16) throws -> [[String]?] {
    let folder = try temporaryFolder()
    defer { _ = try? RunningProgram("/usr/bin/rm", ["-r", folder]).end() }
    var script = """
      exec 2>&1
      export HOME=$1 PATH=$2:/usr/bin:/bin:/usr/sbin:/sbin
      cd "$1"

      """
    if beginning == "sample" {
      script += """
        { martlet init demo; cd demo; martlet apply --yes; martlet materialize; } >/dev/null

        """
    }
    for step in steps {
      script += "echo '\(Self.mark)'\n"
      guard Self.lacking(step.command) == nil else { continue }
      script +=
        step.command.replacing("8080", with: "\(port)")
        .replacing("martlet serve", with: "martlet serve --listen 127.0.0.1:\(port)") + "\n"
      if step.command.hasPrefix("martlet serve"), step.command.hasSuffix("&") {
        script += """
          for turn in {1..300}; do
            if (exec 3<>/dev/tcp/127.0.0.1/\(port)) 2>/dev/null; then break; fi
            sleep 0.1
          done
          sleep 0.2

          """
      }
    }
    script += "echo '\(Self.mark)'\nkill $(jobs -p) 2>/dev/null\nwait\n"
    let run = try RunningProgram("bash", ["-c", script, "session", folder, builtFolder()]).end()
    let said = run.output.replacing(folder, with: "/srv").replacing("\(port)", with: "8080")
    let parts = said.split(separator: "\(Self.mark)\n", omittingEmptySubsequences: false)
      .dropFirst()
    return zip(steps, parts).map { step, part in
      guard Self.lacking(step.command) == nil else { return nil }
      return part.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        .dropLast(part.hasSuffix("\n") || part.isEmpty ? 1 : 0)
    }
  }

  /// A line that no program says.
  private static let mark = "-- 8< -- the next step -- 8< --"

  /// The first program of a command that is not everywhere and not here.
  private static func lacking(_ command: String) -> String? {
    ["curl", "sqlite3", "promtool", "python3"].first { program in
      command.split { !$0.isLetter && !$0.isNumber }.contains { $0 == program }
        && !isInstalled(program)
    }
  }
}
