public import MartletDiagnostics

/// All files of a project, read and checked together.
public struct Program: Sendable {
  public var files: TextFiles
  public var trees: [SyntaxTree]
  public var definitions: Definitions
  public var names: NameIndex
}

/// Compiles `files` as far as they can be, keeping every finding on the way. Zones are those that
/// `zones` knows, and `settings` go before what the files say of the project.
public func compile(
  _ files: TextFiles, knowing zones: ZoneNames = .unchecked,
  overriding settings: ProjectSettings = ProjectSettings()
) -> Checked<Program> {
  var findings: [Diagnostic] = []
  var trees: [SyntaxTree] = []
  for (number, file) in files.enumerated() {
    let tree = parse(file, number: UInt32(number))
    findings += tree.findings.prefix(
      Checker.findingLimit - min(findings.count, Checker.findingLimit))
    trees.append(tree.value)
  }
  var checker = Checker(
    files: files, brokenFiles: Set(findings.compactMap { $0.primary?.range.file }), zones: zones)
  checker.definitions.project = settings
  checker.check(trees)
  let program = Program(
    files: files, trees: trees, definitions: checker.definitions, names: checker.index)
  return Checked(program, findings: (findings + checker.findings).inFileOrder())
}
