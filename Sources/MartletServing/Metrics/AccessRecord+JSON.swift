import MartletDiagnostics

extension AccessRecord {
  /// The record on a line.
  var json: JSON {
    [
      "route": .string(route), "caller": .string(caller), "status": .count(status),
      "microseconds": .int(Int64(clamping: microseconds)), "bytes": .count(bodyBytes),
    ]
  }
}
