// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that nothing here reaches whoever depends on Martlet. Built into the root
// package's scratch path (`scripts/bench` does) it shares every module already compiled there.

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let package = Package(
  name: "martlet-benchmarks",
  dependencies: [.package(name: "martlet", path: "..")],
  targets: [
    // The same loops in C, the yardstick.
    .target(name: "CBaselines", cSettings: [.unsafeFlags(["-O3"])]),

    // How a workload is run, timed and judged. Knows nothing of Martlet.
    .target(name: "Racing", dependencies: ["CBaselines"], swiftSettings: house),

    // What is measured.
    .target(
      name: "Workloads",
      dependencies: ["Racing", "CBaselines", .product(name: "Martlet", package: "martlet")],
      swiftSettings: house),

    .executableTarget(name: "bench", dependencies: ["Racing", "Workloads"], swiftSettings: house),
    .testTarget(
      name: "WorkloadTests", dependencies: ["Racing", "Workloads"], swiftSettings: house),
  ]
)
