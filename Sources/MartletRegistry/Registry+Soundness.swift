extension Registry {
  /// What SQLite finds wrong with the registry's file, and which rows name others that are not there.
  ///
  /// Not every damage is found so: a bit that tipped within a value leaves the file well formed.
  public func faults() throws(RegistryError) -> [String] {
    let attempt = "checking the registry"
    var faults: [String] = []
    try connection.rows("PRAGMA integrity_check", attempting: attempt) {
      (row) throws(RegistryError) in
      if row.text(0) != "ok" { faults.append(row.text(0)) }
    }
    try connection.rows("PRAGMA foreign_key_check", attempting: attempt) {
      (row) throws(RegistryError) in
      faults.append("a row of `\(row.text(0))` names one of `\(row.text(2))` that is not there")
    }
    return faults
  }
}
