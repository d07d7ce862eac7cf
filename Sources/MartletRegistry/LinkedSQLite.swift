import CSQLite
public import MartletDiagnostics

extension LinkedLibrary {
  /// The SQLite that keeps the registry.
  public static var sqlite: LinkedLibrary {
    let version: UnsafePointer<CChar>? = sqlite3_libversion()
    return LinkedLibrary(
      "SQLite", fileStem: "libsqlite3", version: version.map { String(cString: $0) },
      traits: [sqlite3_threadsafe() == 0 ? "single-threaded" : "thread-safe"])
  }
}
