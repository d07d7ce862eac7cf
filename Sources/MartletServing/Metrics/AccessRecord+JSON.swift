import MartletDiagnostics

extension AccessRecord {
  /// The record on a line.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("at", .string("\(at)")), .init("route", .string(route)),
      .init("caller", .string(caller)), .init("status", .count(status)),
    ]
    if let code { members.append(.init("code", .string(code))) }
    members += [
      .init("microseconds", .int(Int64(clamping: microseconds))),
      .init("bytes", .count(bodyBytes)),
    ]
    return .object(members)
  }
}
