// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "lookup",
  dependencies: [.package(name: "martlet", path: "../../..")],
  targets: [
    .executableTarget(
      name: "lookup", dependencies: [.product(name: "MartletServing", package: "martlet")])
  ])
