// swift-tools-version: 6.3
import PackageDescription

// The modules, row by row: an import goes down, never sideways or up. `LayerTests` holds every
// `import` line of the sources against the same rows, written there a second time.

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
  .define("MARTLET_CHECKS", .when(configuration: .debug)),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let row0 = ["MartletColumns", "MartletDiagnostics"]
let row1 = ["MartletLanguage", "MartletAggregates", "MartletParquet"]
let row2 = ["MartletPlan"]
let row3 = ["MartletEngine"]
let row4 = ["MartletSources", "MartletOffline", "MartletOnline", "MartletRegistry"]
let row5 = ["Martlet"]
let row6 = ["MartletServing", "MartletPipelines"]

func room(_ name: String, above lower: [String], linking libraries: [String] = []) -> Target {
  .target(
    name: name,
    dependencies: (lower + libraries).map { .byName(name: $0) },
    swiftSettings: house)
}

func tests(
  of name: String, also others: [String] = [], beside pages: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: ([name] + others).map { .byName(name: $0) },
    exclude: pages,
    swiftSettings: house)
}

let package = Package(
  name: "martlet",
  products: [
    .executable(name: "martlet", targets: ["MartletCommand"]),
    .library(name: "Martlet", targets: ["Martlet"]),
    .library(name: "MartletServing", targets: ["MartletServing"]),
    // `scripts/libmartlet` links it into the library that C sees.
    .library(name: "MartletC", type: .static, targets: ["MartletC"]),
  ],
  targets: [
    // What Debian packages better than we could write.
    .systemLibrary(
      name: "CRocksDB", pkgConfig: "rocksdb", providers: [.apt(["librocksdb-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CPages"),
    // What C sees of us; `MartletC` does what it declares.
    .systemLibrary(name: "CMartlet"),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CBrotli", pkgConfig: "libbrotlienc", providers: [.apt(["libbrotli-dev"])]),

    // 0: vocabulary
    room("MartletColumns", above: [], linking: ["CCrypto", "CPages"]),
    room("MartletDiagnostics", above: []),

    // 1: meaning and bytes
    room("MartletLanguage", above: row0),
    room("MartletAggregates", above: row0),
    room(
      "MartletParquet", above: row0,
      linking: ["CZstd", "CSnappy", "CZlib", "CLZ4", "CBrotli"]),

    // 2: what will run, as a value
    room("MartletPlan", above: row0 + row1),

    // 3: operators over batches
    room("MartletEngine", above: row0 + row1 + row2),

    // 4: inputs, files, RocksDB, SQLite
    room(
      "MartletSources", above: row0 + row1 + row2 + row3,
      linking: ["CZstd", "CZlib", "CSQLite"]),
    room("MartletOffline", above: row0 + row1 + row2 + row3),
    room("MartletOnline", above: row0 + row1 + row2 + row3, linking: ["CRocksDB"]),
    room("MartletRegistry", above: row0 + row1 + row2 + row3, linking: ["CSQLite"]),

    // 5: an open project
    room("Martlet", above: row0 + row1 + row2 + row3 + row4),

    // 6: HTTP; schedules
    room("MartletServing", above: row0 + row1 + row2 + row3 + row4 + row5, linking: ["CEpoll"]),
    room("MartletPipelines", above: row0 + row1 + row2 + row3 + row4 + row5),

    // 7: the program; the C interface
    .executableTarget(
      name: "MartletCommand",
      dependencies: (row0 + row1 + row2 + row3 + row4 + row5 + row6).map { .byName(name: $0) },
      swiftSettings: house),
    room(
      "MartletC", above: row0 + row1 + row2 + row3 + row4 + row5 + row6, linking: ["CMartlet"]),

    // The slowest honest version of what the rooms above do cleverly. It imports none of them.
    .target(name: "MartletReference", path: "Tests/MartletReference", swiftSettings: house),

    // What is drawn at random in tests, the same for the same seed.
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: house),

    // A store that needs no disk, and a server of it: for tests, clients' tests and measuring.
    .target(
      name: "ServedExample",
      dependencies: [
        "MartletAggregates", "MartletColumns", "MartletDiagnostics", "MartletOnline",
        "MartletServing",
      ],
      path: "Tests/ServedExample", swiftSettings: house),
    .executableTarget(
      name: "serve-example", dependencies: ["MartletServing", "ServedExample"],
      path: "Tests/ServeExample", swiftSettings: house),

    // A caller of servers, for tests.
    .target(name: "HTTPCaller", path: "Tests/HTTPCaller", swiftSettings: house),

    tests(of: "MartletColumns", also: ["SeededRandom"], beside: ["Zones"]),
    tests(of: "MartletDiagnostics", also: ["SeededRandom"]),
    tests(of: "MartletLanguage", also: ["SeededRandom"]),
    tests(
      of: "MartletAggregates", also: ["MartletColumns", "MartletReference", "SeededRandom"],
      beside: ["MUTANTS.md"]),
    tests(
      of: "MartletParquet", also: ["CZlib", "MartletColumns"], beside: ["Fixtures", "MUTANTS.md"]),
    tests(
      of: "MartletPlan",
      also: ["MartletAggregates", "MartletColumns", "MartletDiagnostics", "MartletLanguage"],
      beside: ["Goldens"]),
    tests(
      of: "MartletEngine",
      also: [
        "MartletAggregates", "MartletColumns", "MartletDiagnostics", "MartletLanguage",
        "MartletPlan", "MartletReference", "SeededRandom",
      ],
      beside: ["Calculating/distances.txt", "Calculating/elementary.txt", "MUTANTS.md"]),
    tests(
      of: "MartletOffline",
      also: [
        "MartletColumns", "MartletDiagnostics", "MartletEngine", "MartletLanguage", "MartletPlan",
      ]),
    tests(
      of: "MartletOnline",
      also: [
        "MartletColumns", "MartletDiagnostics", "MartletEngine", "MartletLanguage", "MartletPlan",
        "SeededRandom",
      ],
      beside: ["MUTANTS.md"]),
    tests(
      of: "MartletSources",
      also: ["CSQLite", "CZlib", "CZstd", "MartletColumns", "MartletParquet", "SeededRandom"],
      beside: ["Fixtures"]),
    tests(
      of: "MartletRegistry",
      also: [
        "CSQLite", "MartletColumns", "MartletDiagnostics", "MartletLanguage", "SeededRandom",
      ]),
    tests(
      of: "Martlet",
      also: [
        "MartletAggregates", "MartletColumns", "MartletDiagnostics", "MartletEngine",
        "MartletLanguage", "MartletPlan", "MartletRegistry",
      ]),
    tests(
      of: "MartletCommand",
      also: [
        "HTTPCaller", "Martlet", "MartletColumns", "MartletDiagnostics", "MartletOffline",
        "MartletParquet", "SeededRandom",
      ],
      beside: ["Goldens"]),
    tests(
      of: "MartletServing",
      also: [
        "Martlet", "MartletAggregates", "MartletColumns", "MartletDiagnostics", "MartletLanguage",
        "MartletOnline", "MartletPlan", "ServedExample", "HTTPCaller",
      ]),
    tests(of: "MartletC", also: ["CMartlet", "MartletAggregates", "MartletColumns"]),
    tests(
      of: "MartletPipelines",
      also: [
        "CSQLite", "MartletColumns", "MartletDiagnostics", "MartletLanguage", "MartletRegistry",
        "SeededRandom",
      ],
      beside: ["Schedules/ticks.py", "Schedules/ticks.txt"]),
    .testTarget(name: "LayerTests", swiftSettings: house),
  ]
)
