// swift-tools-version: 6.3
import PackageDescription

// A package of its own: everything in it and below it is built with the fuzzer's and the address
// sanitizer's instrumentation (`scripts/fuzz` does), which nothing else wants.

let package = Package(
  name: "martlet-fuzz",
  dependencies: [.package(name: "martlet", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        .product(name: "Martlet", package: "martlet"),
        .product(name: "MartletServing", package: "martlet"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
      ])
  ]
)
