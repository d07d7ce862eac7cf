import Glibc

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ argumentCount: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// `fuzz TARGET [libFuzzer's arguments…]`, or `fuzz page-seeds FOLDER FILE…` to take the pages of
/// Parquet files apart into inputs.
@main
enum Fuzz {
  static func main() throws {
    if CommandLine.argc > 2, CommandLine.arguments[1] == "page-seeds" {
      return try writePageSeeds(
        to: CommandLine.arguments[2], of: CommandLine.arguments.dropFirst(3))
    }
    guard CommandLine.argc > 1, let target = targets[CommandLine.arguments[1]] else {
      print("fuzz: give one of \(targets.keys.sorted().joined(separator: ", "))")
      exit(2)
    }
    // libFuzzer takes the target's name for the program's.
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv + 1
    exit(runDriver(&count, &arguments, target))
  }
}

private func writePageSeeds(to folder: String, of paths: some Sequence<String>) throws {
  var written = 0
  for path in paths {
    for seed in try PageSeed.all(in: contents(of: path)) {
      guard let file = fopen("\(folder)/\(written)", "wb") else { continue }
      fwrite(seed, 1, seed.count, file)
      fclose(file)
      written += 1
    }
  }
}

private func contents(of path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  var bytes = [UInt8](repeating: 0, count: ftell(file))
  rewind(file)
  let count = fread(&bytes, 1, bytes.count, file)
  return Array(bytes[..<count])
}
