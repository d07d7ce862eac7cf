import MartletColumns
import MartletDiagnostics

@testable import MartletServing

/// Any bytes are a question or pushed rows, or are refused, by every shape that there is.
func fuzzQuestion(_ bytes: [UInt8]) {
  let fields = [
    Field("a", .int), Field("b", .double), Field("c", .string), Field("d", .time),
    Field("e", .bytes), Field("f", .list(.list(.bool))), Field("g", .vector(width: 2)),
  ]
  let service = ServedService(name: "s", keys: Array(fields.prefix(3)), given: fields, outputs: [])
  guard let schema = Schema(fields) else { return }
  bytes.withUnsafeBytes { bytes in
    for shape in [QuestionBody.Shape.martlet, .explanation, .feast] {
      // Most bytes are refused, which is their right.
      guard let body = try? QuestionBody(bytes, shape) else { continue }
      let question = try? body.question(
        to: service, at: Instant(microseconds: 0), rowLimit: 100,
        entitiesHoldGiven: shape == .feast)
      guard let question else { continue }
      for column in question.keys + question.given { checkWritten(column) }
    }
    for rows in [try? PushBody.lines(bytes, schema), try? PushBody.array(bytes, schema)] {
      for column in rows?.columns ?? [] { checkWritten(column) }
    }
    _ = try? PushBody.feast(bytes) { _ in (PushedSource(name: "kinds"), schema) }
  }
}

/// What was read can be written, and reads back the same.
private func checkWritten(_ column: Column) {
  var queue = ByteQueue()
  queue.append("[")
  queue.append(values: column)
  queue.append("]")
  var reader = JSONReader(queue.unsafeBytes)
  guard let again = try? Column(reading: &reader, as: column.type, at: "") else {
    preconditionFailure("what was written cannot be read")
  }
  var second = ByteQueue()
  second.append("[")
  second.append(values: again)
  second.append("]")
  precondition(queue.unsafeBytes.elementsEqual(second.unsafeBytes), "written, it reads otherwise")
}
