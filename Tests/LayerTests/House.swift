/// The rooms and who may import whom, as STYLE's "Layers point one way" draws them.
///
/// `Package.swift` says the same by its targets; it is written here a second time on purpose, so that
/// an arrow cannot be turned round in one place alone.
struct House {
  var rooms: [Room]

  func room(_ name: String) -> Room? { rooms.first { $0.name == name } }

  static let martlet = House(rooms: [
    Room(0, "MartletColumns", also: ["CCrypto", "CPages"]),
    Room(0, "MartletDiagnostics"),

    Room(1, "MartletLanguage"),
    Room(1, "MartletAggregates"),
    Room(1, "MartletParquet", also: ["CZstd", "CSnappy", "CZlib", "CLZ4", "CBrotli"]),

    Room(2, "MartletPlan"),
    Room(3, "MartletEngine"),

    Room(4, "MartletSources", also: ["Glibc", "CZstd", "CZlib", "CSQLite"]),
    Room(4, "MartletOffline", also: ["Glibc"]),
    Room(4, "MartletOnline", also: ["Glibc", "CRocksDB"]),
    Room(4, "MartletRegistry", also: ["Glibc", "CSQLite"]),

    Room(5, "Martlet", also: ["Glibc"]),

    Room(6, "MartletServing", also: ["Glibc", "CEpoll"]),
    Room(6, "MartletPipelines", also: ["Glibc"]),

    Room(7, "MartletCommand", also: ["Glibc"]),
    Room(7, "MartletC", also: ["Glibc", "CMartlet"]),
  ])
}

/// One module of ours.
struct Room {
  var row: Int
  var name: String

  /// What it may import that is not ours: rows 0 to 3 open no file and read no clock, so they have no
  /// `Glibc`; a C library belongs to the one room that wraps it; Foundation belongs to none.
  var outsiders: Set<String>

  init(_ row: Int, _ name: String, also outsiders: Set<String> = []) {
    self.row = row
    self.name = name
    self.outsiders = outsiders.union(["Swift", "Synchronization"])
  }
}

extension House {
  /// What is wrong with the imports of a file of `room`, one sentence each.
  func findings(in file: String, of room: Room) -> [String] {
    ImportLine.all(in: file).compactMap { line in
      if let other = self.room(line.module) {
        if other.row < room.row { return nil }
        let way = other.row == room.row ? "sideways" : "up"
        return "line \(line.number): \(room.name) imports \(way): \(other.name)"
      }
      if room.outsiders.contains(line.module) { return nil }
      return "line \(line.number): \(room.name) may not import \(line.module)"
    }
  }
}
